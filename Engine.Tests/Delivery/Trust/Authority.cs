using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Engine.Tests.Delivery.Trust;

/// <summary>A certificate authority of tests: a root or one below another. Owns its certificate.</summary>
internal sealed class Authority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private Authority(string name, Authority? above, DateTimeOffset from, DateTimeOffset until)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = above is null ? WithoutKey(request.CreateSelfSigned(from, until)) : above.Sign(request, from, until);
    }

    /// <summary>Its own, without the key.</summary>
    public X509Certificate2 Certificate { get; }

    public static Authority Root(string name = "root", int fromDays = -30, int untilDays = 365) =>
        new(name, null, Day(fromDays), Day(untilDays));

    public Authority Below(string name = "intermediate", int fromDays = -30, int untilDays = 300) => new(name, this, Day(fromDays), Day(untilDays));

    /// <summary>A server's certificate with its key.</summary>
    /// <param name="names">Of the subjectAltName; none leaves it out.</param>
    /// <param name="subject">Common name; the first name by default.</param>
    /// <param name="fromDays">From today.</param>
    /// <param name="untilDays">From today.</param>
    public X509Certificate2 Issue(string[] names, string? subject = null, int fromDays = -10, int untilDays = 100)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RequestFor(key, names, subject);
        using var signed = Sign(request, Day(fromDays), Day(untilDays));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>A server's certificate that says it is signed by this authority, and is not.</summary>
    public X509Certificate2 Forge(string[] names)
    {
        using var forger = new Authority(Certificate.GetNameInfo(X509NameType.SimpleName, false), null, Day(-30), Day(300));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RequestFor(key, names, null, aki: Certificate);
        return request.Create(forger.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(forger._key), Day(-10), Day(100), RandomNumberGenerator.GetBytes(8));
    }

    public static X509Certificate2 SelfSigned(string[] names, int fromDays = -10, int untilDays = 100)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = RequestFor(key, names, null).CreateSelfSigned(Day(fromDays), Day(untilDays));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static CertificateRequest RequestFor(ECDsa key, string[] names, string? subject, X509Certificate2? aki = null)
    {
        var request = new CertificateRequest($"CN={subject ?? names[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var name in names)
            {
                if (IPAddress.TryParse(name, out var address))
                {
                    alternatives.AddIpAddress(address);
                }
                else
                {
                    alternatives.AddDnsName(name);
                }
            }

            request.CertificateExtensions.Add(alternatives.Build());
        }

        if (aki is not null)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(aki, true, false));
        }

        return request;
    }

    private static DateTimeOffset Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days);

    private static X509Certificate2 WithoutKey(X509Certificate2 whole)
    {
        using (whole)
        {
            return X509CertificateLoader.LoadCertificate(whole.RawData);
        }
    }

    private X509Certificate2 Sign(CertificateRequest request, DateTimeOffset from, DateTimeOffset until)
    {
        if (request.CertificateExtensions.All(extension => extension is not X509AuthorityKeyIdentifierExtension))
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        }

        return request.Create(Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from, until, RandomNumberGenerator.GetBytes(8));
    }
}
