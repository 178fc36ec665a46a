using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Delivery.Trust;
using Engine.Mail;

namespace Engine.Delivery.Dane;

/// <summary>Holds a chain that a server sent against its TLSA records. RFC 7671 §5, RFC 7672 §3.1 and §3.2. No I/O, nothing is fetched; thread-safe.</summary>
/// <remarks>
/// <code>
/// usage      named                             looked at besides
/// 3          the server's own certificate      nothing: neither names nor dates nor who signed it
/// 2          one above it in the chain sent    signatures from the leaf up to it, dates and uses of all of these, and the leaf's names
/// </code>
/// One record that holds is enough, whatever the others say. An authority whose record is its whole certificate (2 0 0) need not be sent; of one whose record is a
/// key or a digest the certificate must be there, which RFC 7671 §5.2.2 asks of servers.
/// </remarks>
internal static class DaneMatch
{
    /// <summary>Certificates above the leaf that are looked at.</summary>
    public const int MaxSent = 16;

    private const X509ChainStatusFlags NotOurs =
        X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    /// <param name="tlsa">Records, at least one of them usable.</param>
    /// <param name="leaf">The server's own certificate.</param>
    /// <param name="sent">What else it sent, in any order; the leaf may be among them.</param>
    /// <param name="names">The reference identifiers: with usage 2 the leaf must be for one of them. RFC 7672 §3.2.2.</param>
    /// <param name="now">Wall clock.</param>
    public static DaneVerdict Check(TlsaSet tlsa, X509Certificate2 leaf, IReadOnlyList<X509Certificate2> sent, IReadOnlyList<string> names, DateTimeOffset now)
    {
        try
        {
            foreach (var record in tlsa.Usable)
            {
                if (record.Usage is TlsaUsage.EndEntity && record.Names(leaf))
                {
                    return new DaneVerdict(TlsFailure.None, string.Empty, record);
                }
            }

            return tlsa.Usable.Any(static record => record.Usage is TlsaUsage.TrustAnchor)
                ? CheckAnchors(tlsa, leaf, sent, names, now)
                : Failed(TlsFailure.TlsaInvalid, "no TLSA record names the server's certificate");
        }
        catch (CryptographicException)
        {
            return Failed(TlsFailure.TlsaInvalid, "a certificate that the server sent cannot be read");
        }
    }

    private static DaneVerdict CheckAnchors(TlsaSet tlsa, X509Certificate2 leaf, IReadOnlyList<X509Certificate2> sent, IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var given = new List<X509Certificate2>();
        try
        {
            foreach (var record in tlsa.Usable)
            {
                if (record is { Usage: TlsaUsage.TrustAnchor, Selector: TlsaSelector.Certificate, Matching: TlsaMatching.Full })
                {
                    given.Add(X509CertificateLoader.LoadCertificate(record.Association.Span));
                }
            }

            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
            chain.ChainPolicy.VerificationTime = now.LocalDateTime;
            chain.ChainPolicy.ExtraStore.AddRange(sent.Take(MaxSent).Concat(given).ToArray());
            _ = chain.Build(leaf);
            return Judge(tlsa, chain, leaf, names);
        }
        finally
        {
            given.ForEach(static certificate => certificate.Dispose());
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    private static DaneVerdict Judge(TlsaSet tlsa, X509Chain chain, X509Certificate2 leaf, IReadOnlyList<string> names)
    {
        for (var depth = 1; depth < chain.ChainElements.Count; depth++)
        {
            if (tlsa.Usable.FirstOrDefault(record => record.Usage is TlsaUsage.TrustAnchor && record.Names(chain.ChainElements[depth].Certificate)) is { } anchor)
            {
                var (failure, reason) = FaultUpTo(chain, depth);
                return failure is not TlsFailure.None ? Failed(failure, reason)
                    : CertificateNames.Has(leaf, names, allowCommonName: true) ? new DaneVerdict(TlsFailure.None, string.Empty, anchor)
                    : Failed(TlsFailure.CertificateHostMismatch, $"the certificate is not for {string.Join(" or ", names)}");
            }
        }

        return Failed(TlsFailure.TlsaInvalid, "no TLSA record names the server's certificate or one that signed it");
    }

    // Who signed the anchor is nobody's business: it is trusted because the record names it.
    private static (TlsFailure Failure, string Reason) FaultUpTo(X509Chain chain, int anchor)
    {
        var flags = X509ChainStatusFlags.NoError;
        for (var depth = 0; depth <= anchor; depth++)
        {
            foreach (var status in chain.ChainElements[depth].ChainElementStatus)
            {
                flags |= status.Status & ~NotOurs;
            }
        }

        return flags switch
        {
            X509ChainStatusFlags.NoError => (TlsFailure.None, string.Empty),
            X509ChainStatusFlags.NotTimeValid => (TlsFailure.CertificateExpired, "a certificate of the chain is past its dates, or not there yet"),
            _ => (TlsFailure.CertificateNotTrusted, $"the chain up to the named authority does not hold: {flags}"),
        };
    }

    private static DaneVerdict Failed(TlsFailure failure, string reason) => new(failure, reason, null);
}
