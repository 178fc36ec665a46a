using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Engine.Preflight.Spf;

/// <summary>What macro letters stand for. RFC 7208 §7.2.</summary>
/// <param name="Query">What is asked.</param>
/// <param name="Domain">The domain at hand: another than the query's inside an include.</param>
/// <param name="Name">Validated name of the address, for <c>p</c>.</param>
/// <param name="Now">For <c>t</c>.</param>
internal sealed record SpfLetters(SpfQuery Query, string Domain, string Name, DateTimeOffset Now)
{
    public string Of(char letter) => letter switch
    {
        's' => $"{Query.Local}@{Query.SenderDomain}",
        'l' => Query.Local,
        'o' => Query.SenderDomain,
        'd' => Domain,
        'i' => Dotted(Query.Address),
        'p' => Name,
        'h' => Query.Helo,
        'v' => Query.Address.AddressFamily is AddressFamily.InterNetwork ? "in-addr" : "ip6",
        'c' => Query.Address.ToString(),
        'r' => Query.Receiver,
        _ => Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    private static string Dotted(IPAddress address) => address.AddressFamily is AddressFamily.InterNetwork
        ? address.ToString()
        : string.Join('.', Convert.ToHexString(address.GetAddressBytes()).AsEnumerable());
}
