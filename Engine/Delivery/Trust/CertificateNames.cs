using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Engine.Delivery.Trust;

/// <summary>Whom a certificate is for. RFC 6125 §6: a wildcard is the whole first label, and stands for one label.</summary>
internal static class CertificateNames
{
    /// <param name="certificate">The server's own.</param>
    /// <param name="names">One of them must be in it, as dNSName; an address as iPAddress.</param>
    /// <param name="allowCommonName">Whether the common name counts where there is no dNSName at all: with DANE (RFC 7672 §3.2.3), not with MTA-STS (RFC 8461 §4.2).</param>
    public static bool Has(X509Certificate2 certificate, IReadOnlyList<string> names, bool allowCommonName)
    {
        foreach (var name in names)
        {
            if (Has(certificate, name, allowCommonName))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The names it has, at most <paramref name="most"/>: dNSName, then the common name in brackets where there are none.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate, int most)
    {
        try
        {
            var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames()).Take(most).ToArray();
            return names.Length > 0 ? names : [$"({certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)})"];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    private static bool Has(X509Certificate2 certificate, string name, bool allowCommonName)
    {
        if (!IPAddress.TryParse(name, out _) && Uri.CheckHostName(name) is not UriHostNameType.Dns)
        {
            return false;
        }

        try
        {
            return certificate.MatchesHostname(name, allowWildcards: true, allowCommonName);
        }
        catch (CryptographicException)
        {
            // Its subjectAltName is no such thing.
            return false;
        }
    }
}
