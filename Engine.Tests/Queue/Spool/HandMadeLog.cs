using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;

namespace Engine.Tests.Queue.Spool;

/// <summary>The octets of a log, written entry by entry as FasterLog does, in pages of 4 KiB.</summary>
internal sealed class HandMadeLog
{
    public const int PageSize = 4_096;

    private readonly byte[] _octets = new byte[PageSize * 16];
    private readonly List<(long Address, int Length)> _entries = [];
    private long _at = LogScan.FirstAddress;
    private ulong _sequence;

    public Memory<byte> Octets => _octets;

    /// <summary>Address and octets of every entry, by sequence number less one.</summary>
    public IReadOnlyList<(long Address, int Length)> Entries => _entries;

    public long Tail => _at;

    public ulong Next => _sequence + 1;

    public void Add(int size, uint incarnation = 1, FrameKind kind = FrameKind.Settle) => Add(new byte[size], incarnation, kind);

    public void Add(ReadOnlySpan<byte> payload, uint incarnation = 1, FrameKind kind = FrameKind.Settle)
    {
        var length = LogScan.EntryLength(payload.Length);
        if ((_at % PageSize) + length > PageSize)
        {
            NextPage();
        }

        var entry = _octets.AsSpan((int)_at, length);
        var header = new FrameHeader
        {
            Kind = kind,
            Length = payload.Length,
            PayloadCrc = Crc32C.Of(payload),
            Sequence = ++_sequence,
            Id = new MessageId(_sequence),
            Incarnation = incarnation,
        };
        header.WriteTo(entry[LogScan.EntryHeader..]);
        payload.CopyTo(entry[(LogScan.EntryHeader + FrameHeader.Size)..]);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], FrameHeader.Size + payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(entry, Xor(entry.Slice(8, 4 + FrameHeader.Size + payload.Length)));
        _entries.Add((_at, length));
        _at += length;
    }

    /// <summary>Leaves the rest of the page empty.</summary>
    public void NextPage() => _at = ((_at / PageSize) + 1) * PageSize;

    public CommitMark Mark(long? until = null) => new(1, LogScan.FirstAddress, until ?? _at, Next, 1, default);

    private static ulong Xor(ReadOnlySpan<byte> octets)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(octets);
        var sum = 0UL;
        foreach (var word in words)
        {
            sum ^= word;
        }

        foreach (var octet in octets[(words.Length * 8)..])
        {
            sum ^= octet;
        }

        return sum;
    }
}
