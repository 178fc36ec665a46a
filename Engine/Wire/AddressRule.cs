using System.Net;
using System.Net.Sockets;

namespace Engine.Wire;

/// <summary>Which addresses may be connected to: global unicast ones, those the operator adds, and never a listener of our own.</summary>
/// <remarks>
/// A domain's owner decides what its MX points to; without this rule that would be a way into the operator's network.
/// After the IANA special-purpose registries (RFC 6890 and successors, read 2026-11) and the multicast registries. Immutable.
/// </remarks>
/// <param name="allowed">Networks added by <c>delivery.allowAddresses</c>.</param>
/// <param name="listeners">Endpoints we listen on; a wildcard stands for loopback and <paramref name="hostAddresses"/>.</param>
/// <param name="hostAddresses">Addresses of this host, for wildcard listeners.</param>
internal sealed class AddressRule(IEnumerable<IPNetwork> allowed, IEnumerable<IPEndPoint> listeners, IEnumerable<IPAddress> hostAddresses)
{
    // Not globally reachable. What the registry exempts within a block stands in Exempt.
    private static readonly IPNetwork[] Special =
    [
        .. Parse("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24"),
        .. Parse("192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"),
        .. Parse("2001::/23 2001:db8::/32 3fff::/20"),
    ];

    private static readonly IPNetwork[] Exempt =
    [
        .. Parse("192.0.0.9/32 192.0.0.10/32"),
        .. Parse("2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:3::/32 2001:4:112::/48 2001:20::/28 2001:30::/28"),
    ];

    // All of IPv6 that IANA has given out for unicast. Loopback, mapped, ULA, link-local, site-local, discard, SRv6 and multicast lie outside.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    private readonly IPNetwork[] _allowed = [.. allowed];

    private readonly IPEndPoint[] _listeners = [.. listeners];

    private readonly HashSet<IPAddress> _hostAddresses = [.. hostAddresses];

    /// <summary>True when a registry calls the address globally reachable. An IPv4 address inside NAT64 or 6to4 counts as itself.</summary>
    public static bool IsGlobal(IPAddress address)
    {
        if (address.AddressFamily is AddressFamily.InterNetwork)
        {
            return !IsIn(Special, address) || IsIn(Exempt, address);
        }

        // A mapped address in DNS is somebody's trick: an A record says the same.
        if (address.IsIPv4MappedToIPv6)
        {
            return false;
        }

        if (Nat64.Contains(address))
        {
            return IsGlobal(Embedded(address, 12));
        }

        return GlobalUnicast.Contains(address)
            && address.ScopeId == 0
            && (!IsIn(Special, address) || IsIn(Exempt, address))
            && (!SixToFour.Contains(address) || IsGlobal(Embedded(address, 2)));
    }

    public bool Allows(IPEndPoint target, AddressOrigin origin) =>
        !IsListener(target) && (origin is AddressOrigin.Written || IsGlobal(target.Address) || IsAllowed(target.Address));

    private bool IsAllowed(IPAddress address) => !address.IsIPv4MappedToIPv6 && IsIn(_allowed, address);

    private static IPNetwork[] Parse(string networks) => [.. networks.Split(' ').Select(IPNetwork.Parse)];

    private static bool IsIn(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    private static IPAddress Embedded(IPAddress address, int start)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out _);
        return new IPAddress(octets.Slice(start, 4));
    }

    private bool IsListener(IPEndPoint target)
    {
        foreach (var listener in _listeners)
        {
            if (listener.Port == target.Port && (listener.Address.Equals(target.Address) || (IsWildcard(listener.Address) && IsOurs(target.Address))))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsOurs(IPAddress address) => IPAddress.IsLoopback(address) || IsWildcard(address) || _hostAddresses.Contains(address);

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
