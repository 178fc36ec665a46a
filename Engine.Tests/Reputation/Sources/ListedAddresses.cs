using System.Net;
using Engine.Reputation.Sources;

namespace Engine.Tests.Reputation.Sources;

/// <summary>A host whose addresses are what a test says.</summary>
internal sealed class ListedAddresses : ILocalAddresses
{
    public Dictionary<IPAddress, AddressPresence> Here { get; } = [];

    public bool IsSilent { get; set; }

    public int Reads { get; private set; }

    public IReadOnlyDictionary<IPAddress, AddressPresence> Read(IReadOnlyCollection<IPAddress> wanted)
    {
        Reads++;
        return IsSilent
            ? throw new IOException("getifaddrs: Too many open files")
            : wanted.ToDictionary(address => address, address => Here.GetValueOrDefault(address, AddressPresence.Missing));
    }
}
