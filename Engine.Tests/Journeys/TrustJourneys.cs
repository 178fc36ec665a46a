using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Engine.Tests.Delivery.Dane;
using Engine.Tests.Delivery.Trust;
using Engine.Tests.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Journeys;

/// <summary>Receivers that prove themselves by DNS, from submission to the report of the day after: a whole engine, NSD with a signed zone, Unbound that validates.</summary>
[CancelAfter(120_000)]
[SupportedOSPlatform("linux")]
internal sealed class TrustJourneys
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Mail_leaves_for_the_host_that_the_records_name_and_for_no_other_and_the_day_after_both_are_reported(CancellationToken stop)
    {
        using var home = new PeerDirectory();
        using var root = Authority.Root();
        using var leaf = root.Issue(["mx.dane.example"]);
        using var other = root.Issue(["mx.dane.example"]);
        await using var peer = TakingPeer.Start(leaf, root.Certificate, "SIZE");
        await using var zones = await SignedZones.StartAsync(Records(peer.Port, leaf, other), "@ MX 10 mx\nmx A 127.0.0.1", static zone => zone, stop);
        DemoKeys.Create(home.PathTo("dkim"), "mta.example", new DnsTable());
        home.Write("root.pem", root.Certificate.ExportCertificatePem());

        await using (var engine = await StartAsync(home, zones, peer, Noon, stop))
        {
            await SubmitAsync(engine, "r@good.dane.example", stop);
            await SubmitAsync(engine, "r@bad.dane.example", stop);
            await SubmitAsync(engine, "r@plain.example", stop);
            var events = new JourneyEvents(engine);
            var delivered = await events.WaitAsync(line => JourneyEvents.Kind(line) is "delivered", 2);
            var deferred = (await events.WaitAsync(line => JourneyEvents.Kind(line) is "deferred")).Single();

            var verified = delivered.ToDictionary(line => JourneyEvents.Text(line, "domain")!, line => JourneyEvents.Text(line.GetProperty("tls"), "proof") ?? "none");
            Assert.That(verified, Is.EquivalentTo(new Dictionary<string, string> { ["good.dane.example"] = "dane", ["plain.example"] = "none" }));
            Assert.That(JourneyEvents.Text(deferred, "domain"), Is.EqualTo("bad.dane.example"));
            Assert.That((JourneyEvents.Text(deferred, "enhanced"), JourneyEvents.Text(deferred, "reply")), Is.EqualTo(("4.7.5", "DANE, mxbad.dane.example [127.0.0.1]: no TLSA record names the server's certificate")));
            Assert.That(peer.Taken, Has.Count.EqualTo(2));
        }

        await using (var engine = await StartAsync(home, zones, peer, Noon.AddDays(1), stop))
        {
            var reports = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
            while (reports.Count < 2)
            {
                await peer.ArrivedAsync(stop);
                foreach (var (_, mail, content) in peer.Taken.Where(static taken => taken.Content.Contains("TLS-Report-Domain: ", StringComparison.Ordinal)))
                {
                    Assert.That(mail, Does.StartWith("MAIL FROM:<>"));
                    Assert.That(content, Does.Contain("DKIM-Signature:").And.Contain("d=mta.example;").And.Contain("TLS-Required: No"));
                    reports[Field(content, "TLS-Report-Domain")] = Unpacked(content);
                }
            }

            Assert.That(Counts(reports["good.dane.example"]), Is.EqualTo(("tlsa", 1, 0, string.Empty)));
            Assert.That(Counts(reports["bad.dane.example"]), Is.EqualTo(("tlsa", 0, 1, "tlsa-invalid")));
            Assert.That(reports.Values.Select(static report => report.ToJsonString()), Has.None.Contains("r@"));
        }
    }

    private static string Records(int port, X509Certificate2 leaf, X509Certificate2 other) => $"""
        good MX 10 mx
        bad MX 10 mxbad
        mx A 127.0.0.1
        mxbad A 127.0.0.1
        rua MX 10 mx
        _{port}._tcp.mx TLSA {TlsaText.Of("3 1 1", leaf).Presentation()}
        _{port}._tcp.mxbad TLSA {TlsaText.Of("3 1 1", other).Presentation()}
        _smtp._tls.good TXT "v=TLSRPTv1\059 rua=mailto:tls@rua.dane.example"
        _smtp._tls.bad TXT "v=TLSRPTv1\059 rua=mailto:tls@rua.dane.example"
        """;

    private static (string Policy, int Good, int Failed, string Failure) Counts(JsonNode report)
    {
        var policy = report["policies"]!.AsArray().Single()!;
        return (
            policy["policy"]!["policy-type"]!.ToString(),
            policy["summary"]!["total-successful-session-count"]!.GetValue<int>(),
            policy["summary"]!["total-failure-session-count"]!.GetValue<int>(),
            policy["failure-details"]?.AsArray().Single()!["result-type"]!.ToString() ?? string.Empty);
    }

    private static string Field(string content, string name) =>
        content.Split("\r\n").First(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];

    private static JsonNode Unpacked(string content)
    {
        var part = content[content.IndexOf("application/tlsrpt+gzip", StringComparison.OrdinalIgnoreCase)..];
        var body = part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var octets = Convert.FromBase64String(body[..body.IndexOf("\r\n--", StringComparison.Ordinal)]);
        using var unpacked = new GZipStream(new MemoryStream(octets), CompressionMode.Decompress);
        return JsonNode.Parse(unpacked)!;
    }

    private static Task<EngineHost> StartAsync(PeerDirectory home, SignedZones zones, TakingPeer peer, DateTimeOffset start, CancellationToken stop) => EngineHost.StartAsync(
        new Snapshot(
            new EngineOptions
            {
                Hostname = "mta.example",
                State = home.PathTo("state"),
                Listeners = new Dictionary<string, ListenerOptions> { ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Off } },
                Delivery = new DeliveryOptions { Port = peer.Port, AllowAddresses = ["127.0.0.0/8"], Tls = new DeliveryTlsOptions { Roots = "root.pem" } },
                Dns = new DnsOptions { Servers = [zones.Server] },
                Admin = new AdminOptions { Socket = home.PathTo("admin.sock") },
            },
            home.Path),
        new ShiftedTime(start),
        NullLoggerFactory.Instance,
        stop);

    private static async Task SubmitAsync(EngineHost engine, string recipient, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, engine.SubmissionEndPoints[0].Port), stop);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        Assert.That(await reader.ReadLineAsync(stop), Does.StartWith("220"));
        foreach (var line in (string[])["HELO c", "MAIL FROM:<a@sender.test>", $"RCPT TO:<{recipient}>", "DATA", "From: a@sender.test\r\nSubject: trust\r\n\r\nthe body\r\n."])
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop);
            Assert.That(await reader.ReadLineAsync(stop), Does.Match("^[23]"), line);
        }
    }

    // The system's clock, on another day.
    private sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
    {
        private readonly long _begun = TimeProvider.System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + TimeProvider.System.GetElapsedTime(_begun);
    }
}
