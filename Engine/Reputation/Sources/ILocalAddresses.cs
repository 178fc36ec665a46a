using System.Net;

namespace Engine.Reputation.Sources;

/// <summary>The addresses of this host. Tests have their own.</summary>
internal interface ILocalAddresses
{
    /// <summary>How it stands with these addresses now: Present, Missing or InterfaceDown for each.</summary>
    /// <exception cref="IOException">The system does not say; nothing is known.</exception>
    IReadOnlyDictionary<IPAddress, AddressPresence> Read(IReadOnlyCollection<IPAddress> wanted);
}
