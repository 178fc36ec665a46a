using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Tests.Wire;

namespace Engine.Tests.Peers;

/// <summary>nginx on port 443 of a loopback address of its own: the web server that most policy hosts run. Serves <c>/.well-known/mta-sts.txt</c> of several hosts.</summary>
internal sealed class NginxPeer : IAsyncDisposable
{
    private readonly PeerDirectory _directory = new();
    private PeerProcess? _process;

    private NginxPeer(IPAddress address) => Address = address;

    public IPAddress Address { get; }

    /// <summary>Whether it runs.</summary>
    public bool IsUp => _process is { HasExited: false };

    /// <param name="authority">Gives it one certificate for all hosts.</param>
    /// <param name="hosts">Names it serves.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<NginxPeer> StartAsync(TestAuthority authority, string[] hosts, CancellationToken stop)
    {
#pragma warning disable CA2000 // The caller's; a test that fails to start it leaves nothing that runs.
        var peer = new NginxPeer(FreeAddress());
#pragma warning restore CA2000
        using var certificate = authority.Issue(hosts[0], also: hosts[1..]);
        peer._directory.Write("server.pem", certificate.ExportCertificatePem());
        peer._directory.Write("server.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        foreach (var host in hosts)
        {
            Directory.CreateDirectory(peer._directory.PathTo(Path.Join("www", host, ".well-known")));
        }

        await peer.StartAsync(stop);
        return peer;
    }

    /// <summary>What a host serves from now on.</summary>
    public void Serve(string host, params string[] lines) => _directory.Write(Path.Join("www", host, ".well-known", "mta-sts.txt"), string.Concat(lines.Select(static line => line + "\r\n")));

    public async Task StopAsync(CancellationToken stop)
    {
        await _process!.TerminateAsync(stop);
        await _process.DisposeAsync();
        _process = null;
    }

    public async Task StartAsync(CancellationToken stop)
    {
        _process = PeerProcess.Start(PeerProcess.Find("nginx", "nginx"), _directory.Path, "-p", _directory.Path, "-e", "stderr", "-c", _directory.Write("nginx.conf", Settings()));
        await DnsPeer.UntilAsync(TakesAsync, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _directory.Dispose();
    }

    // Only root may bind port 443, and only one server to an address.
    private static IPAddress FreeAddress()
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var address = new IPAddress([127, 44, (byte)RandomNumberGenerator.GetInt32(256), (byte)RandomNumberGenerator.GetInt32(1, 255)]);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(address, 443));
                return address;
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AccessDenied)
            {
                Assert.Ignore("Port 443 needs root: a policy is fetched from nowhere else.");
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
        }

        throw new AssertionException("No loopback address has a free port 443");
    }

    private async Task<bool> TakesAsync()
    {
        Assert.That(IsUp, Is.True, () => $"nginx ended. It said:\n{_process!.Output}");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(Address, 443));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Settings() => $$"""
        daemon off;
        master_process off;
        pid {{_directory.PathTo("nginx.pid")}};
        error_log stderr;
        events { }
        http {
          access_log off;
          client_body_temp_path {{_directory.PathTo("body")}};
          proxy_temp_path {{_directory.PathTo("proxy")}};
          fastcgi_temp_path {{_directory.PathTo("fastcgi")}};
          uwsgi_temp_path {{_directory.PathTo("uwsgi")}};
          scgi_temp_path {{_directory.PathTo("scgi")}};
          types { text/plain txt; }
          gzip on;
          gzip_types text/plain;
          gzip_min_length 1;
          server {
            listen {{Address}}:443 ssl;
            ssl_certificate server.pem;
            ssl_certificate_key server.key;
            location / { root {{_directory.PathTo("www")}}/$host; }
          }
        }

        """;
}
