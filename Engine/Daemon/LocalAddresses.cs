using System.Net;
using System.Net.NetworkInformation;

namespace Engine.Daemon;

/// <summary>The addresses of this host, as its interfaces have them now.</summary>
internal static class LocalAddresses
{
    public static IReadOnlyList<IPAddress> All() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(face => face.GetIPProperties().UnicastAddresses).Select(address => address.Address)];
}
