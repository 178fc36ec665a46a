namespace Engine.Configuration;

/// <summary>What happens to mail whose time has come.</summary>
internal enum DeliveryMode : byte
{
    Send,

    /// <summary>It waits, held.</summary>
    Hold,

    /// <summary>It counts as delivered without a connection; events say so. For tests of what feeds the engine.</summary>
    Discard,
}
