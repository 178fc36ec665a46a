using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;

namespace Engine.Submission;

/// <summary>The certificate of the listeners. One load serves all handshakes until the next reload.</summary>
internal sealed class ListenerCertificate : IDisposable
{
    private readonly X509Certificate2 _leaf;

    private ListenerCertificate(X509Certificate2 leaf, X509Certificate2Collection chain, string minimum)
    {
        _leaf = leaf;
        Options = new SslServerAuthenticationOptions
        {
            // Offline: the chain is the operator's file, not something fetched at start.
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
            EnabledSslProtocols = minimum == "1.3" ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = false,
        };
    }

    public SslServerAuthenticationOptions Options { get; }

    /// <summary>Null without key <c>tls</c>.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what it should be, or key and certificate do not fit.</exception>
    public static ListenerCertificate? Load(Snapshot snapshot)
    {
        if (snapshot.Options.Tls is not { } options)
        {
            return null;
        }

        var certificate = snapshot.PathTo(options.Certificate);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        return new ListenerCertificate(X509Certificate2.CreateFromPemFile(certificate, snapshot.PathTo(options.Key)), chain, options.Minimum);
    }

    /// <summary>No handshake may use it any more.</summary>
    public void Dispose() => _leaf.Dispose();
}
