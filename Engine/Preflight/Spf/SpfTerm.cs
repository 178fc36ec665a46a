using System.Net;

namespace Engine.Preflight.Spf;

/// <summary>One mechanism of a record.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Qualifier">The result where it matches.</param>
/// <param name="Text">As written.</param>
internal sealed record SpfTerm(SpfKind Kind, SpfResult Qualifier, string Text)
{
    /// <summary>Domain-spec with its macros; null for the domain at hand.</summary>
    public string? Domain { get; init; }

    /// <summary>Of <c>ip4</c> and <c>ip6</c>: the address, of which <see cref="Four"/> or <see cref="Six"/> bits count.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Bits of an IPv4 address that must be the same.</summary>
    public int Four { get; init; } = 32;

    /// <summary>Bits of an IPv6 address that must be the same.</summary>
    public int Six { get; init; } = 128;

    /// <summary>Whether it counts against the limit of ten. RFC 7208 §4.6.4.</summary>
    public bool AsksDns => Kind is SpfKind.Include or SpfKind.A or SpfKind.Mx or SpfKind.Ptr or SpfKind.Exists;

    /// <summary>Whether the first bits are the same.</summary>
    public bool Covers(IPAddress own, IPAddress other)
    {
        Span<byte> first = stackalloc byte[16];
        Span<byte> second = stackalloc byte[16];
        if (own.AddressFamily != other.AddressFamily || !own.TryWriteBytes(first, out var length) || !other.TryWriteBytes(second, out _))
        {
            return false;
        }

        var bits = length == 4 ? Four : Six;
        var (whole, rest) = (bits / 8, bits % 8);
        return first[..whole].SequenceEqual(second[..whole]) && (rest == 0 || (first[whole] ^ second[whole]) >> (8 - rest) == 0);
    }
}
