namespace Engine.Wire;

/// <summary>How a transfer ended. The network failing is ordinary, so it is data and not an exception.</summary>
internal enum WireFault : byte
{
    None,

    /// <summary>The peer closed its side.</summary>
    Closed,

    /// <summary>The time given was over.</summary>
    TimedOut,

    /// <summary>Reset, unreachable or another socket error.</summary>
    Reset,

    /// <summary>The handshake failed or a TLS record was bad.</summary>
    Tls,
}
