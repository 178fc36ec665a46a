namespace Engine.Configuration;

/// <summary>How TLS begins on a listener.</summary>
internal enum ListenerTls : byte
{
    Off,

    /// <summary>STARTTLS is offered, and asked for before AUTH unless the client is on loopback. RFC 3207.</summary>
    Starttls,

    /// <summary>From the first octet. RFC 8314.</summary>
    Implicit,
}
