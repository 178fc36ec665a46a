using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Engine.Mail;

namespace Engine.Dns;

/// <summary>The name under which an address is looked up backwards. RFC 1035 §3.5, RFC 3596 §2.5.</summary>
internal static class ReverseName
{
    /// <summary>Under in-addr.arpa or ip6.arpa.</summary>
    public static DomainName Of(IPAddress address) => DomainName.Parse(Text(address) + (IsFour(address) ? "in-addr.arpa" : "ip6.arpa"));

    /// <summary>The address backwards under a zone of lists, such as <c>2.0.0.127.zen.example</c>. RFC 5782 §2.</summary>
    public static DomainName Under(IPAddress address, DomainName zone) => DomainName.Parse(Text(address) + zone.Name);

    private static bool IsFour(IPAddress address) => address.AddressFamily is AddressFamily.InterNetwork;

    // Ends with a dot.
    private static string Text(IPAddress address)
    {
        var text = new StringBuilder();
        var octets = address.GetAddressBytes();
        for (var at = octets.Length - 1; at >= 0; at--)
        {
            _ = IsFour(address)
                ? text.Append(CultureInfo.InvariantCulture, $"{octets[at]}.")
                : text.Append(CultureInfo.InvariantCulture, $"{octets[at] & 0xF:x}.{octets[at] >> 4:x}.");
        }

        return text.ToString();
    }
}
