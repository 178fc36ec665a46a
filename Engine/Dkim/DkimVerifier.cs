using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Engine.Mail;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace Engine.Dkim;

/// <summary>
/// Verifies the signatures of a message: for the demo, for tests, for <c>dkim verify</c>. Not on the way of any mail, and written to be
/// plain rather than fast. Thread-safe when the look-up is; keeps the RSA keys it has met, for reading one costs more than verifying with it.
/// </summary>
/// <remarks>l= is honoured, as RFC 6376 §3.5 has it, and the result then says <see cref="DkimResult.IsPartial"/>.</remarks>
/// <param name="clock">For t= and x=.</param>
/// <param name="keys">Gives the key record of a domain and selector. To look up without blocking, ask <see cref="Identities"/> first.</param>
/// <param name="maxSignatures">Signatures looked at, from the top.</param>
internal sealed class DkimVerifier(TimeProvider clock, Func<DkimIdentity, DkimKeyAnswer> keys, int maxSignatures = 16)
{
    private const int MaxKeys = 1_000;

    private readonly ConcurrentDictionary<string, RSA> _rsa = new();

    // A sender's clock may run ahead by so much.
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>Whose keys <see cref="Verify"/> will ask for.</summary>
    public static IReadOnlyList<DkimIdentity> Identities(ReadOnlySpan<byte> message)
    {
        var found = new List<DkimIdentity>();
        foreach (var field in new HeaderWalker(message))
        {
            if (field.Is("DKIM-Signature"u8) && DkimSignature.TryParse(field.Value, out var signature, out _))
            {
                found.Add(signature.Identity);
            }
        }

        return found;
    }

    /// <summary>One result for each DKIM-Signature field, from the top.</summary>
    /// <param name="message">The whole message, CRLF line ends.</param>
    public IReadOnlyList<DkimResult> Verify(ReadOnlySpan<byte> message)
    {
        HeaderWalker.TrySplit(message, out var head, out var body);
        var hasJunk = false;
        foreach (var field in new HeaderWalker(head))
        {
            hasJunk |= field.IsJunk;
        }

        var results = new List<DkimResult>();
        foreach (var field in new HeaderWalker(head))
        {
            if (field.Is("DKIM-Signature"u8) && results.Count < maxSignatures)
            {
                results.Add(hasJunk ? Error(new DkimIdentity(string.Empty, string.Empty), "the head holds a line that is no field") : VerifyOne(head, body, field));
            }
        }

        return results;
    }

    private static DkimResult Error(DkimIdentity identity, string reason) => new(identity, DkimVerdict.PermanentError, reason);

    private DkimResult VerifyOne(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, HeaderField field)
    {
        if (!DkimSignature.TryParse(field.Value, out var signature, out var fault))
        {
            return Error(new DkimIdentity(string.Empty, string.Empty), fault);
        }

        var now = clock.GetUtcNow();
        if (signature.Expires < now.ToUnixTimeSeconds())
        {
            return new DkimResult(signature.Identity, DkimVerdict.Fail, "the signature has expired");
        }

        if (signature.Time > (now + Slack).ToUnixTimeSeconds())
        {
            return new DkimResult(signature.Identity, DkimVerdict.Fail, "the signature is from the future");
        }

        var answer = keys(signature.Identity);
        if (answer.IsTemporary)
        {
            return new DkimResult(signature.Identity, DkimVerdict.TemporaryError, "the key record could not be looked up");
        }

        if (!HashBody(body, signature, out var isPartial))
        {
            return new DkimResult(signature.Identity, DkimVerdict.Fail, "the body hash does not match");
        }

        // Two records under one name are a fault of the zone (RFC 6376 §3.6.2.2); any that fits will do.
        var hash = SHA256.HashData(CanonicalHead(head, field, signature));
        var result = Error(signature.Identity, "there is no key record");
        foreach (var text in answer.Texts)
        {
            result = Judge(signature, text, hash);
            if (result.Verdict is DkimVerdict.Pass)
            {
                return result with { IsPartial = isPartial };
            }
        }

        return result;
    }

    private static bool HashBody(ReadOnlySpan<byte> body, DkimSignature signature, out bool isPartial)
    {
        using var hash = new BodyHash(signature.Body, signature.BodyLength ?? long.MaxValue);
        Span<byte> octets = stackalloc byte[BodyHash.Length];
        hash.Append(body);
        hash.Finish(octets);
        isPartial = hash.CanonicalLength > signature.BodyLength;
        return octets.SequenceEqual(signature.BodyHash) && !(hash.CanonicalLength < signature.BodyLength);
    }

