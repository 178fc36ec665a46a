using System.Buffers.Binary;
using System.Numerics;

namespace Engine.Suppression;

/// <summary>SipHash-2-4 with a tag of 128 bits (Aumasson and Bernstein, 2012): a keyed function made for short messages. Immutable; thread-safe, no allocation.</summary>
/// <remarks>Without the key its tags cannot be told from chance. .NET has none. For an address it takes a thirtieth of SHA-256, which OpenSSL is called for.</remarks>
internal readonly struct SipHash
{
    /// <summary>Octets of the key.</summary>
    public const int KeyLength = 16;

    private readonly ulong _low;
    private readonly ulong _high;

    /// <param name="key"><see cref="KeyLength"/> octets.</param>
    public SipHash(ReadOnlySpan<byte> key)
    {
        _low = BinaryPrimitives.ReadUInt64LittleEndian(key);
        _high = BinaryPrimitives.ReadUInt64LittleEndian(key[8..KeyLength]);
    }

    /// <returns>The first and the last eight octets of the tag, little-endian as the paper has them.</returns>
    public (ulong First, ulong Last) Of(ReadOnlySpan<byte> message)
    {
        var v0 = 0x736F6D6570736575 ^ _low;
        var v1 = 0x646F72616E646F6D ^ _high ^ 0xEE;
        var v2 = 0x6C7967656E657261 ^ _low;
        var v3 = 0x7465646279746573 ^ _high;
        var rest = message;
        for (; rest.Length >= 8; rest = rest[8..])
        {
            Take(BinaryPrimitives.ReadUInt64LittleEndian(rest), ref v0, ref v1, ref v2, ref v3);
        }

        Span<byte> last = stackalloc byte[8];
        last.Clear();
        rest.CopyTo(last);
        last[7] = (byte)message.Length;
        Take(BinaryPrimitives.ReadUInt64LittleEndian(last), ref v0, ref v1, ref v2, ref v3);

        v2 ^= 0xEE;
        Rounds(ref v0, ref v1, ref v2, ref v3);
        Rounds(ref v0, ref v1, ref v2, ref v3);
        var first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xDD;
        Rounds(ref v0, ref v1, ref v2, ref v3);
        Rounds(ref v0, ref v1, ref v2, ref v3);
        return (first, v0 ^ v1 ^ v2 ^ v3);
    }

    private static void Take(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Rounds(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    // Two of them, always.
    private static void Rounds(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        for (var round = 0; round < 2; round++)
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
