using System.Runtime.Versioning;
using Engine.Demo;

namespace Engine.Tests.Peers;

/// <summary>A full Postfix on a port of its own, with STARTTLS; what it takes lies in one maildir. Starts as root only.</summary>
[SupportedOSPlatform("linux")]
internal sealed class PostfixPeer : IAsyncDisposable
{
    public const string Hostname = "mx.peer.test";

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

    private readonly string _program;
    private readonly PeerPort _port;

    private PostfixPeer(string program, PeerPort port, PeerDirectory home) => (_program, _port, Home) = (program, port, home);

    public PeerDirectory Home { get; }

    public int Port => _port.Number;

    /// <summary>Files of the messages it has delivered.</summary>
    public IReadOnlyList<string> Mails => Directory.Exists(Home.PathTo("mail/all/new")) ? Directory.GetFiles(Home.PathTo("mail/all/new")) : [];

    /// <param name="settings">Lines of main.cf beside the usual ones.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="prepare">Writes more files before it starts.</param>
    public static async Task<PostfixPeer> StartAsync(string settings, CancellationToken stop, Func<PeerDirectory, Task>? prepare = null)
    {
#pragma warning disable CA2000 // The peer owns its port and directory.
        var peer = new PostfixPeer(PeerProcess.Find("postfix", "postfix"), PeerPort.Take(), new PeerDirectory());
#pragma warning restore CA2000
        try
        {
            await PrepareAsync(peer.Home, peer.Port, settings, stop);
            await (prepare?.Invoke(peer.Home) ?? Task.CompletedTask);
            var started = await PeerProcess.RunAsync(peer._program, string.Empty, stop, "-c", peer.Home.Path, "start");
            Assert.That(started.ExitCode, Is.Zero, started.Error);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it has delivered so many.</summary>
    public async Task ArrivedAsync(int count, CancellationToken stop)
    {
        using var arrivals = new FileSystemWatcher(Home.PathTo("mail")) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName };
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object? sender, FileSystemEventArgs? arrival)
        {
            if (Mails.Count >= count)
            {
                all.TrySetResult();
            }
        }

        arrivals.Created += Look;
        arrivals.Renamed += Look;
        arrivals.EnableRaisingEvents = true;
        Look(null, null);
        await all.Task.WaitAsync(stop);
    }

    public async ValueTask DisposeAsync()
    {
        await PeerProcess.RunAsync(_program, string.Empty, CancellationToken.None, "-c", Home.Path, "stop");
        Home.Dispose();
        _port.Dispose();
    }

    private static async Task PrepareAsync(PeerDirectory home, int port, string settings, CancellationToken stop)
    {
        var owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(home.Path, owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        foreach (var directory in (string[])["queue", "data", "mail"])
        {
            Directory.CreateDirectory(home.PathTo(directory));
        }

        using var certificate = SelfSignedCertificate.Create(Hostname, TimeProvider.System.GetUtcNow());
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
            myhostname = {Hostname}
            mydestination =
            alias_maps =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            maillog_file = {home.PathTo("log")}
            maillog_file_prefixes = {home.Path}
            virtual_mailbox_maps = static:all/
            virtual_mailbox_base = {home.PathTo("mail")}
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534
            smtpd_peername_lookup = no
            smtpd_tls_cert_file = {home.PathTo("cert.pem")}
            smtpd_tls_key_file = {home.PathTo("key.pem")}
            smtpd_tls_received_header = yes
            {settings.ReplaceLineEndings("\n")}

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
}
