using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration.Binding;

/// <summary>Holds a text or a name against the form its key asks for.</summary>
internal static partial class TextForms
{
    /// <summary>Longest name of an account, pool, stream ….</summary>
    public const int MaxNameLength = 64;

    /// <summary>Null when the text has the form; else what is expected, and for a hash a whole sentence.</summary>
    public static string? Fault(TextForm form, string text) => form switch
    {
        TextForm.Free => null,
        TextForm.Path when text.Length == 0 || text.Contains('\0', StringComparison.Ordinal) =>
            "expected the path of a file or directory",
        TextForm.Domain when !DomainName.TryParse(text, out _) => "expected a domain name",
        TextForm.DomainPattern when !IsDomainPattern(text) =>
            "expected a domain name, \".\" and a domain name for its subdomains, or \"*\"",
        TextForm.Selector when !DomainName.TryParse(text, out _) => "expected a selector: letters, digits and hyphens",
        TextForm.Address when !AddressText.TryParseAddress(text, out var address) || !IsUnicast(address) =>
            "expected an IP address of one host",
        TextForm.Endpoint when !AddressText.TryParseEndpoint(text, out _) =>
            "expected an address and port such as \"127.0.0.1:587\" or \"[::1]:587\"",
        TextForm.Server when !AddressText.TryParseEndpoint(text, out var server) || server.Port == 0 =>
            "expected an address and port such as \"127.0.0.1:53\" or \"[::1]:53\"",
        TextForm.Network when !AddressText.TryParseNetwork(text, out _) =>
            "expected a network such as \"10.0.0.0/8\" or \"2001:db8::/32\", with no bit set behind the prefix",
        TextForm.Host when !AddressText.TryParseHost(text, out _) =>
            "expected a host such as \"relay.example.net\", \"10.0.0.9:25\" or \"[2001:db8::1]:25\"",
        TextForm.Proxy when !AddressText.TryParseProxy(text, out _) =>
            "expected a proxy such as \"haproxy2://10.0.0.5:5000\" or \"haproxy2://[2001:db8::5]:5000\"",
        TextForm.Fallback when !PoolFallback.TryParse(text, out _) =>
            "expected \"wait\", \"pool:NAME\" or \"relay:NAME\"",
        TextForm.Mailbox when !Mailbox.TryParse(Encoding.UTF8.GetBytes(text), allowUtf8: true, out _) =>
            "expected an address such as \"ops@example.com\"",
        TextForm.PasswordHash when !PasswordHash.TryParse(text, out _, out var error) => error,
        _ => null,
    };

    /// <summary>The name as it is bound; null when it does not have the form.</summary>
    public static string? Name(KeyForm form, string text) => form switch
    {
        KeyForm.Domain when text == "*" => text,
        KeyForm.Domain => DomainName.TryParse(text, out var domain) ? domain.Name : null,
        KeyForm.NamePath => text.Split('/').All(IsName) ? text : null,
        _ => IsName(text) ? text : null,
    };

    public static string Expected(KeyForm form) => form switch
    {
        KeyForm.Domain => "a domain name or \"*\"",
        KeyForm.NamePath => "names joined by \"/\", of letters, digits, \"-\", \"_\" and \".\"",
        _ => "a name of at most 64 letters, digits, \"-\", \"_\" and \".\", the first a letter or digit",
    };

    private static bool IsName(string text) => text.Length <= MaxNameLength && NamePattern().IsMatch(text);

    private static bool IsDomainPattern(string text) =>
        text == "*" || DomainName.TryParse(text.StartsWith('.') ? text[1..] : text, out _);

    private static bool IsUnicast(IPAddress address) =>
        !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast)
        && !address.IsIPv6Multicast && address.GetAddressBytes() is not [>= 224 and <= 239, _, _, _];

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
