using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Engine.Tests.Reports.Seeds;

/// <summary>A certificate authority of one test, and a certificate of it for <c>imap.example</c>.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        var now = DateTimeOffset.UtcNow;
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Test authority", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=imap.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("imap.example");
        names.AddIpAddress(IPAddress.Loopback);
        leaf.CertificateExtensions.Add(names.Build());
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var signed = leaf.Create(_root, now.AddDays(-1), now.AddDays(20), [1, 2, 3, 4]);
        KeyPem = key.ExportPkcs8PrivateKeyPem();
        CertificatePem = signed.ExportCertificatePem();
        using var joined = signed.CopyWithPrivateKey(key);
        Server = X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null);
    }

    public string RootPem => _root.ExportCertificatePem();

    public string CertificatePem { get; }

    public string KeyPem { get; }

    public X509Certificate2 Server { get; }

    public void Dispose()
    {
        _root.Dispose();
        Server.Dispose();
    }
}
