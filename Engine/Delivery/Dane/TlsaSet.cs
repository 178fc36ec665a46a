using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Delivery.Trust;
using Engine.Dns;

namespace Engine.Delivery.Dane;

/// <summary>The validated TLSA records of one host: which of them can be used, and how a report writes them. Immutable, thread-safe.</summary>
/// <remarks>
/// <code>
/// usage        selector     matching                    usable
/// 0, 1         any          any                         no (RFC 7672 §3.1.3)
/// 2, 3         0            0: one certificate          yes
/// 2, 3         1            0: one public key           yes; with usage 2 only if its certificate is sent
/// 2, 3         0, 1         1: 32 octets                yes, unless 2 is there for the same usage and selector (RFC 7671 §9)
/// 2, 3         0, 1         2: 64 octets                yes
/// all else                                              no
/// </code>
/// </remarks>
internal sealed class TlsaSet
{
    /// <summary>Records looked at. A roll-over needs two or four; what more is there costs a digest each at every handshake.</summary>
    public const int MaxRecords = 64;

    private TlsaSet(string name, IReadOnlyList<TlsaRecord> usable, IReadOnlyList<string> lines)
    {
        (Name, Usable, Lines) = (name, usable, lines);
        Demand = usable.Count > 0 ? TlsDemand.Dane(this) : TlsDemand.DaneUnusable(this);
    }

    /// <summary>The TLSA base domain: the host whose certificate they are about. RFC 7672 §2.2.3.</summary>
    public string Name { get; }

    /// <summary>Any of them is enough. Empty: TLS is a must all the same, only that nobody can be recognised (RFC 7672 §2.2).</summary>
    public IReadOnlyList<TlsaRecord> Usable { get; }

    /// <summary>All of them in presentation form, <c>3 1 1 …</c>, as a TLS report has them.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>What a session with the host must come to.</summary>
    public TlsDemand Demand { get; }

    /// <param name="name">The TLSA base domain.</param>
    /// <param name="records">Of a validated answer; those that are no TLSA records are passed over.</param>
    public static TlsaSet Of(string name, IReadOnlyList<DnsRecord> records)
    {
        var all = records.OfType<DnsRecord.Tlsa>().Take(MaxRecords).ToArray();
        var wellFormed = all.Where(IsUsable).Select(record => new TlsaRecord((TlsaUsage)record.Usage, (TlsaSelector)record.Selector, (TlsaMatching)record.Matching, record.Association)).ToArray();
        return new TlsaSet(
            name,
            [.. wellFormed.Where(record => record.Matching is not TlsaMatching.Sha256 || !Array.Exists(wellFormed, other => IsStronger(other, record)))],
            [.. all.Select(record => LineOf(record.Usage, record.Selector, record.Matching, record.Association.Span))]);
    }

    /// <summary>Presentation form. RFC 6698 §2.2.</summary>
    public static string LineOf(byte usage, byte selector, byte matching, ReadOnlySpan<byte> association) =>
        string.Create(CultureInfo.InvariantCulture, $"{usage} {selector} {matching} {Convert.ToHexStringLower(association)}");

    // Digest agility: who publishes the strong digest means it, and a forger must not get by with the weak one.
    private static bool IsStronger(TlsaRecord one, TlsaRecord other) =>
        one.Matching is TlsaMatching.Sha512 && one.Usage == other.Usage && one.Selector == other.Selector;

    private static bool IsUsable(DnsRecord.Tlsa record) => record is { Usage: 2 or 3, Selector: 0 or 1 } && record.Matching switch
    {
        (byte)TlsaMatching.Full => IsWhole(record),
        (byte)TlsaMatching.Sha256 => record.Association.Length == SHA256.HashSizeInBytes,
        (byte)TlsaMatching.Sha512 => record.Association.Length == SHA512.HashSizeInBytes,
        _ => false,
    };

    private static bool IsWhole(DnsRecord.Tlsa record)
    {
        try
        {
            if (record.Selector == (byte)TlsaSelector.Certificate)
            {
                using var certificate = X509CertificateLoader.LoadCertificate(record.Association.Span);
                return certificate.RawData.AsSpan().SequenceEqual(record.Association.Span);
            }

            PublicKey.CreateFromSubjectPublicKeyInfo(record.Association.Span, out var read);
            return read == record.Association.Length;
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException)
        {
            return false;
        }
    }
}
