using System.Net;

namespace Engine.Preflight.Spf;

/// <summary>May mail from this sender come from this address? The arguments of check_host(), RFC 7208 §4.1.</summary>
internal sealed record SpfQuery
{
    /// <param name="address">Where the mail comes from; an IPv4 address written as IPv6 is one of IPv4.</param>
    /// <param name="sender">MAIL FROM, or empty for the null path: then it is postmaster of the EHLO name. §2.4.</param>
    /// <param name="helo">The EHLO name.</param>
    public SpfQuery(IPAddress address, string sender, string helo)
    {
        Address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Helo = helo;
        var at = sender.LastIndexOf('@');
        SenderDomain = (sender.Length == 0 ? helo : sender[(at + 1)..]).TrimEnd('.');
        Local = at > 0 ? sender[..at] : "postmaster";
    }

    public IPAddress Address { get; }

    public string Helo { get; }

    public string SenderDomain { get; }

    public string Local { get; }

    /// <summary>Who asks, for explanations.</summary>
    public string Receiver { get; init; } = "unknown";
}
