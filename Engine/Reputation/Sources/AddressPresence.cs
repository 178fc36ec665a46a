namespace Engine.Reputation.Sources;

/// <summary>Whether a local address can be sent from.</summary>
internal enum AddressPresence : byte
{
    /// <summary>On this host, on an interface that is up. Also what is not looked for: the host's default address, or one behind a proxy.</summary>
    Present,

    /// <summary>On no interface of this host.</summary>
    Missing,

    /// <summary>On an interface that is down, or has no carrier.</summary>
    InterfaceDown,

    /// <summary>It is there, and yet the system refused it to a connection a moment ago: an IPv6 address still in duplicate detection, for one.</summary>
    Refused,
}
