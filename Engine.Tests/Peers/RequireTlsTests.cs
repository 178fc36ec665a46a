using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Tests.Delivery.Trust;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary>REQUIRETLS from submission to the receiver, and back where it cannot be had. The whole engine.</summary>
[CancelAfter(120_000)]
[SupportedOSPlatform("linux")]
internal sealed class RequireTlsTests
{
    [Test]
    public async Task Mail_goes_where_it_is_offered_and_keeps_its_connection_to_itself(CancellationToken stop)
    {
        using var home = new PeerDirectory();
        using var root = Authority.Root();
        using var leaf = root.Issue(["127.0.0.1"]);
        await using var peer = TakingPeer.Start(leaf, root.Certificate, "REQUIRETLS");
        await using var engine = await StartAsync(home, root, leaf, new() { ["peer.test"] = peer.Port }, stop);

        foreach (var parameter in (string[])["", " REQUIRETLS", "", " REQUIRETLS"])
        {
            await SubmitAsync(engine, parameter, "r@peer.test", stop);
        }

        for (var count = 0; count < 4; count++)
        {
            await peer.ArrivedAsync(stop);
        }

        var sessions = peer.Taken.GroupBy(mail => mail.Connection, mail => mail.Mail.EndsWith(" REQUIRETLS", StringComparison.Ordinal)).ToArray();
        Assert.That(peer.Taken.Count(mail => mail.Mail.EndsWith(" REQUIRETLS", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(sessions.Select(session => session.Distinct().Count()), Is.All.EqualTo(1), "nothing is mixed");
    }

    [Test]
    public async Task Mail_that_no_host_can_take_comes_back_under_the_same_terms(CancellationToken stop)
    {
        using var home = new PeerDirectory();
        using var root = Authority.Root();
        using var leaf = root.Issue(["127.0.0.1"]);
        await using var senders = TakingPeer.Start(leaf, root.Certificate, "REQUIRETLS");
        await using var lacking = TakingPeer.Start(leaf, root.Certificate, "SIZE");
        await using var engine = await StartAsync(home, root, leaf, new() { ["sender.test"] = senders.Port, ["peer.test"] = lacking.Port }, stop);

        await SubmitAsync(engine, " RET=FULL REQUIRETLS", "r@peer.test", stop);
        await senders.ArrivedAsync(stop);
        await SubmitAsync(engine, string.Empty, "r@peer.test", stop);
        await lacking.ArrivedAsync(stop);

        var notice = senders.Taken.Single();
        Assert.That(notice.Mail, Does.StartWith("MAIL FROM:<>").And.EndsWith(" REQUIRETLS"));
        Assert.That(notice.Content, Does.Contain("Status: 5.7.30").And.Contains("Subject: secret").And.Not.Contains("the body"));
        Assert.That(lacking.Taken, Has.Count.EqualTo(1), "the lane was not paused for it");
    }

    private static Task<EngineHost> StartAsync(PeerDirectory home, Authority root, X509Certificate2 leaf, Dictionary<string, int> routes, CancellationToken stop)
    {
        home.Write("root.pem", root.Certificate.ExportCertificatePem());
        home.Write("cert.pem", leaf.ExportCertificatePem());
        using var key = leaf.GetECDsaPrivateKey()!;
        home.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        return EngineHost.StartAsync(
            new Snapshot(
                new EngineOptions
                {
                    Hostname = "mta.example",
                    State = home.PathTo("state"),
                    Listeners = new Dictionary<string, ListenerOptions> { ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Implicit } },
                    Tls = new TlsOptions { Certificate = "cert.pem", Key = "key.pem" },
                    Delivery = new DeliveryOptions { Tls = new DeliveryTlsOptions { Roots = "root.pem" } },
                    Routes = routes.ToDictionary(route => route.Key, route => new RouteOptions { Hosts = [$"127.0.0.1:{route.Value}"] }),
                    Admin = new AdminOptions { Socket = home.PathTo("admin.sock") },
                },
                home.Path),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            stop);
    }

    private static async Task SubmitAsync(EngineHost engine, string parameter, string recipient, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, engine.SubmissionEndPoints[0].Port), stop);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mta.example", RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null }, stop);
        using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
        Assert.That(await reader.ReadLineAsync(stop), Does.StartWith("220"));
        foreach (var line in (string[])["HELO c", $"MAIL FROM:<a@sender.test>{parameter}", $"RCPT TO:<{recipient}>", "DATA", "From: a@sender.test\r\nSubject: secret\r\n\r\nthe body\r\n."])
        {
            await tls.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop);
            Assert.That(await reader.ReadLineAsync(stop), Does.Match("^[23]"), line);
        }
    }
}
