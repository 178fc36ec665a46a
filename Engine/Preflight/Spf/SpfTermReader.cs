using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Engine.Preflight.Spf;

/// <summary>Reads one mechanism. RFC 7208 §4.6.1, §5.</summary>
internal static class SpfTermReader
{
    public static bool TryRead(string text, [NotNullWhen(true)] out SpfTerm? term)
    {
        var (qualifier, start) = text[0] switch
        {
            '+' => (SpfResult.Pass, 1),
            '-' => (SpfResult.Fail, 1),
            '~' => (SpfResult.SoftFail, 1),
            '?' => (SpfResult.Neutral, 1),
            _ => (SpfResult.Pass, 0),
        };
        var end = text.AsSpan(start).IndexOfAny(':', '/') is >= 0 and var found ? start + found : text.Length;
        var argument = text[end..];
        term = text[start..end].ToLowerInvariant() switch
        {
            "all" when argument.Length == 0 => new SpfTerm(SpfKind.All, qualifier, text),
            "include" => WithDomain(new SpfTerm(SpfKind.Include, qualifier, text), argument, mayLack: false),
            "exists" => WithDomain(new SpfTerm(SpfKind.Exists, qualifier, text), argument, mayLack: false),
            "ptr" => WithDomain(new SpfTerm(SpfKind.Ptr, qualifier, text), argument, mayLack: true),
            "a" => WithLengths(new SpfTerm(SpfKind.A, qualifier, text), argument),
            "mx" => WithLengths(new SpfTerm(SpfKind.Mx, qualifier, text), argument),
            "ip4" => WithAddress(new SpfTerm(SpfKind.Ip4, qualifier, text), argument, AddressFamily.InterNetwork),
            "ip6" => WithAddress(new SpfTerm(SpfKind.Ip6, qualifier, text), argument, AddressFamily.InterNetworkV6),
            _ => null,
        };
        return term is not null;
    }

    private static SpfTerm? WithDomain(SpfTerm term, string argument, bool mayLack) =>
        argument.Length == 0 ? (mayLack ? term : null)
        : argument[0] == ':' && SpfMacro.IsDomain(argument[1..]) ? term with { Domain = argument[1..] }
        : null;

    // dual-cidr-length = [ "/" four ] [ "//" six ]
    private static SpfTerm? WithLengths(SpfTerm term, string argument)
    {
        if (argument.LastIndexOf("//", StringComparison.Ordinal) is >= 0 and var six && IsLength(argument[(six + 2)..], 128, out var sixBits))
        {
            (term, argument) = (term with { Six = sixBits }, argument[..six]);
        }

        if (argument.LastIndexOf('/') is >= 0 and var four && IsLength(argument[(four + 1)..], 32, out var fourBits))
        {
            (term, argument) = (term with { Four = fourBits }, argument[..four]);
        }

        return WithDomain(term, argument, mayLack: true);
    }

    private static SpfTerm? WithAddress(SpfTerm term, string argument, AddressFamily family)
    {
        if (argument.Length == 0 || argument[0] != ':')
        {
            return null;
        }

        var longest = family is AddressFamily.InterNetwork ? 32 : 128;
        var slash = argument.IndexOf('/', StringComparison.Ordinal);
        var bits = longest;
        if (slash >= 0 && !IsLength(argument[(slash + 1)..], longest, out bits))
        {
            return null;
        }

        var text = slash >= 0 ? argument[1..slash] : argument[1..];
        return IsPlain(text, family) && IPAddress.TryParse(text, out var address) && address.AddressFamily == family
            ? term with { Address = address, Four = family is AddressFamily.InterNetwork ? bits : 32, Six = family is AddressFamily.InterNetworkV6 ? bits : 128 }
            : null;
    }

    // The platform takes "1.2.3", "0x1.2.3.4" and scopes, too.
    private static bool IsPlain(string text, AddressFamily family) => family is AddressFamily.InterNetwork
        ? text.Split('.') is { Length: 4 } parts && parts.All(part => part.Length is >= 1 and <= 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0'))
        : text.All(sign => char.IsAsciiHexDigit(sign) || sign is ':' or '.');

    private static bool IsLength(string text, int most, out int bits)
    {
        bits = 0;
        return text.Length is >= 1 and <= 3
            && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits)
            && bits <= most;
    }
}
