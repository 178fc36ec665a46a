namespace Engine.Wire;

/// <summary>Why no connection came about.</summary>
internal enum ConnectFault : byte
{
    None,

    /// <summary>The peer refused.</summary>
    Refused,

    /// <summary>The time was over.</summary>
    TimedOut,

    /// <summary>No route to the host or its network, or a reset on the way.</summary>
    Unreachable,

    /// <summary>The address may not be connected to: see <see cref="AddressRule"/>.</summary>
    Forbidden,

    /// <summary>Trouble of our own: the source address is not on this host, or not of the target's family.</summary>
    NoSource,

    /// <summary>Trouble of our own: descriptors, ports or memory are used up, or a firewall of this host says no.</summary>
    Exhausted,

    /// <summary>Trouble of our own: the proxy of the source was not reached, or did not take its header.</summary>
    Proxy,
}
