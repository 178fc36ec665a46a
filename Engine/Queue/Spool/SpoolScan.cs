using System.Buffers.Binary;
using Engine.Queue.Frames;
using Engine.Queue.Logs;

namespace Engine.Queue.Spool;

/// <summary>
/// Reads the pages of one log and finds every whole frame and every damaged place. Unlike <see cref="LogScan"/>, which stops at the first
/// fault, it goes on behind it. No file, no clock; pages come in ascending order.
/// </summary>
/// <remarks>
/// <code>
/// what stands there           goes on
/// a whole frame               behind it
/// payload damaged             behind it: the header says how long it is
/// header damaged              behind it, if the length before it fits what follows
/// anything else               at the next frame found at 4-octet steps, else at the next page
/// </code>
/// A frame found by search must have a sequence number that fits its distance from the last one: mail may hold octets that look like a
/// frame, and must not be taken for one. A frame whose number was met before is passed over.
/// </remarks>
/// <param name="begin">First address.</param>
/// <param name="mark">The newest commit mark; null when there is none, and then everything counts as acknowledged.</param>
/// <param name="visitor">Takes what is found.</param>
internal sealed class SpoolScan(long begin, CommitMark? mark, IScanVisitor visitor)
{
    private const uint Magic = 0x3146_5145;

    private readonly List<ScanFault> _open = [];
    private ulong? _next = begin == LogScan.FirstAddress ? 1 : null;
    private uint _incarnation;
    private long _end = begin;

    /// <summary>Sequence numbers met.</summary>
    public SequenceRanges Sequences { get; } = new();

    /// <summary>True when a frame behind the commit mark is none of this log's: what follows is old.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Address after the last frame.</summary>
    public long End => _end;

    /// <summary>Scans a page, or what is left of it behind the begin.</summary>
    /// <param name="page">To the page's end; zeros where the file has ended.</param>
    /// <param name="start">Its address.</param>
    public void Page(ReadOnlySpan<byte> page, long start)
    {
        var at = 0;
        while (!IsOver && page.Length - at > LogScan.EntryHeader)
        {
            var entry = LogEntry.Read(page[at..]);
            if (entry.State is EntryState.End)
            {
                return;
            }

            at = entry.Length > 0 ? at + Take(entry, start + at) : Search(page, at, start);
        }
    }

    /// <summary>A piece that cannot be given: a file is missing, or the device does not read it.</summary>
    public void Absent(long address, long length, string reason) => _open.Add(new ScanFault(address, length, reason));

    /// <summary>After the last page: what is acknowledged and did not come.</summary>
    public void Finish()
    {
        if (mark is { } known && !IsOver && _end < known.Until && _open.Count == 0)
        {
            _open.Add(new ScanFault(_end, known.Until - _end, "acknowledged octets are missing"));
        }

        var isWhole = _open.Count == 0;
        Close(mark is { } last && last.Sequence > (_next ?? last.Sequence) ? last.Sequence : _next ?? 0);
        if (isWhole && mark is { } newest && _end == newest.Until && _next is { } next && next != newest.Sequence && Sequences.Runs.Count == 1)
        {
            visitor.Fault(new ScanFault(_end, 0, $"the log ends with frame {next - 1} where the commit mark names {newest.Sequence - 1}"));
        }
    }

    // The octets to the next entry.
    private int Take(in LogEntry entry, long address)
    {
        if (entry.Header is not { } header)
        {
            _open.Add(new ScanFault(address, entry.Length, "a frame whose header is damaged"));
            visitor.Broken(address, null, entry.Payload);
            _end = address + entry.Length;
            return entry.Length;
        }

        if (IsForeign(header, address))
        {
            IsOver = true;
            _open.Add(new ScanFault(address, entry.Length, "a frame of another run of the engine"));
            return entry.Length;
        }

        if (!Sequences.Add(header.Sequence))
        {
            Repeat(address, entry.Length);
            return entry.Length;
        }

        Follow(header, address);
        if (entry.HasFrame)
        {
            visitor.Frame(address, header, entry.Payload);
        }
        else
        {
            visitor.Broken(address, header, entry.Payload);
        }

        if (FlawOf(entry.State) is { } flaw)
        {
            var lost = entry.HasFrame ? 0UL : 1;
            visitor.Fault(new ScanFault(address, entry.Length, flaw) { Header = header, MissingFrom = header.Sequence, MissingUntil = header.Sequence + lost });
        }

        _next = header.Sequence + 1;
        _incarnation = Math.Max(_incarnation, header.Incarnation);
        _end = address + entry.Length;
        return entry.Length;
    }

