using System.Runtime.Versioning;
using System.Text;
using Engine.Configuration;
using Engine.Daemon;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary>The whole engine delivers to a full Postfix over STARTTLS.</summary>
[CancelAfter(120_000)]
[SupportedOSPlatform("linux")]
internal sealed class PostfixTests
{
    private const int Messages = 25;

    [Test]
    public async Task Every_message_arrives_once_and_through_tls(CancellationToken stop)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Postfix starts as root only.");
        }

        await using var postfix = await PostfixPeer.StartAsync("""
            virtual_mailbox_domains = peer.test
            smtpd_relay_restrictions = reject_unauth_destination
            smtpd_tls_security_level = encrypt
            """, stop);
        await using (var engine = await StartEngineAsync(postfix.Home, postfix.Port, stop))
        {
            for (var number = 0; number < Messages; number++)
            {
                await SubmitAsync(engine, number, stop);
            }

            await postfix.ArrivedAsync(Messages, stop);
        }

        var mails = postfix.Mails;
        Assert.That(mails, Has.Count.EqualTo(Messages));
        Assert.That(mails.Select(File.ReadAllText), Is.All.Contains("(using TLSv1.3 with cipher"));
        Assert.That(mails.Select(mail => File.ReadAllLines(mail).Single(line => line.StartsWith("Subject: ", StringComparison.Ordinal))).Distinct().Count(), Is.EqualTo(Messages));
    }

    private static Task<EngineHost> StartEngineAsync(PeerDirectory home, int port, CancellationToken stop) =>
        EngineHost.StartAsync(
            new Snapshot(new EngineOptions
            {
                Hostname = "mta.example",
                State = home.PathTo("state"),
                Listeners = new Dictionary<string, ListenerOptions> { ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None } },
                Routes = new Dictionary<string, RouteOptions> { ["peer.test"] = new() { Hosts = [$"127.0.0.1:{port}"] } },
                Admin = new AdminOptions { Socket = home.PathTo("admin.sock") },
            }),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            stop);

    private static async Task SubmitAsync(EngineHost engine, int number, CancellationToken stop)
    {
        var server = engine.SubmissionEndPoints[0];
        var mail = new StringBuilder().Append("From: a@sender.test\r\nSubject: number ").Append(number).Append("\r\n\r\n..a dot\r\n").Append('x', number * 400 % 900).Append("\r\n");
        var result = await PeerProcess.RunAsync(
            PeerProcess.Find("swaks", "swaks"), string.Empty, stop,
            "--server", $"{server.Address}:{server.Port}", "--from", "a@sender.test", "--to", $"user{number}@peer.test", "--data", mail.ToString());
        Assert.That(result.ExitCode, Is.Zero, result.Output);
    }
}
