using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;

namespace Engine.Queue.Spool;

/// <summary>Judges one entry of a page: 8 octets of FasterLog's checksum, 4 of length, the frame.</summary>
internal readonly ref struct LogEntry
{
    private const int LengthAt = 8;
    private const int FrameLengthAt = LogScan.EntryHeader + 8;

    private LogEntry(EntryState state, FrameHeader? header, ReadOnlySpan<byte> payload, int length)
    {
        State = state;
        Header = header;
        Payload = payload;
        Length = length;
    }

    public EntryState State { get; }

    /// <summary>Null when it is damaged.</summary>
    public FrameHeader? Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Octets to the next entry; 0 when unknown.</summary>
    public int Length { get; }

    /// <summary>True when the frame can be believed.</summary>
    public bool HasFrame => State is EntryState.Whole or EntryState.LengthDamaged or EntryState.ChecksumDamaged;

    /// <param name="rest">The page from the entry on, to its end.</param>
    public static LogEntry Read(ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest[LengthAt..]);
        if (length == 0 && !rest.ContainsAnyExcept((byte)0))
        {
            return new LogEntry(EntryState.End, null, default, 0);
        }

        if (TryReadFrame(rest, out var header, out var payload))
        {
            return new LogEntry(StateOf(rest, length, header, payload), header, payload, LogScan.EntryLength(payload.Length));
        }

        if (length >= FrameHeader.Size && length <= rest.Length - LogScan.EntryHeader && IsFollowed(rest, length))
        {
            return new LogEntry(EntryState.HeaderDamaged, null, rest.Slice(LogScan.EntryHeader + FrameHeader.Size, length - FrameHeader.Size), LogScan.EntryLength(length - FrameHeader.Size));
        }

        return new LogEntry(EntryState.Unreadable, null, default, 0);
    }

    // Takes the frame's own word for its length, so that it is found whatever stands before it.
    private static bool TryReadFrame(ReadOnlySpan<byte> rest, out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (rest.Length < LogScan.EntryHeader + FrameHeader.Size)
        {
            return false;
        }

        var own = BinaryPrimitives.ReadUInt32LittleEndian(rest[FrameLengthAt..]);
        return own <= rest.Length - LogScan.EntryHeader - FrameHeader.Size
            && FrameHeader.TryRead(rest.Slice(LogScan.EntryHeader, FrameHeader.Size + (int)own), out header, out payload);
    }

    private static EntryState StateOf(ReadOnlySpan<byte> rest, int length, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (Crc32C.Of(payload) != header.PayloadCrc)
        {
            return EntryState.PayloadDamaged;
        }

        if (length != FrameHeader.Size + payload.Length)
        {
            return EntryState.LengthDamaged;
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(rest) == Xor(rest.Slice(LengthAt, 4 + length)) ? EntryState.Whole : EntryState.ChecksumDamaged;
    }

    private static bool IsFollowed(ReadOnlySpan<byte> rest, int length)
    {
        var next = LogScan.EntryLength(length - FrameHeader.Size);
        return rest.Length - next <= LogScan.EntryHeader
            || !rest[next..].ContainsAnyExcept((byte)0)
            || TryReadFrame(rest[next..], out _, out _);
    }

    // FasterLog's checksum: the 64-bit words from the length on, and the octets that are left, XORed.
    private static ulong Xor(ReadOnlySpan<byte> octets)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(octets);
        var (first, second, third, fourth) = (0UL, 0UL, 0UL, 0UL);
        var at = 0;
        for (; at + 4 <= words.Length; at += 4)
        {
            first ^= words[at];
            second ^= words[at + 1];
            third ^= words[at + 2];
            fourth ^= words[at + 3];
        }

        var sum = first ^ second ^ third ^ fourth;
        for (; at < words.Length; at++)
        {
            sum ^= words[at];
        }

        foreach (var octet in octets[(words.Length * sizeof(ulong))..])
        {
            sum ^= octet;
        }

        return sum;
    }
}
