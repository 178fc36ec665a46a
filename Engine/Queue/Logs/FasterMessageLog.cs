using Engine.Mail;
using Engine.Queue.Frames;
using FASTER.core;

namespace Engine.Queue.Logs;

/// <summary>
/// A log on FasterLog 2.6.5: it gives out addresses, holds the pages and writes them. What must be believed after a crash is our own:
/// frames, scan (<see cref="LogScan"/>) and commit marks (<see cref="CommitMark"/>).
/// </summary>
internal sealed class FasterMessageLog(ILogDisk disk, LogLayout layout) : IMessageLog
{
    private SegmentDevice _device = new(disk);
    private readonly byte[] _mark = new byte[CommitMark.Size];
    private FasterLog? _log;
    private CommitMark _committed;
    private long _tail;
    private long _begin;
    private ulong _sequence;
    private ulong _lastId;
    private int _node;

    public LogLayout Layout => layout;

    public long Begin => Volatile.Read(ref _begin);

    public long Tail => Volatile.Read(ref _tail);

    public long Committed { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    public MessageId LastId => new(Volatile.Read(ref _lastId));

    private FasterLog Log => _log ?? throw new InvalidOperationException("The log is not recovered.");

    public Exception? RemovalFault => _device.RemovalFault;

    public bool IsBroken => _device.Fault is not null;

    public LogPosition Point => new(_committed.Until, _committed.Sequence);

    public void Recover(IFrameVisitor visitor, LogStart? start, DateTimeOffset now, int node)
    {
        _node = node;
        var mark = ReadMark();
        var segments = disk.Segments();
        var begin = mark?.Begin ?? (segments.Count > 0 ? Math.Max(LogScan.FirstAddress, layout.StartOf(segments[0])) : LogScan.FirstAddress);
        _begin = begin;
        segments = DropFallen(segments, begin);
        var from = Math.Max(start?.From ?? begin, begin);
        if (start is { } known && known.From < begin)
        {
            throw new QueueDamagedException(
                $"{disk.MarksName}: the log begins at {begin}, behind {known.From} where the snapshot of the index ends: one of them is of another time.");
        }

        var until = Math.Max(start?.Until ?? 0, mark?.Until ?? 0);
        var scan = new LogScan(disk, layout, mark, start);
        var noticed = new NotingVisitor(visitor, node, mark?.LastId ?? default);
        CheckPresent(segments, begin, until);
        if (segments.Count > 0)
        {
            CheckOrder(segments, from, start);
            scan.Run(from, segments[^1], noticed);
            CheckNotEmpty(scan, segments, mark);
            CutBehind(scan.Tail, segments);
        }

        var tail = Math.Max(scan.Tail, from);
        _tail = tail;
        Committed = tail;
        _sequence = scan.Sequence;
        _lastId = noticed.LastId.Value;
        _committed = new CommitMark(mark?.Number ?? 0, begin, tail, _sequence, NextIncarnation(scan.Incarnation, now), noticed.LastId);
        if (mark is null && segments.Count == 0)
        {
            // A crash in the first write of a new log must not look like a log that was lost.
            WriteMark(_committed);
            _committed = RepeatMark(_committed);
        }

        Open(tail);
        BeginIncarnation(now, node);
    }

    public void Reopen(DateTimeOffset now, int node)
    {
        _log?.Dispose();
        _log = null;
        _device.Dispose();
        _device = new SegmentDevice(disk);
        if (ReadMark() is { } mark && mark.Number > _committed.Number)
        {
            // A mark whose write failed may stand all the same: what it promises is not cut off before it is taken back.
            _committed = RepeatMark(_committed with { Number = mark.Number });
        }

        CutBehind(_committed.Until, disk.Segments());
        _tail = _committed.Until;
        _sequence = _committed.Sequence;
        _committed = _committed with { Incarnation = NextIncarnation(_committed.Incarnation, now) };
        Open(_tail);
        BeginIncarnation(now, node);
    }

    public bool TryAppend(in FrameBody body, out long address)
    {
        if (!Log.TryEnqueue(new Entry(body, _sequence, _committed.Incarnation), out address))
        {
            return false;
        }

        _sequence++;
        if (body.Kind == FrameKind.Message && body.Id.Node == _node && body.Id.Value > _lastId)
        {
            Volatile.Write(ref _lastId, body.Id.Value);
        }

        Volatile.Write(ref _tail, address + LogScan.EntryLength(body.Length));
        return true;
    }

    public CommitMark Capture() => new(_committed.Number + 1, Begin, Tail, _sequence, _committed.Incarnation, LastId);

    public bool Commit() => Commit(Capture());

    public bool Commit(in CommitMark captured)
    {
        var log = Log;
        var (begin, until) = (captured.Begin, captured.Until);
        if (until == Committed && begin == _committed.Begin)
        {
            return false;
        }

        if (until > log.FlushedUntilAddress)
        {
            Flush(log, until);
        }

        // The mark is stable before FasterLog may delete a file that an older mark names.
        var mark = captured;
        WriteMark(mark);
        if (begin > _committed.Begin)
        {
            mark = RepeatMark(mark);
            log.TruncateUntil(begin);
            log.Commit();
        }

        _committed = mark;
        Committed = until;
        return true;
    }

    public int Read(long address, Span<byte> target) =>
        disk.Read(layout.SegmentOf(address), layout.OffsetOf(address) + LogScan.EntryHeader, target);

    public void Walk(int segment, IFrameVisitor visitor)
    {
        var start = Math.Max(layout.StartOf(segment), LogScan.FirstAddress);
        new LogScan(disk, layout, mark: null, new LogStart(start, Sequence: 0, Until: 0)).Run(start, segment, visitor);
    }

    public string FileOf(long address) => disk.NameOf(layout.SegmentOf(address));

    public void TruncateBefore(long address)
    {
        var start = layout.StartOf(layout.SegmentOf(address));
        if (start > Begin)
        {
            Volatile.Write(ref _begin, start);
        }
    }

    public void Dispose()
    {
        _log?.Dispose();
        _device.Dispose();
        disk.Dispose();
    }

    private static uint NextIncarnation(uint last, DateTimeOffset now) => Math.Max(last + 1, Seconds.Passed(now));

    private void WriteMark(in CommitMark mark)
    {
        mark.WriteTo(_mark);
        try
        {
            disk.WriteMark(mark.Offset, _mark);
        }
        catch (IOException fault)
        {
            // The system's own words name no file.
            throw new IOException($"{disk.MarksName}: {fault.Message}", fault);
        }
    }

    // A mark that is damaged later must not lead back to one that names files which are gone, or to none.
    private CommitMark RepeatMark(CommitMark mark)
    {
        mark = mark with { Number = mark.Number + 1 };
        WriteMark(mark);
        return mark;
    }

    private CommitMark? ReadMark()
    {
        var file = new byte[CommitMark.Distance * CommitMark.Kept];
        return CommitMark.Newest(file.AsSpan(0, disk.ReadMarks(file)));
    }

    // Files before the begin were given up; a crash came before they were deleted.
    private IReadOnlyList<int> DropFallen(IReadOnlyList<int> segments, long begin)
    {
        var first = layout.SegmentOf(begin);
        foreach (var fallen in segments.Where(segment => segment < first))
        {
            disk.Remove(fallen);
        }

        return [.. segments.Where(segment => segment >= first)];
    }

    private void CheckPresent(IReadOnlyList<int> segments, long begin, long until)
    {
        var first = layout.SegmentOf(begin);
        var last = until > begin ? layout.SegmentOf(until - 1) : first - 1;
        last = Math.Max(last, segments.Count > 0 ? segments[^1] : first - 1);
        for (var segment = first; segment <= last; segment++)
        {
            if (!segments.Contains(segment))
            {
                throw new QueueDamagedException(
                    $"{disk.NameOf(segment)} is missing; it holds acknowledged mail. Restore it from where it was kept, or take out what is whole with 'engine spool salvage'.");
            }
        }
    }

    // What a snapshot lets us skip is read when it is needed; that each file stands in its own place can be told now.
    private void CheckOrder(IReadOnlyList<int> segments, long from, LogStart? start)
    {
        var last = 0UL;
        Span<byte> frame = stackalloc byte[FrameHeader.Size];
        foreach (var segment in segments.TakeWhile(segment => layout.StartOf(segment) < from && start is { Sequence: > 0 }))
        {
            frame.Clear();
            disk.Read(segment, (segment == 0 ? LogScan.FirstAddress : 0) + LogScan.EntryHeader, frame);
            if (!FrameHeader.TryPeek(frame, out var sequence) || sequence <= last || sequence >= Math.Max(start!.Value.Sequence, 1))
            {
                throw new QueueDamagedException(
                    $"{disk.NameOf(segment)} is damaged at its beginning, or is another file: it does not begin with a frame that belongs there. "
                    + "Restore it from where it was kept, or take out what is whole with 'engine spool salvage'.");
            }

            last = sequence;
        }
    }

    private void CheckNotEmpty(LogScan scan, IReadOnlyList<int> segments, CommitMark? mark)
    {
        if (mark is null && scan.Frames == 0 && scan.Until == 0)
        {
            throw new QueueDamagedException(
                $"{disk.NameOf(segments[0])} holds nothing readable and {disk.MarksName} is missing or empty. Restore them, or take out what is whole with 'engine spool salvage', move the directory away and start anew.");
        }
    }

    private void CutBehind(long tail, IReadOnlyList<int> segments)
    {
        var last = layout.SegmentOf(tail);
        foreach (var segment in segments.Where(segment => segment > last))
        {
            disk.Remove(segment);
        }

        if (segments.Contains(last) && disk.LengthOf(last) > layout.OffsetOf(tail))
        {
            disk.Cut(last, layout.OffsetOf(tail));
        }
    }

    private void Open(long tail)
    {
        _device.BeginAt(layout.SegmentOf(_begin));
        using var notes = new CommitNotes(_begin, tail);
        using var settings = new FasterLogSettings
        {
            LogDevice = _device,
            LogCommitManager = notes,
            LogChecksum = LogChecksumType.PerEntry,
            PageSizeBits = layout.PageBits,
            SegmentSizeBits = layout.SegmentBits,
            MemorySizeBits = layout.MemoryBits,
            MutableFraction = 0,
            AutoCommit = false,
            FastCommitMode = false,
            TryRecoverLatest = false,
        };
        _log = new FasterLog(settings);
        if (tail > LogScan.FirstAddress)
        {
            _log.Recover();
        }

        if (_log.TailAddress != tail)
        {
            throw new QueueDamagedException($"{FileOf(tail)}: FasterLog begins at {_log.TailAddress} where our scan ends at {tail}.");
        }
    }

    private void BeginIncarnation(DateTimeOffset now, int node)
    {
        using var writer = new OctetWriter();
        Records.WriteIncarnation(writer, now, node, typeof(FasterMessageLog).Assembly.GetName().Version?.ToString() ?? string.Empty);
        if (!TryAppend(new FrameBody(FrameKind.Incarnation, default, writer.Written), out _))
        {
            throw new InvalidOperationException("An empty log takes no frame.");
        }

        Commit(Capture());
    }

    private void Flush(FasterLog log, long until)
    {
        try
        {
            log.Commit();
            _device.WaitFor(log, until);
            if (_device.Fault is { } fault)
            {
                throw new IOException($"{FileOf(until)}: {fault.Message}", fault);
            }
        }
        catch (CommitFailureException failure)
        {
            throw new IOException($"{FileOf(until)}: {_device.Fault?.Message ?? failure.Message}", failure);
        }
    }

    // FasterLog asks its commit manager what to recover, and tells it what is flushed. Our scan knows the first, our marks keep the second.
    private sealed class CommitNotes(long begin, long until) : ILogCommitManager
    {
        public void Commit(long beginAddress, long untilAddress, byte[] commitMetadata, long commitNum, bool forceWriteMetadata)
        {
        }

        public byte[] GetCommitMetadata(long commitNum) =>
            new FasterLogRecoveryInfo { BeginAddress = begin, UntilAddress = until, CommitNum = commitNum }.ToByteArray();

        public IEnumerable<long> ListCommits() => [1];

        public void RemoveCommit(long commitNum)
        {
        }

        public void RemoveAllCommits()
        {
        }

        public void OnRecovery(long commitNum)
        {
        }

        public void Dispose()
        {
        }
    }

    private readonly struct Entry(FrameBody body, ulong sequence, uint incarnation) : ILogEnqueueEntry
    {
        public int SerializedLength => FrameHeader.Size + body.Length;

        public void SerializeTo(Span<byte> dest) => body.WriteTo(dest, sequence, incarnation);
    }

    private sealed class NotingVisitor(IFrameVisitor visitor, int node, MessageId lastId) : IFrameVisitor
    {
        public MessageId LastId { get; private set; } = lastId.Node == node ? lastId : default;

        public void Visit(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
        {
            LastId = header.Kind == FrameKind.Message && header.Id.Node == node && header.Id > LastId ? header.Id : LastId;
            visitor.Visit(address, header, payload);
        }
    }
}
