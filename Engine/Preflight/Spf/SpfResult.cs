namespace Engine.Preflight.Spf;

/// <summary>What SPF says of an address. RFC 7208 §2.6.</summary>
internal enum SpfResult : byte
{
    None,
    Neutral,
    Pass,
    Fail,
    SoftFail,

    /// <summary>DNS gave no answer: ask again.</summary>
    TempError,

    /// <summary>The records cannot be understood, or cost too much.</summary>
    PermError,
}
