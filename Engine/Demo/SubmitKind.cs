namespace Engine.Demo;

/// <summary>Kinds of end of a submission.</summary>
internal enum SubmitKind : byte
{
    /// <summary>250.</summary>
    Accepted,

    /// <summary>5xx.</summary>
    Refused,

    /// <summary>4xx: to be tried again.</summary>
    TryLater,

    /// <summary>The connection broke before all content was sent: surely not taken.</summary>
    Broken,

    /// <summary>The connection broke after the content: taken or not, nobody knows.</summary>
    Unknown,
}
