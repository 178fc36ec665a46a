using System.Buffers.Binary;
using Engine.Mail;

namespace Engine.Queue.Frames;

/// <summary>The 48 octets before every payload. Little endian. A frame can be judged and salvaged without any other.</summary>
/// <remarks>
/// <code>
///  0 magic "EQF1"        16 sequence          36 copy number
///  4 version             24 message id        38 octets of this header
///  5 kind                32 incarnation       40 zero
///  6 flags                                    44 CRC-32C of octets 0–43
///  8 octets of payload
/// 12 CRC-32C of payload
/// </code>
/// The second checksum covers the first, and so the payload. A reader takes the header's own length, so that it can grow.
/// </remarks>
internal readonly record struct FrameHeader
{
    public const int Size = 48;

    /// <summary>Flag: a reader that does not know the kind may pass over the frame.</summary>
    public const ushort Optional = 1;

    private const uint Magic = 0x3146_5145;
    private const byte Version = 1;
    private const int ChecksumAt = Size - 4;

    public required FrameKind Kind { get; init; }

    public ushort Flags { get; init; }

    /// <summary>Octets of payload.</summary>
    public required int Length { get; init; }

    public required uint PayloadCrc { get; init; }

    /// <summary>Grows by one from frame to frame, over restarts too: a gap is a loss.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Default in frames that belong to no message.</summary>
    public required MessageId Id { get; init; }

    /// <summary>Which start of the engine wrote it; only grows.</summary>
    public required uint Incarnation { get; init; }

    /// <summary>0 for the first; the highest copy of a message wins. Compaction writes copies.</summary>
    public ushort Copy { get; init; }

    /// <summary>Reads and checks the header alone.</summary>
    /// <param name="frame">A whole frame.</param>
    /// <param name="header">What it says.</param>
    /// <param name="payload">The payload, not yet checked.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (frame.Length < Size
            || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(frame[ChecksumAt..]) != Crc32C.Of(frame[..ChecksumAt])
            || frame[4] != Version
            || BinaryPrimitives.ReadUInt16LittleEndian(frame[38..]) != Size
            || BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]) != (uint)(frame.Length - Size))
        {
            return false;
        }

        payload = frame[Size..];
        header = new FrameHeader
        {
            Kind = (FrameKind)frame[5],
            Flags = BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]),
            Length = payload.Length,
            PayloadCrc = BinaryPrimitives.ReadUInt32LittleEndian(frame[12..]),
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(frame[16..]),
            Id = new MessageId(BinaryPrimitives.ReadUInt64LittleEndian(frame[24..])),
            Incarnation = BinaryPrimitives.ReadUInt32LittleEndian(frame[32..]),
            Copy = BinaryPrimitives.ReadUInt16LittleEndian(frame[36..]),
        };
        return true;
    }

    /// <summary>The sequence number of a header whose payload is not at hand; false when it is none.</summary>
    /// <param name="header">Its first <see cref="Size"/> octets.</param>
    /// <param name="sequence">What it says.</param>
    public static bool TryPeek(ReadOnlySpan<byte> header, out ulong sequence)
    {
        sequence = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) == Crc32C.Of(header[..ChecksumAt]);
    }

    /// <summary>Reads a frame and checks all of it.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> frame, out FrameHeader header, out ReadOnlySpan<byte> payload) =>
        TryRead(frame, out header, out payload) && Crc32C.Of(payload) == header.PayloadCrc;

    /// <param name="target">At least <see cref="Size"/> octets.</param>
    public void WriteTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);
        target[4] = Version;
        target[5] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(target[6..], Flags);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], PayloadCrc);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Id.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(target[32..], Incarnation);
        BinaryPrimitives.WriteUInt16LittleEndian(target[36..], Copy);
        BinaryPrimitives.WriteUInt16LittleEndian(target[38..], Size);
        BinaryPrimitives.WriteUInt32LittleEndian(target[40..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumAt..], Crc32C.Of(target[..ChecksumAt]));
    }
}
