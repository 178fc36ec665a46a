using System.Runtime.Versioning;
using System.Text;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Peers;

/// <summary>The whole engine delivers to a full Postfix over STARTTLS.</summary>
[CancelAfter(120_000)]
[SupportedOSPlatform("linux")]
internal sealed class PostfixTests
{
    private const int Messages = 25;

    private const string Services = """
        postlog unix-dgram n - n - 1 postlogd
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        """;

    [Test]
    public async Task Every_message_arrives_once_and_through_tls(CancellationToken stop)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Postfix starts as root only.");
        }

        var program = PeerProcess.Find("postfix", "postfix");
        using var port = PeerPort.Take();
        using var home = new PeerDirectory();
        await PrepareAsync(home, port.Number, stop);
        var started = await PeerProcess.RunAsync(program, string.Empty, stop, "-c", home.Path, "start");
        Assert.That(started.ExitCode, Is.Zero, started.Error);
        try
        {
            using var arrivals = new FileSystemWatcher(home.PathTo("mail")) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName };
            var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrivals.Created += (_, _) => Look(home, all);
            arrivals.Renamed += (_, _) => Look(home, all);
            arrivals.EnableRaisingEvents = true;
            await using var engine = await StartEngineAsync(home, port.Number, stop);
            for (var number = 0; number < Messages; number++)
            {
                await SubmitAsync(engine, number, stop);
            }

            Look(home, all);
            await all.Task.WaitAsync(stop);
        }
        finally
        {
            await PeerProcess.RunAsync(program, string.Empty, CancellationToken.None, "-c", home.Path, "stop");
        }

        var mails = Directory.GetFiles(home.PathTo("mail/all/new"));
        Assert.That(mails, Has.Length.EqualTo(Messages));
        Assert.That(mails.Select(File.ReadAllText), Is.All.Contains("(using TLSv1.3 with cipher"));
        Assert.That(mails.Select(mail => File.ReadAllLines(mail).Single(line => line.StartsWith("Subject: ", StringComparison.Ordinal))).Distinct().Count(), Is.EqualTo(Messages));
    }

    private static void Look(PeerDirectory home, TaskCompletionSource all)
    {
        if (Directory.Exists(home.PathTo("mail/all/new")) && Directory.GetFiles(home.PathTo("mail/all/new")).Length >= Messages)
        {
            all.TrySetResult();
        }
    }

    private static async Task PrepareAsync(PeerDirectory home, int port, CancellationToken stop)
    {
        var owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(home.Path, owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        foreach (var directory in (string[])["queue", "data", "mail"])
        {
            Directory.CreateDirectory(home.PathTo(directory));
        }

        using var certificate = SelfSignedCertificate.Create("mx.peer.test", TimeProvider.System.GetUtcNow());
        home.Write("cert.pem", certificate.ExportCertificatePem());
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        home.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        home.Write("master.cf", $"127.0.0.1:{port} inet n - n - - smtpd\n{Services}\n");
        home.Write("main.cf", $"""
            compatibility_level = 3.6
            queue_directory = {home.PathTo("queue")}
            data_directory = {home.PathTo("data")}
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            mail_owner = postfix
            setgid_group = postdrop
            myhostname = mx.peer.test
            mydestination =
            alias_maps =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            maillog_file = {home.PathTo("log")}
            maillog_file_prefixes = {home.Path}
            virtual_mailbox_domains = peer.test
            virtual_mailbox_maps = static:all/
            virtual_mailbox_base = {home.PathTo("mail")}
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            smtpd_peername_lookup = no
            smtpd_relay_restrictions = reject_unauth_destination
            smtpd_tls_security_level = encrypt
            smtpd_tls_cert_file = {home.PathTo("cert.pem")}
            smtpd_tls_key_file = {home.PathTo("key.pem")}
            smtpd_tls_received_header = yes

            """);
        foreach (var file in (string[])["postfix-files", "post-install", "postfix-script", "dynamicmaps.cf", "makedefs.out"])
        {
            if (File.Exists($"/etc/postfix/{file}"))
            {
                File.Copy($"/etc/postfix/{file}", home.PathTo(file), overwrite: true);
            }
        }

        var owned = await PeerProcess.RunAsync("/bin/sh", string.Empty, stop, "-c", $"chown postfix {home.PathTo("data")} && chown 65534:65534 {home.PathTo("mail")} && chmod +x {home.PathTo("postfix-script")} {home.PathTo("post-install")}");
        Assert.That(owned.ExitCode, Is.Zero, owned.Error);
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
