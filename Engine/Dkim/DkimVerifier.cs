using System.Collections.Concurrent;
using System.Security.Cryptography;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>
/// Verifies the signatures of a message: for the demo, for tests, for <c>dkim verify</c>. Not on the way of any mail, and written to be
/// plain rather than fast. Thread-safe when the look-up is; keeps the RSA keys it has met, for reading one costs more than verifying with it.
/// </summary>
/// <remarks>
/// l= is honoured, as RFC 6376 §3.5 has it, and the result then says <see cref="DkimResult.IsPartial"/>. Made for mail of strangers: work is
/// linear in the message for each of at most <paramref name="maxSignatures"/> signatures, heads, fields, key records and keys are bounded.
/// </remarks>
/// <param name="clock">For t= and x=.</param>
/// <param name="keys">Gives the key record of a domain and selector. To look up without blocking, ask <see cref="Identities"/> first.</param>
/// <param name="maxSignatures">Signatures looked at, from the top.</param>
internal sealed class DkimVerifier(TimeProvider clock, Func<DkimIdentity, DkimKeyAnswer> keys, int maxSignatures = DkimVerifier.MaxSignatures)
{
    /// <summary>Signatures looked at when nothing else is said; large receivers look at fewer.</summary>
    public const int MaxSignatures = 16;

    // Longer heads are nobody's; receivers take 64 KiB to 1 MiB.
    private const int MaxHead = 1 << 20;

    // Two records under one name are a fault of the zone (RFC 6376 §3.6.2.2), a few are looked at.
    private const int MaxRecords = 4;

    private const int MaxKeys = 1_000;

    private readonly ConcurrentDictionary<string, RSA> _rsa = new();

    // A sender's clock may run ahead by so much.
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>Whose keys <see cref="Verify"/> will ask for at most.</summary>
    public static IReadOnlyList<DkimIdentity> Identities(ReadOnlySpan<byte> message)
    {
        HeaderWalker.TrySplit(message, out var head, out _);
        var found = new List<DkimIdentity>();
        var looked = 0;
        foreach (var field in new HeaderWalker(head.Length > MaxHead ? default : head))
        {
            if (field.Is("DKIM-Signature"u8) && looked++ < MaxSignatures && DkimSignature.TryParse(field.Value, out var signature, out _))
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
        if (head.Length > MaxHead)
        {
            return [Error(Nobody, $"the head has more than {MaxHead} octets")];
        }

        var fields = new FieldIndex(head);
        var results = new List<DkimResult>();
        foreach (var field in new HeaderWalker(head))
        {
            if (field.Is("DKIM-Signature"u8) && results.Count < maxSignatures)
            {
                results.Add(fields.HasJunk ? Error(Nobody, "the head holds a line that is no field") : VerifyOne(fields, head, body, field));
            }
        }

        return results;
    }

    private static DkimIdentity Nobody => new(string.Empty, string.Empty);

    private static DkimResult Error(DkimIdentity identity, string reason) => new(identity, DkimVerdict.PermanentError, reason);

    private DkimResult VerifyOne(FieldIndex fields, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, HeaderField field)
    {
        if (!DkimSignature.TryParse(field.Value, out var signature, out var fault))
        {
            return Error(Nobody, fault);
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

        // Any record that fits will do.
        var hash = SHA256.HashData(fields.Canonical(head, field, signature));
        var result = Error(signature.Identity, "there is no key record");
        foreach (var text in answer.Texts.Take(MaxRecords))
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

    private DkimResult Judge(DkimSignature signature, string text, byte[] hash)
    {
        if (text.Length > DkimRecord.MaxText)
        {
            return Error(signature.Identity, $"the key record has more than {DkimRecord.MaxText} octets");
        }

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

        return rsa.KeySize is < 1_024 or > PrivateKey.MaximumBits
            ? Error(signature.Identity, $"the key has {rsa.KeySize} bits (RFC 8301: from 1024 to {PrivateKey.MaximumBits})")
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
        publicKey.Length != NativeEd25519.PublicKeyLength || signature.Signature.Length != NativeEd25519.SignatureLength
            ? Error(signature.Identity, "the key or signature is not of Ed25519's length")
            : !NativeEd25519.IsAvailable
            ? new DkimResult(signature.Identity, DkimVerdict.Neutral, "not verified: this machine has no OpenSSL 3, which verifies Ed25519")
            : Matches(signature, NativeEd25519.Verify(publicKey, hash, signature.Signature));

    private static DkimResult Matches(DkimSignature signature, bool isGood) =>
        isGood
            ? new DkimResult(signature.Identity, DkimVerdict.Pass, string.Empty)
            : new DkimResult(signature.Identity, DkimVerdict.Fail, "the signature does not match");
}
