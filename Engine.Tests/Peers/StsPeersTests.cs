using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Engine.Admin;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Engine.Mail;
using Engine.Routing;
using Engine.Tests.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary>MTA-STS with a real web server and a real name server: nginx on port 443 and NSD, and an engine that routes by them.</summary>
[CancelAfter(120_000)]
internal sealed class StsPeersTests : IDisposable
{
    private readonly PeerDirectory _directory = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task Policies_are_fetched_kept_over_a_restart_and_replaced_by_new_ones(CancellationToken stop)
    {
        await using var web = await NginxPeer.StartAsync(_authority, ["mta-sts.enforce.test", "mta-sts.testing.test", "mta-sts.off.test"], stop);
        web.Serve("mta-sts.enforce.test", "version: STSv1", "mode: enforce", "mx: *.host.test", "max_age: 604800");
        web.Serve("mta-sts.testing.test", "version: STSv1", "mode: testing", "mx: other.host.test", "max_age: 604800");
        web.Serve("mta-sts.off.test", "version: STSv1", "mode: none", "max_age: 604800");
        await using var names = await NsdPeer.StartAsync(new Dictionary<string, string> { ["test"] = Zone(web, "1") }, stop);
        await using (var host = await StartAsync(names, TimeProvider.System, stop))
        {
            var enforce = await RouteAsync(host, "enforce.test", stop);
            Assert.That((enforce.Tls.Sts, string.Join(' ', enforce.Tls.MxPatterns)), Is.EqualTo((StsMode.Enforce, "*.host.test")));
            Assert.That((await RouteAsync(host, "testing.test", stop)).Tls.Sts, Is.EqualTo(StsMode.Testing));
            Assert.That((await RouteAsync(host, "off.test", stop)).Tls, Is.EqualTo(TlsRequirement.None));
            Assert.That((await RouteAsync(host, "broken.test", stop)).Tls, Is.EqualTo(TlsRequirement.None), "a record, and nobody who serves the policy");
            var plain = await RouteAsync(host, "plain.test", stop);
            Assert.That(plain.Tls, Is.EqualTo(TlsRequirement.None));
            Assert.That((enforce.Operator, enforce.Set, enforce.Id != plain.Id), Is.EqualTo((plain.Operator, plain.Set, true)), "the same exchanger, another policy");
            await ExplainAsync(host, stop);
        }

        await web.StopAsync(stop);
        await using (var host = await StartAsync(names, new LaterTime(TimeSpan.FromMinutes(10)), stop))
        {
            Assert.That((await RouteAsync(host, "enforce.test", stop)).Tls.Sts, Is.EqualTo(StsMode.Enforce), "from the disk: the web server is gone");
            Assert.That((await RouteAsync(host, "testing.test", stop)).Tls.Sts, Is.EqualTo(StsMode.Testing));

            await web.StartAsync(stop);
            web.Serve("mta-sts.enforce.test", "version: STSv1", "mode: none", "max_age: 86400");
            await names.ChangeAsync("test", Zone(web, "2"), stop);
            await DnsPeer.UntilAsync(async () => (await RouteAsync(host, "enforce.test", stop)).Tls.Sts is StsMode.None, stop);
            Assert.That(host.Parts.Sts.Desk.Look(DomainName.Parse("enforce.test"))!.Id, Is.EqualTo("2"));
        }
    }

    private static async Task ExplainAsync(EngineHost host, CancellationToken stop)
    {
        await using var admin = await AdminServer.StartAsync(host, NullLoggerFactory.Instance, stop);
        using var handler = new SocketsHttpHandler { ConnectCallback = async (_, end) => await ConnectAsync(host.Snapshot.Options.Admin.Socket, end) };
        using var client = new HttpClient(handler);
        var answer = JsonNode.Parse(await client.GetStringAsync(new Uri("http://localhost/v1/route?from=a@demo.test&to=b@enforce.test"), stop))!;
        var tls = answer["steps"]!.AsArray().Single(static step => step!["step"]!.ToString() == "tls")!["text"]!.ToString();
        var until = host.Parts.Sts.Desk.Look(DomainName.Parse("enforce.test"))!.Ends;

        Assert.That(tls, Does.Contain("MTA-STS enforce, id 1, fetched ").And.Contain(string.Create(CultureInfo.InvariantCulture, $"holds until {until:u}, mx *.host.test")));
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken stop)
    {
#pragma warning disable CA2000 // The stream owns it.
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
#pragma warning restore CA2000
        await socket.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(path), stop);
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<Destination> RouteAsync(EngineHost host, string domain, CancellationToken stop) =>
        (await host.Parts.Router.RouteAsync(DomainName.Parse(domain), stop)).Destination!;

    // A semicolon ends a record here: in texts it is written by its number.
    private static string Zone(NginxPeer web, string id) => string.Join(';', [
        .. new[] { "enforce", "testing", "off", "broken", "plain" }.Select(static domain => $"{domain} 1 MX 10 mx.host"),
        .. new[] { "enforce", "testing", "off", "broken" }.Select(domain => $"_mta-sts.{domain} 1 TXT \"v=STSv1\\059 id={id}\\059\""),
        .. new[] { "enforce", "testing", "off" }.Select(domain => $"mta-sts.{domain} 1 A {web.Address}"),
        "mx.host 1 A 127.0.0.1",
    ]);

    private async Task<EngineHost> StartAsync(NsdPeer names, TimeProvider clock, CancellationToken stop)
    {
        if (!Directory.Exists(_directory.PathTo("dkim")))
        {
            DemoKeys.Create(_directory.PathTo("dkim"), DemoPlan.SenderDomain, new DnsTable());
        }

        var drawn = DemoPlan.Draw(_directory.Path, IPEndPoint.Parse(names.Address), 25, "a password");
        var options = drawn.Options with
        {
            Delivery = drawn.Options.Delivery with { Tls = new DeliveryTlsOptions { Roots = _directory.Write("roots.pem", _authority.Pem) } },
        };
        return await EngineHost.StartAsync(new Snapshot(options, drawn.Directory), clock, NullLoggerFactory.Instance, stop);
    }

    // A policy is not fetched again within five minutes, whatever its record says.
    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
