using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Engine.Delivery.Dane;
using Engine.Delivery.Trust;
using Engine.Dns;
using Engine.Mail;
using Engine.Routing;
using Engine.Tests.Delivery.Dane;
using Engine.Tests.Delivery.Trust;

namespace Engine.Tests.Peers;

/// <summary>Postfix with a chain of three, a zone signed by ldns and served by NSD, and Unbound that validates: DANE from end to end.</summary>
[CancelAfter(120_000)]
[SupportedOSPlatform("linux")]
internal sealed partial class DanePostfixTests
{
    private static readonly TlsRequirement Authentic = new() { IsMxAuthentic = true };

    [Test]
    public async Task Hosts_are_held_to_their_records(CancellationToken stop)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Postfix starts as root only.");
        }

        using var root = Authority.Root();
        using var middle = root.Below();
        using var leaf = middle.Issue([$"mx211.{SignedZones.Signed}", $"mx311.{SignedZones.Signed}"]);
        using var other = middle.Issue(["other.example"]);
        await using var postfix = await PostfixPeer.StartAsync("smtpd_tls_security_level = may", stop, home => WriteChain(home, leaf, middle.Certificate, root.Certificate));
        await using var zones = await SignedZones.StartAsync(Records(postfix.Port, leaf, other, middle.Certificate), $"""
            host A 127.0.0.1
            _{postfix.Port}._tcp.host TLSA {TlsaText.Of("3 1 1", leaf).Presentation()}
            """, Spoil, stop);
        await using var rig = new TrustRig { Dns = zones.Dns, Dane = new DaneDesk(zones.Dns.Client) };

        async Task<string> TryAsync(string host, TlsRequirement? requirement = null, TlsWish wish = TlsWish.Usual)
        {
            rig.Told.All.Clear();
            return $"{await rig.TryAsync(stop, requirement ?? Authentic, wish, (host, postfix.Port))}; {rig.Told.Text}";
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await TryAsync("mx311.dane.example"), Is.EqualTo("mx311.dane.example Dane; Tlsa None"));
            var told = rig.Told.All.Single();
            Assert.That((told.PolicyHosts.Single(), told.PolicyLines.Single()), Is.EqualTo(("mx311.dane.example", TlsaText.Of("3 1 1", leaf).Presentation())));
            Assert.That(told.Helo, Is.EqualTo(PostfixPeer.Hostname));
            Assert.That(await TryAsync("mx211.dane.example"), Is.EqualTo("mx211.dane.example Dane; Tlsa None"), "an authority between");
            Assert.That(await TryAsync("mxname.dane.example"), Does.StartWith("Unreachable 4.7.5 DANE, mxname.dane.example [127.0.0.1]: the certificate is not for mxname.dane.example; Tlsa CertificateHostMismatch"));
            Assert.That(await TryAsync("mxwrong.dane.example"), Does.Contain("no TLSA record names the server's certificate; Tlsa TlsaInvalid"));
            Assert.That(await TryAsync("mxroll.dane.example"), Is.EqualTo("mxroll.dane.example Dane; Tlsa None"), "at a roll-over");
            Assert.That(await TryAsync("mxunusable.dane.example"), Is.EqualTo("mxunusable.dane.example None; Tlsa TlsaInvalid"), "TLS with anybody");
            Assert.That(await TryAsync("mxnone.dane.example"), Is.EqualTo("mxnone.dane.example None; None None"), "a validated no");
            Assert.That(await TryAsync("mxbogus.dane.example"), Is.EqualTo("Unreachable 4.7.5 DANE, mxbogus.dane.example [127.0.0.1]: its TLSA records could not be looked up or validated; Tlsa DnssecInvalid"));
            Assert.That(await TryAsync("alias.dane.example"), Is.EqualTo("alias.dane.example Dane; Tlsa None"), "records where the alias ends");
            Assert.That(rig.Told.All.Single().PolicyHosts.Single(), Is.EqualTo("mx311.dane.example"));
            Assert.That(await TryAsync("outward.dane.example"), Is.EqualTo("outward.dane.example Dane; Tlsa None"), "an alias that was validated, into a zone that is not");
            Assert.That(await TryAsync("host.plain.example"), Is.EqualTo("host.plain.example None; None None"), "a zone without signatures");
            Assert.That(await TryAsync("mxwrong.dane.example", TlsRequirement.None), Is.EqualTo("mxwrong.dane.example None; None None"), "exchangers that were not validated");
            Assert.That(await TryAsync("mxwrong.dane.example", wish: TlsWish.Optional), Is.EqualTo("mxwrong.dane.example None; None None"), "TLS-Required: No");
            Assert.That(await TryAsync("mx311.dane.example", wish: TlsWish.Required), Does.StartWith("NotOffered 5.7.30 REQUIRETLS, mx311.dane.example [127.0.0.1]: the server does not offer REQUIRETLS"));
        }

        rig.Dns = zones.WithoutValidation;
        rig.Dane = new DaneDesk(zones.WithoutValidation.Client);
        Assert.That(await TryAsync("mxwrong.dane.example"), Is.EqualTo("mxwrong.dane.example None; None None"), "a resolver that does not validate hinders nobody");
        Assert.That(await TryAsync("mxbogus.dane.example"), Is.EqualTo("mxbogus.dane.example None; None None"));
    }

    [Test]
    public async Task Answers_say_what_was_validated(CancellationToken stop)
    {
        await using var zones = await SignedZones.StartAsync("""
            @ MX 10 mx
            mx A 127.0.0.1
            alias CNAME mx
            outward CNAME host.plain.example.
            bogus A 192.0.2.77
            """, "host A 127.0.0.1\n@ MX 10 mx.dane.example.", static zone => zone.Replace("192.0.2.77", "192.0.2.78", StringComparison.Ordinal), stop);

        async Task<string> AddressesAsync(string host)
        {
            var answer = await zones.Dns.FindAddressesAsync(DomainName.Parse(host), stop);
            return $"{answer.Status} {answer.IsAuthentic} {answer.Alias}";
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await zones.Dns.FindExchangersAsync(DomainName.Parse("dane.example"), stop)).IsAuthentic, Is.True);
            Assert.That((await zones.Dns.FindExchangersAsync(DomainName.Parse("plain.example"), stop)).IsAuthentic, Is.False);
            Assert.That((await zones.WithoutValidation.FindExchangersAsync(DomainName.Parse("dane.example"), stop)).IsAuthentic, Is.False);
            Assert.That(await AddressesAsync("mx.dane.example"), Is.EqualTo("Found True "));
            Assert.That(await AddressesAsync("alias.dane.example"), Is.EqualTo("Found True mx.dane.example"));
            Assert.That(await AddressesAsync("outward.dane.example"), Is.EqualTo("Found False host.plain.example"));
            Assert.That(await AddressesAsync("bogus.dane.example"), Does.StartWith("Failed "));
            Assert.That((await zones.Dns.Client.AskAsync(DomainName.Parse("_25._tcp.mx.dane.example"), RecordType.Tlsa, stop)) is { Status: LookupStatus.NoSuchDomain, IsAuthentic: true });
        }
    }

    private static string Records(int port, X509Certificate2 leaf, X509Certificate2 other, X509Certificate2 middle)
    {
        (string Host, DnsRecord.Tlsa[] Records)[] hosts =
        [
            ("mx311", [TlsaText.Of("3 1 1", leaf)]),
            ("mx211", [TlsaText.Of("2 1 1", middle)]),
            ("mxname", [TlsaText.Of("2 1 1", middle)]),
            ("mxwrong", [TlsaText.Of("3 1 1", other)]),
            ("mxroll", [TlsaText.Of("3 1 1", other), TlsaText.Of("3 1 1", leaf)]),
            ("mxunusable", [TlsaText.Of("1 1 1", leaf)]),
            ("mxbogus", [TlsaText.Of("3 1 1", leaf)]),
            ("mxnone", []),
        ];
        var lines = hosts.SelectMany(host => host.Records.Select(record => $"_{port}._tcp.{host.Host} TLSA {record.Presentation()}").Prepend($"{host.Host} A 127.0.0.1"));
        return string.Join('\n', [.. lines, "alias CNAME mx311", "outward CNAME host.plain.example.", $"_{port}._tcp.outward TLSA {TlsaText.Of("3 1 1", leaf).Presentation()}"]);
    }

    // The record of mxbogus says something else than what was signed.
    private static string Spoil(string zone) => Tlsa().Replace(zone, static match => $"{match.Groups[1].Value}{(match.Groups[2].Value == "0" ? "1" : "0")}");

    private static Task WriteChain(PeerDirectory home, X509Certificate2 leaf, params X509Certificate2[] above)
    {
        home.Write("cert.pem", string.Join('\n', [leaf.ExportCertificatePem(), .. above.Select(one => one.ExportCertificatePem())]) + "\n");
        using var key = leaf.GetECDsaPrivateKey()!;
        home.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        return Task.CompletedTask;
    }

    [GeneratedRegex(@"(?m)^(_\d+\._tcp\.mxbogus\.\S+\s+\d+\s+IN\s+TLSA\s+3 1 1 )([0-9a-f])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Tlsa();
}
