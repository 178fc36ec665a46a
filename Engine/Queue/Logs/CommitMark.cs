using System.Buffers.Binary;
using Engine.Mail;

namespace Engine.Queue.Logs;

/// <summary>What a commit leaves behind in the file of marks: up to where the log is acknowledged. A log that ends before it is short.</summary>
/// <param name="Number">Grows by one a commit.</param>
/// <param name="Begin">First address that is needed.</param>
/// <param name="Until">Address after the last acknowledged frame.</param>
/// <param name="Sequence">Of the next frame.</param>
/// <param name="Incarnation">The running one.</param>
/// <param name="LastId">Greatest message id seen, so that ids grow even when the log is empty.</param>
internal readonly record struct CommitMark(long Number, long Begin, long Until, ulong Sequence, uint Incarnation, MessageId LastId)
{
    /// <summary>Octets written at once: one sector, so that a torn write damages one mark only.</summary>
    public const int Size = 512;

    /// <summary>Marks kept; they are overwritten in turn, each in a block of its own.</summary>
    public const int Kept = 4;

    /// <summary>Distance of two marks in the file.</summary>
    public const int Distance = 4_096;

    private const uint Magic = 0x3143_5145;
    private const int ChecksumAt = 56;

    public long Offset => Number % Kept * Distance;

    /// <summary>The newest whole mark in the file, or null.</summary>
    public static CommitMark? Newest(ReadOnlySpan<byte> file)
    {
        CommitMark? newest = null;
        for (var at = 0; at + Size <= file.Length; at += Distance)
        {
            if (TryRead(file.Slice(at, Size), out var mark) && (newest is null || mark.Number > newest.Value.Number))
            {
                newest = mark;
            }
        }

        return newest;
    }

    public static bool TryRead(ReadOnlySpan<byte> octets, out CommitMark mark)
    {
        mark = default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(octets) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(octets[ChecksumAt..]) != Crc32C.Of(octets[..ChecksumAt]))
        {
            return false;
        }

        mark = new CommitMark(
            BinaryPrimitives.ReadInt64LittleEndian(octets[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(octets[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(octets[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(octets[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(octets[4..]),
            new MessageId(BinaryPrimitives.ReadUInt64LittleEndian(octets[40..])));
        return true;
    }

    /// <param name="target"><see cref="Size"/> octets.</param>
    public void WriteTo(Span<byte> target)
    {
        target.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Incarnation);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Begin);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Until);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], LastId.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumAt..], Crc32C.Of(target[..ChecksumAt]));
    }
}
