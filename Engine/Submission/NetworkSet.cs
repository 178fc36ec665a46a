using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Engine.Submission;

/// <summary>Networks as CIDR, <c>10.0.0.0/8</c> or a single address. Immutable.</summary>
internal sealed class NetworkSet
{
    public static readonly NetworkSet Loopback = new(["127.0.0.0/8", "::1/128"]);

    private readonly IPNetwork[] _networks;

    /// <param name="texts">What cannot be read is a finding of Configuration, and matches nothing here.</param>
    public NetworkSet(IReadOnlyList<string> texts)
    {
        _networks = [.. texts.Select(Read).OfType<IPNetwork>()];
        IsAny = texts.Count == 0;
    }

    /// <summary>Nothing was configured: every address is in it.</summary>
    public bool IsAny { get; }

    /// <summary>IPv4 that came through an IPv6 socket counts as IPv4.</summary>
    public bool Contains(IPAddress address)
    {
        if (IsAny)
        {
            return true;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    private static IPNetwork? Read(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return null;
        }

        var bits = address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            return null;
        }

        // IPNetwork refuses an address with bits behind the prefix; people write 10.1.2.3/8 and mean 10.0.0.0/8.
        var octets = address.GetAddressBytes();
        for (var at = 0; at < octets.Length; at++)
        {
            var kept = Math.Clamp(length - (at * 8), 0, 8);
            octets[at] &= (byte)(0xFF00 >> kept);
        }

        return new IPNetwork(new IPAddress(octets), length);
    }
}
