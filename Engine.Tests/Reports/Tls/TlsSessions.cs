using System.Net;
using Engine.Mail;

namespace Engine.Tests.Reports.Tls;

/// <summary>Sessions for tests to count.</summary>
internal static class TlsSessions
{
    public static readonly IReadOnlyList<string> Policy = ["version: STSv1", "mode: enforce", "mx: *.example.com", "max_age: 604800"];

    public static readonly IReadOnlyList<string> Hosts = ["*.example.com"];

    private static readonly IPAddress Sender = IPAddress.Parse("192.0.2.1");

    public static TlsResult Good(string domain) => new(DomainName.Parse(domain), TlsPolicyKind.Sts, TlsFailure.None) { PolicyLines = Policy, PolicyHosts = Hosts };

    public static TlsResult Bad(string domain, TlsFailure failure, int server = 1, string reason = "expired on 2026-11-01") => Good(domain) with
    {
        Failure = failure,
        SendingAddress = Sender,
        ReceivingAddress = new IPAddress([198, 51, 100, (byte)server]),
        Mx = "mx1.example.com",
        Helo = "mx1.example.com",
        Reason = reason,
    };
}
