using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Reads and writes private keys as PEM text: PKCS#8 (RFC 5958, RFC 8410) and, for reading, PKCS#1 (RFC 8017 A.1.2).</summary>
internal static class PrivateKey
{
    /// <summary>Largest RSA key: verifiers need not take longer ones (RFC 8301 §3.2).</summary>
    public const int MaximumBits = 4_096;

    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string Ed25519Oid = "1.3.101.112";

    /// <summary>Makes a key from PEM text.</summary>
    /// <param name="pem">May hold other text round the key.</param>
    /// <param name="domain">d=</param>
    /// <param name="selector">s=</param>
    /// <param name="key">The key.</param>
    /// <param name="fault">Why there is none, for the operator; never holds key material.</param>
    public static bool TryRead(
        ReadOnlySpan<char> pem,
        DomainName domain,
        string selector,
        [NotNullWhen(true)] out SigningKey? key,
        [NotNullWhen(false)] out string? fault)
    {
        key = null;
        fault = "holds no PEM block; a private key in PKCS#8 or PKCS#1 form is expected";
        if (!PemEncoding.TryFind(pem, out var fields))
        {
            return false;
        }

        var der = new byte[fields.DecodedDataLength];
        try
        {
            Convert.TryFromBase64Chars(pem[fields.Base64Data], der, out _);
            (key, fault) = pem[fields.Label] switch
            {
                "PRIVATE KEY" => ReadPkcs8(der, domain, selector),
                "RSA PRIVATE KEY" => (ReadRsa(der, static (rsa, data) => rsa.ImportRSAPrivateKey(data, out _), domain, selector), null),
                "ENCRYPTED PRIVATE KEY" => (null, "is encrypted; the engine has nobody to ask for the passphrase"),
                var label => (null, $"holds '{label}', not a private key"),
            };
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            fault = "is damaged: its content is no private key";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }

        return key is not null;
    }

    /// <summary>A new RSA key as PKCS#8 PEM.</summary>
    public static string NewRsa(int bits)
    {
        using var rsa = RSA.Create(bits);
        return rsa.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>A new Ed25519 key as PKCS#8 PEM (RFC 8410 §7).</summary>
    public static string NewEd25519()
    {
        var inner = new AsnWriter(AsnEncodingRules.DER);
        inner.WriteOctetString(RandomNumberGenerator.GetBytes(Ed25519SigningKey.SeedLength));
        var outer = new AsnWriter(AsnEncodingRules.DER);
        using (outer.PushSequence())
        {
            outer.WriteInteger(0);
            using (outer.PushSequence())
            {
                outer.WriteObjectIdentifier(Ed25519Oid);
            }

            outer.WriteOctetString(inner.Encode());
        }

        return PemEncoding.WriteString("PRIVATE KEY", outer.Encode()) + "\n";
    }

    private static (SigningKey? Key, string? Fault) ReadPkcs8(byte[] der, DomainName domain, string selector)
    {
        var key = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        key.ReadInteger();
        var algorithm = key.ReadSequence().ReadObjectIdentifier();
        switch (algorithm)
        {
            case RsaOid:
                return (ReadRsa(der, static (rsa, data) => rsa.ImportPkcs8PrivateKey(data, out _), domain, selector), null);
            case Ed25519Oid:
                var seed = new AsnReader(key.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
                return seed.Length == Ed25519SigningKey.SeedLength
                    ? (new Ed25519SigningKey(domain, selector, seed), null)
                    : (null, "is damaged: an Ed25519 key has 32 octets");
            default:
                return (null, $"holds a key of algorithm {algorithm}; RSA or Ed25519 is expected");
        }
    }

    private static RsaSigningKey ReadRsa(byte[] der, Action<RSA, byte[]> import, DomainName domain, string selector)
    {
        RSA? rsa = null;
        try
        {
            rsa = RSA.Create();
            import(rsa, der);
            var key = new RsaSigningKey(domain, selector, rsa);
            rsa = null;
            return key;
        }
        finally
        {
            rsa?.Dispose();
        }
    }
}
