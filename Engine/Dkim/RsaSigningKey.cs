using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>rsa-sha256 (RFC 6376 §3.3.2, RFC 8301) with the platform's RSA.</summary>
/// <remarks>
/// OpenSSL makes a context of its own for every signature, so one key serves all threads. It is never disposed: a signature may
/// still be under way when a reload drops the ring; the handle's finalizer frees it.
/// </remarks>
/// <param name="domain">d=</param>
/// <param name="selector">s=</param>
/// <param name="rsa">With its private part; owned from here on.</param>
/// <param name="terms">How it signs.</param>
[SuppressMessage("Design", "CA1001", Justification = "See remarks: freed by the handle's finalizer, after the last signature.")]
internal sealed class RsaSigningKey(DomainName domain, string selector, RSA rsa, SignatureTerms? terms = null) : SigningKey(domain, selector, terms)
{
    private readonly RSA _rsa = rsa;

    public override string KeyType => "rsa";

    /// <summary>Size of the modulus in bits.</summary>
    public int Bits => _rsa.KeySize;

    public override int SignatureLength => (_rsa.KeySize + 7) / 8;

    public override ReadOnlySpan<byte> AlgorithmTag => "a=rsa-sha256;"u8;

    public override int SignHash(ReadOnlySpan<byte> hash, Span<byte> signature) =>
        _rsa.TrySignHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, out var written)
            ? written
            : throw new ArgumentException($"A signature takes {SignatureLength} octets.", nameof(signature));

    public override byte[] ExportPublicKey() => _rsa.ExportSubjectPublicKeyInfo();

    public override SigningKey Under(DomainName domain, string selector, SignatureTerms? terms = null) => new RsaSigningKey(domain, selector, _rsa, terms ?? Terms);
}
