using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>
/// Reads addresses as engine.json writes them. Stricter than .NET's own parsers, which take <c>1</c> for 0.0.0.1 and <c>010.0.0.1</c> for
/// an octal: an IPv4 address is four decimal numbers.
/// </summary>
internal static class AddressText
{
    /// <summary><c>192.0.2.1</c>, <c>2001:db8::1</c>.</summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (address.AddressFamily is AddressFamily.InterNetworkV6 ? text[0] != '[' : IsDottedQuad(text));

    /// <summary><c>127.0.0.1:587</c>, <c>[::1]:587</c>. The port must stand there; 0 is a port.</summary>
    public static bool TryParseEndpoint(string text, [NotNullWhen(true)] out IPEndPoint? endpoint)
    {
        endpoint = Split(text, out var host, out var port) && port >= 0 && TryParseBracketed(text, host, out var address)
            ? new IPEndPoint(address, port)
            : null;
        return endpoint is not null;
    }

    /// <summary><c>haproxy2://10.0.0.5:5000</c>, <c>haproxy2://[2001:db8::5]:5000</c>; a port from 1 to 65535.</summary>
    public static bool TryParseProxy(string text, [NotNullWhen(true)] out IPEndPoint? proxy)
    {
        const string Scheme = "haproxy2://";
        proxy = null;
        return text.StartsWith(Scheme, StringComparison.Ordinal) && TryParseEndpoint(text[Scheme.Length..], out proxy) && proxy.Port > 0;
    }

    /// <summary><c>10.0.0.0/8</c>, <c>2001:db8::/32</c>; no bit set behind the prefix.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        return text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
            && TryParseAddress(text.AsSpan(0, slash), out var address)
            && TryParseNumber(text.AsSpan(slash + 1), 128, out var prefix)
            && IPNetwork.TryParse(text, out network)
            && network.BaseAddress.Equals(address)
            && network.PrefixLength == prefix;
    }

    /// <summary><c>relay.example.net</c>, <c>10.0.0.9:25</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]:25</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="host">The host; a name in its one form.</param>
    /// <param name="defaultPort">Port where none is written.</param>
    public static bool TryParseHost(string text, out HostPort host, int defaultPort = 25)
    {
        host = default;
        if (TryParseAddress(text, out var bare))
        {
            host = new HostPort(default, bare, defaultPort);
            return true;
        }

        if (!Split(text, out var name, out var port) || port == 0)
        {
            return false;
        }

        port = port < 0 ? defaultPort : port;
        if (TryParseBracketed(text, name, out var address))
        {
            host = new HostPort(default, address, port);
            return true;
        }

        // What ends in a number looks like an address but is none: a slip, not a name.
        var isName = DomainName.TryParse(name.ToString(), out var domain)
            && !text.StartsWith('[')
            && domain.Name.AsSpan(domain.Name.LastIndexOf('.') + 1).ContainsAnyExceptInRange('0', '9');
        host = isName ? new HostPort(domain, null, port) : default;
        return isName;
    }

    // The port is -1 where none is written. Brackets are taken off.
    private static bool Split(string text, out ReadOnlySpan<char> host, out int port)
    {
        host = text;
        port = -1;
        var bracketed = text.StartsWith('[');
        var end = text.IndexOf(bracketed ? ']' : ':', StringComparison.Ordinal);
        if (end < 0)
        {
            return !bracketed && text.Length > 0;
        }

        host = bracketed ? text.AsSpan(1, end - 1) : text.AsSpan(0, end);
        var rest = text.AsSpan(bracketed ? end + 1 : end);
        return rest.IsEmpty || (rest[0] == ':' && TryParseNumber(rest[1..], 65_535, out port));
    }

    // IPv6 in brackets, IPv4 without.
    private static bool TryParseBracketed(string text, ReadOnlySpan<char> host, [NotNullWhen(true)] out IPAddress? address) =>
        TryParseAddress(host, out address) && text.StartsWith('[') == (address.AddressFamily is AddressFamily.InterNetworkV6);

    private static bool TryParseNumber(ReadOnlySpan<char> text, int high, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= high && text.Length <= 5;

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9') || (part.Length > 1 && part[0] == '0'))
            {
                return false;
            }

            parts++;
        }

        return parts == 4;
    }
}
