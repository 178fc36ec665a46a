using System.Net;
using System.Net.Sockets;
using Engine.Configuration;

namespace Engine.Delivery;

/// <summary>Which addresses of a host are tried, in which order. Key <c>delivery.addressFamily</c>.</summary>
internal static class AddressChoice
{
    public static IEnumerable<IPAddress> Order(IReadOnlyList<IPAddress> addresses, AddressFamilyChoice choice)
    {
        var first = choice is AddressFamilyChoice.Ipv6First or AddressFamilyChoice.Ipv6Only ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var only = choice is AddressFamilyChoice.Ipv4Only or AddressFamilyChoice.Ipv6Only;
        return addresses.Where(address => address.AddressFamily == first)
            .Concat(only ? [] : addresses.Where(address => address.AddressFamily != first));
    }
}
