using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Delivery;
using Engine.Mail;
using Engine.Reputation;
using Engine.Routing;
using Engine.Tests.Delivery.Trust;
using Engine.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary><c>provider probe</c>: what it sees of servers, and that it sends nothing.</summary>
[CancelAfter(120_000)]
[SupportedOSPlatform("linux")]
internal sealed class ProbeTests
{
    [Test]
    public async Task A_host_is_seen_with_its_certificate_and_judged()
    {
        using var root = Authority.Root();
        using var leaf = root.Issue(["mx.example", "*.mail.example"]);
        await using var peer = SecurePeer.Start(leaf, [root.Certificate], "REQUIRETLS");
        await using var bare = SecurePeer.Start(null, []);
        await using var rig = new TrustRig();
        var needs = new OpeningNeeds(rig, new Connector(new AddressRule([System.Net.IPNetwork.Parse("127.0.0.0/8")], [], []), TimeProvider.System), new TimeoutOptions(), TlsPolicy.Opportunistic, AddressFamilyChoice.Ipv4First, 100)
        {
            Roots = new TrustedRoots([System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(root.Certificate.RawData)]),
        };
        var destination = new Destination(new DestinationId(1), "mx.example", null, [new ExchangerHost(10, "mx.example", null, peer.Port), new ExchangerHost(20, "mx2.example", null, bare.Port), new ExchangerHost(30, "mx.other", null, peer.Port)])
        {
            Tls = new TlsRequirement { Sts = StsMode.Enforce, MxPatterns = ["*.example"] },
        };

        var hosts = await new ExchangerProbe(needs, TimeProvider.System).ProbeAsync(DomainName.Parse("rcpt.example"), destination, new Source(new SourceId(1), "default", null, null, "client.test"), peer.Guard);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(hosts.Select(host => $"{host.Host}: {host.IsUsable} {host.Verdict}"), Is.EqualTo(new[]
            {
                "mx.example: True used: sts",
                "mx2.example: False not used: MTA-STS: STARTTLS is not offered",
                "mx.other: False not used: MTA-STS: the policy does not name this host",
            }));
            Assert.That(hosts[0].Certificate!.Names, Is.EqualTo(new[] { "mx.example", "*.mail.example" }));
            Assert.That(hosts[0].Certificate!.Until, Is.EqualTo(new DateTimeOffset(leaf.NotAfter)));
            Assert.That((hosts[0].PeerName, hosts[0].Tls!.Version, hosts[0].Offers), Is.EqualTo(("mx.example", "1.3", Engine.Delivery.Smtp.Extensions.RequireTls)));
            Assert.That((hosts[0].Dane, hosts[0].Sts, hosts[1].Sts, hosts[2].Sts), Is.EqualTo(("none", "enforce: holds", "enforce: names this host, which shows no certificate", "enforce: does not name this host")));
            Assert.That(hosts[2].Certificate!.Pkix, Is.EqualTo("the certificate is not for mx.other"));
            Assert.That(rig.Told.All, Is.Empty, "nothing is counted");
        }
    }

    [Test]
    public async Task The_verb_asks_the_daemon(CancellationToken stop)
    {
        using var home = new PeerDirectory();
        await using var peer = SecurePeer.Start(Authority.SelfSigned(["mx.example"]), []);
        await using var engine = await EngineHost.StartAsync(
            new Snapshot(new EngineOptions
            {
                Hostname = "mta.example",
                State = home.PathTo("state"),
                Listeners = new Dictionary<string, ListenerOptions> { ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None } },
                Routes = new Dictionary<string, RouteOptions> { ["peer.test"] = new() { Hosts = [$"127.0.0.1:{peer.Port}"] } },
                Admin = new AdminOptions { Socket = home.PathTo("admin.sock") },
            }),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            stop);
        await using var admin = await Engine.Admin.AdminServer.StartAsync(engine, NullLoggerFactory.Instance, stop);
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, token) => DialAsync(home.PathTo("admin.sock"), token) };
        using var client = new HttpClient(handler);

        var answer = JsonNode.Parse(await client.GetStringAsync(new Uri("http://admin/v1/providers/probe?domain=peer.test&source="), stop))!;

        Assert.That(answer["verdict"]!.GetValue<string>(), Is.EqualTo("mail would go"));
        var host = answer["hosts"]![0]!;
        Assert.That((host["address"]!.GetValue<string>(), host["tls"]!.GetValue<string>(), host["verdict"]!.GetValue<string>()), Is.EqualTo(("127.0.0.1", "1.3", "used: any certificate")));
        Assert.That(host["names"]![0]!.GetValue<string>(), Is.EqualTo("mx.example"));
        Assert.That((int)(await client.GetAsync(new Uri("http://admin/v1/providers/probe?domain=no..domain"), stop)).StatusCode, Is.EqualTo(400));
    }

    private static async ValueTask<Stream> DialAsync(string path, CancellationToken stop)
    {
#pragma warning disable CA2000 // The stream owns it.
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
#pragma warning restore CA2000
        await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(path), stop);
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    }
}
