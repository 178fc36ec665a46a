namespace Engine.Wire;

/// <summary>Where an address to connect to comes from.</summary>
internal enum AddressOrigin : byte
{
    /// <summary>From DNS, or from a name in the configuration: only global addresses.</summary>
    Resolved,

    /// <summary>Written as a literal in <c>routes</c> or <c>relays</c>: allowed by being written there, unless it is a listener of our own.</summary>
    Written,
}
