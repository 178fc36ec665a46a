using System.Buffers;
using System.Security.Cryptography;
using Engine.Mail;

namespace Engine.Dkim;

/// <summary>Makes DKIM-Signature headers for a head.</summary>
internal static class HeadSigner
{
    private const int UsualFields = 32;

    /// <summary>Writes one DKIM-Signature header field per key, each ended by CRLF, to stand before the head.</summary>
    /// <param name="head">The header block, without the empty line that ends it, CRLF line ends.</param>
    /// <param name="bodyHash">32 octets from <see cref="BodyHash"/>.</param>
    /// <param name="keys">From <see cref="KeyRing.For"/>.</param>
    /// <param name="time">For t= and x=.</param>
    /// <param name="output">Takes the fields, complete ones only.</param>
    /// <param name="body">How the body hash was made, where that is not what the keys' terms say: see <see cref="OldSignature"/>.</param>
    /// <returns>False, and nothing written, when the head has no From field: such a signature would be void (RFC 6376 §5.4).</returns>
    public static bool Sign(ReadOnlySpan<byte> head, ReadOnlySpan<byte> bodyHash, IReadOnlyList<SigningKey> keys, SigningTime time, IBufferWriter<byte> output, Canonicalization? body = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bodyHash.Length, BodyHash.Length);
        var count = SignedHead.CountFields(head);
        var rented = count > UsualFields ? ArrayPool<SignedHead.Slot>.Shared.Rent(count) : null;
        var slots = rented is null ? stackalloc SignedHead.Slot[UsualFields] : rented;
        try
        {
            var signed = new SignedHead(head, slots);
            if (signed.HasFrom)
            {
                SignAll(signed, head.Length + (count * 2), count + SignedFields.Count, bodyHash, body, keys, time, output);
            }

            return signed.HasFrom;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<SignedHead.Slot>.Shared.Return(rented);
            }
        }
    }

    private static void SignAll(
        in SignedHead signed,
        int canonicalLength,
        int names,
        ReadOnlySpan<byte> bodyHash,
        Canonicalization? body,
        IReadOnlyList<SigningKey> keys,
        SigningTime time,
        IBufferWriter<byte> output)
    {
        var room = 0;
        for (var at = 0; at < keys.Count; at++)
        {
            room = Math.Max(room, SignatureField.Capacity(keys[at], names));
        }

        // What is hashed: the canonical head, and behind it the field itself in canonical form.
        var rented = ArrayPool<byte>.Shared.Rent(canonicalLength + room + 2);
        var length = 0;
        for (var at = 0; at < keys.Count; at++)
        {
            var terms = keys[at].Terms;
            if (at == 0 || terms.Head != keys[at - 1].Terms.Head)
            {
                length = signed.WriteCanonical(rented, terms.Head);
            }

            var field = new SignatureField(output.GetSpan(room));
            field.Open(keys[at], time, signed, bodyHash, body ?? terms.Body);
            Close(ref field, keys[at], rented, length);
            output.Advance(field.Length);
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    // The field enters the hash with an empty b= and without its CRLF. RFC 6376 §3.7.
    private static void Close(ref SignatureField field, SigningKey key, Span<byte> canonical, int length)
    {
        var walker = new HeaderWalker(field.Written);
        walker.MoveNext();
        length += CanonicalField.Write(walker.Current, key.Terms.Head, canonical[length..]) - 2;

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical[..length], hash);
        Span<byte> signature = stackalloc byte[512];
        field.Close(signature[..key.SignHash(hash, signature)]);
    }
}
