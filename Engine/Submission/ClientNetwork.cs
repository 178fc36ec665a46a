using System.Net;
using System.Net.Sockets;

namespace Engine.Submission;

/// <summary>By what clients are told apart: an IPv4 address, or the /64 of an IPv6 one, which is what one host gets.</summary>
internal static class ClientNetwork
{
    public static IPAddress Of(IPAddress client)
    {
        if (client.IsIPv4MappedToIPv6)
        {
            return client.MapToIPv4();
        }

        if (client.AddressFamily is AddressFamily.InterNetwork)
        {
            return client;
        }

        var octets = client.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return new IPAddress(octets);
    }
}
