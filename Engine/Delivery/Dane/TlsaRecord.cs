using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Engine.Delivery.Dane;

/// <summary>A TLSA record that SMTP can use. RFC 6698 §2.1, RFC 7672 §3.1.</summary>
/// <param name="Usage">Whose certificate it names.</param>
/// <param name="Selector">Which part of it.</param>
/// <param name="Matching">In which form.</param>
/// <param name="Association">The part itself, or its digest.</param>
internal sealed record TlsaRecord(TlsaUsage Usage, TlsaSelector Selector, TlsaMatching Matching, ReadOnlyMemory<byte> Association)
{
    /// <summary>Whether the record names this certificate. Nothing else about the certificate is looked at.</summary>
    /// <exception cref="CryptographicException">The certificate's key cannot be read.</exception>
    public bool Names(X509Certificate2 certificate)
    {
        var part = Selector is TlsaSelector.Certificate ? certificate.RawData : certificate.PublicKey.ExportSubjectPublicKeyInfo();
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        return Association.Span.SequenceEqual(Matching switch
        {
            TlsaMatching.Full => part,
            TlsaMatching.Sha256 => digest[..SHA256.HashData(part, digest)],
            _ => digest[..SHA512.HashData(part, digest)],
        });
    }

    public override string ToString() => TlsaSet.LineOf((byte)Usage, (byte)Selector, (byte)Matching, Association.Span);
}