    private static byte[] CanonicalHead(ReadOnlySpan<byte> head, HeaderField own, DkimSignature signature)
    {
        var output = new List<byte>();
        var used = new HashSet<int>();
        foreach (var name in signature.Names)
        {
            var chosen = default(HeaderField);
            foreach (var field in new HeaderWalker(head))
            {
                if (field.Is(Encoding.UTF8.GetBytes(name)) && !used.Contains(field.Offset))
                {
                    chosen = field;
                }
            }

            if (!chosen.Raw.IsEmpty)
            {
                used.Add(chosen.Offset);
                output.AddRange(Canonical(chosen, signature.Head));
            }
        }

        var unsigned = Encoding.Latin1.GetBytes(WithoutSignature(own));
        output.AddRange(Canonical(FieldOf(unsigned), signature.Head));
        return [.. output.SkipLast(2)];
    }

    private static byte[] Canonical(HeaderField field, Canonicalization canonicalization)
    {
        if (canonicalization is Canonicalization.Simple)
        {
            return field.Raw.ToArray();
        }

        var target = new byte[field.Raw.Length + 2];
        return target[..RelaxedField.Write(field, target)];
    }

    private static HeaderField FieldOf(ReadOnlySpan<byte> raw)
    {
        var walker = new HeaderWalker(raw);
        walker.MoveNext();
        return walker.Current;
    }

    // The field with the value of b= deleted, blanks and all; ended by CRLF. RFC 6376 §3.5, b=.
    private static string WithoutSignature(HeaderField field)
    {
        var value = Encoding.Latin1.GetString(field.Value).Split(';');
        for (var at = 0; at < value.Length; at++)
        {
            var equals = value[at].IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && value[at].AsSpan(0, equals).Trim(" \t\r\n") is "b")
            {
                value[at] = value[at][..(equals + 1)];
            }
        }

        var name = Encoding.Latin1.GetString(field.Raw[..(field.Raw.IndexOf((byte)':') + 1)]);
        return name + string.Join(';', value) + "\r\n";
    }

    private DkimResult Judge(DkimSignature signature, string text, byte[] hash)
    {
        if (!DkimRecord.TryParse(text, out var record, out var fault))
        {
            return Error(signature.Identity, fault);
        }

        fault = record switch
        {
            { PublicKey: [] } => "the key is revoked",
            { AllowsEmail: false } => "the key is not for email",
            { AllowsSha256: false } => "the key is not for sha256",
            { IsStrict: true } when signature.IsSubdomain => "the key does not allow i= in a subdomain",
            _ when record.KeyType != signature.KeyType => $"the key is of type {record.KeyType}, the signature of type {signature.KeyType}",
            _ => null,
        };

        return fault is not null ? Error(signature.Identity, fault)
            : record.KeyType == "rsa" ? Rsa(signature, record.PublicKey, hash)
            : Ed25519Key(signature, record.PublicKey, hash);
    }

    private DkimResult Rsa(DkimSignature signature, byte[] publicKey, byte[] hash)
    {
        RSA rsa;
        try
        {
            rsa = _rsa.GetOrAdd(Convert.ToBase64String(publicKey), static (_, octets) => Import(octets), publicKey);
        }
        catch (CryptographicException)
        {
            return Error(signature.Identity, "the key record holds no RSA key");
        }

        if (_rsa.Count > MaxKeys)
        {
            // Not disposed of: another thread may verify with one. The collector takes them.
            _rsa.Clear();
        }

        return rsa.KeySize < 1_024
            ? Error(signature.Identity, $"the key has {rsa.KeySize} bits (RFC 8301 asks for 1024)")
            : Matches(signature, rsa.VerifyHash(hash, signature.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    // RFC 6376 speaks of RSAPublicKey, the world publishes SubjectPublicKeyInfo; both are seen.
    private static RSA Import(byte[] publicKey)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        }
        catch (CryptographicException)
        {
            rsa.ImportRSAPublicKey(publicKey, out _);
        }

        return rsa;
    }

    private static DkimResult Ed25519Key(DkimSignature signature, byte[] publicKey, byte[] hash) =>
        publicKey.Length != Ed25519.PublicKeySize || signature.Signature.Length != Ed25519.SignatureSize
            ? Error(signature.Identity, "the key or signature is not of Ed25519's length")
            : Matches(signature, Ed25519.Verify(signature.Signature, 0, publicKey, 0, hash, 0, hash.Length));

    private static DkimResult Matches(DkimSignature signature, bool isGood) =>
        isGood
            ? new DkimResult(signature.Identity, DkimVerdict.Pass, string.Empty)
            : new DkimResult(signature.Identity, DkimVerdict.Fail, "the signature does not match");
}
