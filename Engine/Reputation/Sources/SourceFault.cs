namespace Engine.Reputation.Sources;

/// <summary>What the system said to a connection from a source.</summary>
internal enum SourceFault : byte
{
    /// <summary>EADDRNOTAVAIL at bind: the address is not ours now.</summary>
    AddressNotAvailable,

    /// <summary>ENETUNREACH: no route from it; perhaps its interface has gone.</summary>
    NetworkUnreachable,
}