    private static string? FlawOf(EntryState state) => state switch
    {
        EntryState.PayloadDamaged => "a frame whose payload is damaged",
        EntryState.LengthDamaged => "the length before a frame is damaged; the frame is whole",
        EntryState.ChecksumDamaged => "the log's checksum before a frame does not fit; the frame is whole",
        _ => null,
    };

    // Behind the mark old frames of a run that was cut off may stand. Before it everything that is whole is wanted.
    private bool IsForeign(in FrameHeader header, long address) =>
        mark is { } known && address >= known.Until
        && ((_next is { } next && header.Sequence < next) || header.Incarnation < Math.Max(_incarnation, known.Incarnation));

    // Closes what was open, and tells a gap or a wrong place.
    private void Follow(in FrameHeader header, long address)
    {
        var expected = _next ?? header.Sequence;
        if (header.Sequence < expected)
        {
            Close(expected);
            visitor.Fault(new ScanFault(address, 0, $"frame {header.Sequence} stands where {expected} must: a file or a page is in the wrong place"));
            return;
        }

        if (_open.Count == 0 && header.Sequence > expected && Sequences.Missing(expected, header.Sequence).Any())
        {
            _open.Add(new ScanFault(_end, address - _end, "frames are missing"));
        }

        Close(header.Sequence);
        if (header.Incarnation < _incarnation)
        {
            visitor.Fault(new ScanFault(address, 0, $"frame {header.Sequence} is of an older run of the engine than the one before"));
        }
    }

    // The first of the open places gets what is missing; several have no frame between them that could tell more.
    private void Close(ulong until)
    {
        if (_open.Count == 0)
        {
            return;
        }

        var missing = _next is { } from ? Sequences.Missing(from, until).ToList() : [];
        if (missing.Count > 0)
        {
            _open[0] = _open[0] with { MissingFrom = missing[0].From, MissingUntil = missing[^1].Until };
        }

        foreach (var fault in _open)
        {
            visitor.Fault(fault);
        }

        _open.Clear();
    }

    private void Repeat(long address, int length)
    {
        const string Reason = "frames that stand elsewhere too: a file or a page is a copy of another";
        if (_open.Count > 0 && _open[^1] is var last && ReferenceEquals(last.Reason, Reason))
        {
            _open[^1] = last with { Length = address + length - last.Address };
        }
        else
        {
            _open.Add(new ScanFault(address, length, Reason));
        }

        _end = address + length;
    }

    // Where to go on in the page.
    private int Search(ReadOnlySpan<byte> page, int from, long start)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, Magic);
        var found = page.Length;
        for (var at = from + 4; found == page.Length && at + LogScan.EntryHeader < page.Length;)
        {
            var ahead = page[(at + LogScan.EntryHeader)..].IndexOf(magic);
            if (ahead < 0)
            {
                break;
            }

            at += ahead & ~3;
            if ((ahead & 3) == 0 && LogEntry.Read(page[at..]).Header is { } header && Fits(header, start + at))
            {
                found = at;
            }

            at += 4;
        }

        var extent = page[from..found].TrimEnd((byte)0).Length;
        _open.Add(new ScanFault(start + from, Math.Max(extent, 1), "octets that are no frame"));
        return found;
    }

    private bool Fits(in FrameHeader header, long address) =>
        _next is not { } next
        || (header.Sequence >= next
            && header.Sequence - next <= (ulong)((address - _end) / LogScan.EntryLength(0)) + 1
            && header.Incarnation >= _incarnation);
}
