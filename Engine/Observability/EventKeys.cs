using System.Text;
using Engine.Mail;

namespace Engine.Observability;

/// <summary>64-bit hashes by which the index finds lines. They stand in files: the same value for the same octets, for ever.</summary>
internal static class EventKeys
{
    private const ulong Offset = 14_695_981_039_346_656_037;

    private const ulong Prime = 1_099_511_628_211;

    /// <summary>The key of a field of the log; null for fields that are not indexed, or have no value.</summary>
    public static ulong? Of(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value) => field switch
    {
        _ when value.IsEmpty => null,
        [(byte)'i', (byte)'d'] => OfId(value),
        [(byte)'t', (byte)'o'] => OfRecipient(value),
        _ when field.SequenceEqual("messageId"u8) => OfHeader(value),
        _ => null,
    };

    public static ulong OfId(ReadOnlySpan<byte> text) => Hash('i', text);

    public static ulong OfHeader(ReadOnlySpan<byte> messageId) => Hash('m', messageId);

    /// <summary>ASCII letters count as lower case: who searches seldom knows how the address was spelt.</summary>
    public static ulong OfRecipient(ReadOnlySpan<byte> address)
    {
        Span<byte> lower = stackalloc byte[Mailbox.MaxLength];
        address = address.Length > lower.Length ? address[..lower.Length] : address;
        Ascii.ToLower(address, lower, out var count);
        return Hash('t', count == address.Length ? lower[..count] : LowerByOctet(address, lower));
    }

    // Ascii.ToLower stops at the first octet above 127.
    private static Span<byte> LowerByOctet(ReadOnlySpan<byte> address, Span<byte> lower)
    {
        for (var at = 0; at < address.Length; at++)
        {
            lower[at] = address[at] is >= (byte)'A' and <= (byte)'Z' ? (byte)(address[at] | 32) : address[at];
        }

        return lower[..address.Length];
    }

    // FNV-1a, then the finaliser of MurmurHash3, because the index cuts the lower bits off.
    private static ulong Hash(char kind, ReadOnlySpan<byte> octets)
    {
        var hash = (Offset ^ kind) * Prime;
        foreach (var octet in octets)
        {
            hash = (hash ^ octet) * Prime;
        }

        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
