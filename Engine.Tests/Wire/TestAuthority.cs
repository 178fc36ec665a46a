using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Wire;

namespace Engine.Tests.Wire;

/// <summary>A certificate authority of a test: gives certificates for names, and is trusted by who takes <see cref="Roots"/>.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private int _serial;

    public TestAuthority(string name = "A test root")
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(2));
    }

    /// <summary>The host's roots and this one.</summary>
    public TrustedRoots Roots => new([X509CertificateLoader.LoadCertificate(_root.RawData)]);

    /// <summary>The root in PEM, for <c>delivery.tls.roots</c>.</summary>
    public string Pem => _root.ExportCertificatePem();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A certificate with its key.</summary>
    /// <param name="name">Its dNSName.</param>
    /// <param name="from">Days from now; default yesterday.</param>
    /// <param name="until">Days from now; default next month.</param>
    /// <param name="usage">Its extended key usage; default id-kp-serverAuth.</param>
    /// <param name="also">Further names.</param>
    public X509Certificate2 Issue(string name, int from = -1, int until = 30, string usage = "1.3.6.1.5.5.7.3.1", IEnumerable<string>? also = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=somebody", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var one in (also ?? []).Prepend(name))
        {
            names.AddDnsName(one);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        using var bare = request.Create(_root, Now.AddDays(from), Now.AddDays(until), [0x42, (byte)Interlocked.Increment(ref _serial)]);
        using var whole = bare.CopyWithPrivateKey(key);

        // SslStream takes keys that are stored, not those in memory only.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}
