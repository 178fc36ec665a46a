using System.Buffers;
using System.Buffers.Binary;
using Engine.Queue.Frames;

namespace Engine.Queue.Logs;

/// <summary>
/// Reads a log's files from end to end without FasterLog, whose own recovery trusts what it finds. Every frame must be whole, the
/// sequence must run without a gap, and the incarnation must never fall. What follows the last acknowledged frame is taken as far as
/// it is whole; what comes before it must all be there.
/// </summary>
/// <remarks>FasterLog's entries: 8 octets of checksum, 4 of length, the frame, zeros to a multiple of 4; a length of 0 ends the page.</remarks>
internal sealed class LogScan(ILogDisk disk, LogLayout layout, CommitMark? mark, LogStart? from = null)
{
    /// <summary>Octets before the first page's first entry.</summary>
    public const long FirstAddress = 64;

    /// <summary>Octets FasterLog puts before a frame.</summary>
    public const int EntryHeader = 12;

    private ulong? _sequence = from is { Sequence: > 0 } start ? start.Sequence : null;
    private uint _incarnation;

    /// <summary>Address after the last whole frame.</summary>
    public long Tail { get; private set; }

    /// <summary>Of the next frame.</summary>
    public ulong Sequence => _sequence ?? mark?.Sequence ?? 1;

    public uint Incarnation => Math.Max(_incarnation, mark?.Incarnation ?? 0);

    public long Frames { get; private set; }

    /// <summary>Address up to which everything must be there; 0 when nothing tells.</summary>
    public long Until { get; } = Math.Max(mark?.Until ?? 0, from?.Until ?? 0);

    /// <summary>Octets a frame takes in the log.</summary>
    public static int EntryLength(int payload) => EntryHeader + ((FrameHeader.Size + payload + 3) & ~3);

    /// <summary>Scans from <paramref name="begin"/>.</summary>
    /// <exception cref="QueueDamagedException">Something acknowledged is missing or damaged.</exception>
    public void Run(long begin, int lastSegment, IFrameVisitor visitor)
    {
        Tail = begin;
        var end = layout.StartOf(lastSegment) + disk.LengthOf(lastSegment);
        var page = ArrayPool<byte>.Shared.Rent(layout.PageSize);
        try
        {
            for (var address = begin; address < end; address = (address / layout.PageSize * layout.PageSize) + layout.PageSize)
            {
                var octets = page.AsSpan(0, layout.PageSize - (int)(address % layout.PageSize));
                var read = disk.Read(layout.SegmentOf(address), layout.OffsetOf(address), octets);
                octets[read..].Clear();
                if (!ScanPage(octets, address, visitor))
                {
                    break;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(page);
        }

        if (Tail < Until)
        {
            throw Damaged(Tail, "nothing readable follows");
        }
    }

    // False at the end of the log.
    private bool ScanPage(ReadOnlySpan<byte> page, long start, IFrameVisitor visitor)
    {
        var at = 0;
        while (page.Length - at > EntryHeader)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(page[(at + 8)..]);
            if (length == 0)
            {
                // The rest of a page may be empty because the next frame did not fit; but then it is all empty.
                return !page[at..].ContainsAnyExcept((byte)0) || Stop(start + at, "an entry without a length");
            }

            if (length < FrameHeader.Size || length > page.Length - at - EntryHeader)
            {
                return Stop(start + at, "an entry of an impossible length");
            }

            if (!FrameHeader.TryReadWhole(page.Slice(at + EntryHeader, length), out var header, out var payload))
            {
                return Stop(start + at, "a frame whose checksum does not fit");
            }

            if (Misplaced(start + at, header) is { } reason)
            {
                return Stop(start + at, reason);
            }

            visitor.Visit(start + at, header, payload);
            Frames++;
            _sequence = header.Sequence + 1;
            _incarnation = header.Incarnation;
            at += EntryLength(payload.Length);
            Tail = start + at;
        }

        return true;
    }

    private string? Misplaced(long address, in FrameHeader header)
    {
        if (mark is { } last && address >= last.Until && header.Incarnation < last.Incarnation)
        {
            return "a frame of an earlier run of the engine behind what this one wrote";
        }

        if (_sequence is { } expected && header.Sequence != expected)
        {
            return $"frame {header.Sequence} stands where {expected} must";
        }

        return header.Incarnation < _incarnation || (header.Incarnation > _incarnation && Frames > 0 && header.Kind != FrameKind.Incarnation)
            ? "a frame of another run of the engine"
            : null;
    }

    // Without a mark nothing tells a torn end from damage. What was never acknowledged may be torn; it is dropped.
    private bool Stop(long address, string reason)
    {
        if (Until == 0 || address < Until)
        {
            throw Damaged(address, reason);
        }

        return false;
    }

    private QueueDamagedException Damaged(long address, string reason) => new(
        $"{disk.NameOf(layout.SegmentOf(address))} is damaged at octet {layout.OffsetOf(address)} (address {address}): {reason}"
        + (Until > 0 ? $"; mail is acknowledged up to address {Until}. " : from is null ? $", and {disk.MarksName} is missing. " : ". ")
        + "Restore the file from where it was kept, or take out what is whole with 'engine spool salvage'.");
}
