using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Engine.Mail;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), by the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> octets) => Append(0, octets);

    /// <summary>Goes on from the checksum of what came before; 0 to begin with.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> octets)
    {
        var crc = ~checksum;
        var words = MemoryMarshal.Cast<byte, ulong>(octets);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var octet in octets[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }

    public static uint Append(uint checksum, in ReadOnlySequence<byte> octets)
    {
        if (octets.IsSingleSegment)
        {
            return Append(checksum, octets.FirstSpan);
        }

        foreach (var segment in octets)
        {
            checksum = Append(checksum, segment.Span);
        }

        return checksum;
    }
}
