using System.Text;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>A private key and the name it signs under. Thread-safe; signs without allocating for RSA.</summary>
internal abstract class SigningKey(DomainName domain, string selector, SignatureTerms? terms = null)
{
    private readonly byte[] _domainTag = Encoding.ASCII.GetBytes($"d={domain.Name};");
    private readonly byte[] _selectorTag = Encoding.ASCII.GetBytes($"s={selector};");
    private readonly byte[] _identityTag = Encoding.ASCII.GetBytes(terms?.Identity is { } identity ? $"i={identity};" : string.Empty);

    /// <summary>d=</summary>
    public DomainName Domain { get; } = domain;

    /// <summary>s=</summary>
    public string Selector { get; } = selector;

    /// <summary>How its signatures are written; the usual way when nothing was said.</summary>
    public SignatureTerms Terms { get; } = terms ?? SignatureTerms.Usual;

    /// <summary>Value of k= in the key record.</summary>
    public abstract string KeyType { get; }

    /// <summary>Octets of a signature.</summary>
    public abstract int SignatureLength { get; }

    /// <summary><c>a=…;</c></summary>
    public abstract ReadOnlySpan<byte> AlgorithmTag { get; }

    /// <summary><c>d=…;</c></summary>
    public ReadOnlySpan<byte> DomainTag => _domainTag;

    /// <summary><c>s=…;</c></summary>
    public ReadOnlySpan<byte> SelectorTag => _selectorTag;

    /// <summary><c>i=…;</c>, empty when there is none.</summary>
    public ReadOnlySpan<byte> IdentityTag => _identityTag;

    /// <summary>Signs a SHA-256 hash.</summary>
    /// <param name="hash">32 octets.</param>
    /// <param name="signature">At least <see cref="SignatureLength"/> octets.</param>
    /// <returns>Octets written.</returns>
    public abstract int SignHash(ReadOnlySpan<byte> hash, Span<byte> signature);

    /// <summary>The public key as p= holds it: SubjectPublicKeyInfo for RSA, the 32 raw octets for Ed25519 (RFC 8463 §4).</summary>
    public abstract byte[] ExportPublicKey();

    /// <summary>The same key material under another name.</summary>
    /// <param name="domain">d=</param>
    /// <param name="selector">s=</param>
    /// <param name="terms">How it signs there; null: as here.</param>
    public abstract SigningKey Under(DomainName domain, string selector, SignatureTerms? terms = null);
}
