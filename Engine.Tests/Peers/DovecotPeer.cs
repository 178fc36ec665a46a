using Engine.Tests.Reports.Seeds;

namespace Engine.Tests.Peers;

/// <summary>Dovecot with one mailbox of a test: an inbox and a folder marked as junk, IMAP with STARTTLS on one port and TLS on another.</summary>
internal sealed class DovecotPeer : IAsyncDisposable
{
    private const string Owner = "65534";

    private readonly PeerPort _plain = PeerPort.Take();
    private readonly PeerPort _secure = PeerPort.Take();
    private readonly PeerDirectory _directory = new();
    private PeerProcess? _process;
    private int _delivered;

    public int StartTlsPort => _plain.Number;

    public int TlsPort => _secure.Number;

    /// <param name="authority">Whose certificate it shows.</param>
    /// <param name="password">Of the user <c>probe</c>; without colon.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<DovecotPeer> StartAsync(TestAuthority authority, string password, CancellationToken stop)
    {
        var program = PeerProcess.Find("dovecot", "dovecot-imapd");
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("dovecot changes to other users, which only root may");
        }

        var peer = new DovecotPeer();
        var directory = peer._directory;
        directory.Write("cert.pem", authority.CertificatePem);
        directory.Write("key.pem", authority.KeyPem);
        directory.Write("users", $"probe:{{PLAIN}}{password}:{Owner}:{Owner}::{directory.Path}::\n");
        foreach (var folder in (string[])["cur", "new", "tmp", ".Junk/cur", ".Junk/new", ".Junk/tmp"])
        {
            Directory.CreateDirectory(directory.PathTo($"mail/{folder}"));
        }

        await PeerProcess.RunAsync("/bin/chown", string.Empty, stop, "-R", $"{Owner}:{Owner}", directory.PathTo("mail"));
        await PeerProcess.RunAsync("/bin/chmod", string.Empty, stop, "755", directory.Path);
        peer._process = PeerProcess.Start(program, directory.Path, "-F", "-c", directory.Write("dovecot.conf", peer.Settings()));
        await peer._process.LineAsync(line => line.Contains("starting up", StringComparison.Ordinal), stop);
        return peer;
    }

    /// <summary>Puts a message into the maildir, as a delivery agent would.</summary>
    public async Task DropAsync(string folder, string message, DateTime arrived, CancellationToken stop)
    {
        var place = _directory.PathTo(folder.Length > 0 ? $"mail/.{folder}" : "mail");
        var name = $"{++_delivered}.M{_delivered}P1.test";
        var file = Path.Join(place, "tmp", name);
        await File.WriteAllTextAsync(file, message.ReplaceLineEndings("\n"), stop);
        await PeerProcess.RunAsync("/bin/chown", string.Empty, stop, $"{Owner}:{Owner}", file);
        File.SetLastWriteTimeUtc(file, arrived);
        File.Move(file, Path.Join(place, "new", name));
    }

    /// <summary>How many messages are in a folder.</summary>
    public int Count(string folder)
    {
        var place = _directory.PathTo(folder.Length > 0 ? $"mail/.{folder}" : "mail");
        return Directory.GetFiles(Path.Join(place, "new")).Length + Directory.GetFiles(Path.Join(place, "cur")).Length;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
        _plain.Dispose();
        _secure.Dispose();
    }

    private string Settings() => $$"""
        base_dir = {{_directory.Path}}/run
        state_dir = {{_directory.Path}}/state
        log_path = /dev/stderr
        protocols = imap
        listen = 127.0.0.1
        ssl = required
        ssl_cert = <{{_directory.Path}}/cert.pem
        ssl_key = <{{_directory.Path}}/key.pem
        auth_mechanisms = plain
        passdb {
          driver = passwd-file
          args = {{_directory.Path}}/users
        }
        userdb {
          driver = passwd-file
          args = {{_directory.Path}}/users
        }
        mail_location = maildir:{{_directory.Path}}/mail
        namespace inbox {
          inbox = yes
          mailbox Junk {
            special_use = \Junk
            auto = create
          }
        }
        service imap-login {
          chroot =
          inet_listener imap {
            port = {{_plain}}
          }
          inet_listener imaps {
            port = {{_secure}}
            ssl = yes
          }
        }
        """;
}
