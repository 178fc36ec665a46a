using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;

namespace Engine.Tests.Submission;

/// <summary>The listeners' certificate at a reload.</summary>
[CancelAfter(120_000)]
internal sealed class CertificateReloadTests
{
    [Test]
    public async Task New_handshakes_get_the_new_certificate_and_open_connections_stay(CancellationToken stop)
    {
        await using var rig = await ServerRig.StartAsync(ServerRig.With(new ListenerOptions { Bind = ["127.0.0.1:0"], Tls = ListenerTls.Implicit, Auth = ListenerAuth.Required }), hasCertificate: true);
        await using var old = await ConnectAsync(rig, stop);
        await AskAsync(old, stop);

        rig.Renew();
        await using var fresh = await ConnectAsync(rig, stop);

        Assert.That(fresh.RemoteCertificate!.GetCertHashString(), Is.Not.EqualTo(old.RemoteCertificate!.GetCertHashString()));
        await AskAsync(old, stop);
        await AskAsync(fresh, stop);
    }

    private static async Task<SslStream> ConnectAsync(ServerRig rig, CancellationToken stop)
    {
#pragma warning disable CA2000 // The stream owns it.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
#pragma warning restore CA2000
        await socket.ConnectAsync(rig.EndPoint(), stop);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "mta1.example.com", RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is X509Certificate2 }, stop);
        Assert.That(await ReadAsync(tls, stop), Does.StartWith("220 "));
        return tls;
    }

    private static async Task AskAsync(SslStream tls, CancellationToken stop)
    {
        await tls.WriteAsync("NOOP\r\n"u8.ToArray(), stop);
        Assert.That(await ReadAsync(tls, stop), Does.StartWith("250 "));
    }

    private static async Task<string> ReadAsync(SslStream tls, CancellationToken stop)
    {
        var buffer = new byte[512];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, await tls.ReadAsync(buffer, stop));
    }
}
