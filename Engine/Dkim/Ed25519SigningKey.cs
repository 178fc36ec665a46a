using Engine.Mail;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Engine.Dkim;

/// <summary>ed25519-sha256 (RFC 8463): pure Ed25519 over the SHA-256 hash of the header data. .NET has no Ed25519, so BouncyCastle signs; it allocates.</summary>
internal sealed class Ed25519SigningKey : SigningKey
{
    /// <summary>Octets of the private key.</summary>
    public const int SeedLength = 32;

    private readonly byte[] _seed;
    private readonly byte[] _public;

    /// <param name="domain">d=</param>
    /// <param name="selector">s=</param>
    /// <param name="seed">The 32 octets of the private key (RFC 8032 §5.1.5); copied.</param>
    /// <param name="terms">How it signs.</param>
    public Ed25519SigningKey(DomainName domain, string selector, ReadOnlySpan<byte> seed, SignatureTerms? terms = null)
        : base(domain, selector, terms)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedLength);
        _seed = seed.ToArray();
        _public = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(_seed, 0, _public, 0);
    }

    private Ed25519SigningKey(DomainName domain, string selector, Ed25519SigningKey other, SignatureTerms terms)
        : base(domain, selector, terms)
    {
        _seed = other._seed;
        _public = other._public;
    }

    public override string KeyType => "ed25519";

    public override int SignatureLength => Ed25519.SignatureSize;

    public override ReadOnlySpan<byte> AlgorithmTag => "a=ed25519-sha256;"u8;

    public override int SignHash(ReadOnlySpan<byte> hash, Span<byte> signature)
    {
        var made = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed, 0, _public, 0, hash.ToArray(), 0, hash.Length, made, 0);
        made.CopyTo(signature);
        return made.Length;
    }

    public override byte[] ExportPublicKey() => [.. _public];

    public override SigningKey Under(DomainName domain, string selector, SignatureTerms? terms = null) => new Ed25519SigningKey(domain, selector, this, terms ?? Terms);
}
