using System.Buffers;
using Engine.Queue.Frames;
using Engine.Queue.Logs;

namespace Engine.Queue.Spool;

/// <summary>Walks the files of one log page by page, keeps the report, and hands whole frames on to the ledger.</summary>
/// <param name="files">Of the log.</param>
/// <param name="layout">As the log was written.</param>
/// <param name="isRunning">Then nothing behind the commit mark is read: it moves.</param>
/// <param name="ledger">Learns what mail there is.</param>
internal sealed class LogWalk(SpoolLogFiles files, LogLayout layout, bool isRunning, SpoolLedger ledger) : IScanVisitor
{
    private readonly LogReport _report = new(files);
    private CommitMark? _mark;
    private SegmentReport? _segment;
    private uint _incarnation;
    private long _begin;

    /// <param name="stop">Heard between two pages.</param>
    public LogReport Run(CancellationToken stop)
    {
        ReadMarks();
        var segments = files.Segments();
        _begin = _mark?.Begin ?? (segments.Count > 0 ? Math.Max(LogScan.FirstAddress, layout.StartOf(segments[0])) : LogScan.FirstAddress);
        var scan = new SpoolScan(_begin, _mark, this);
        var first = layout.SegmentOf(_begin);
        var last = Math.Max(
            segments.Count > 0 ? segments[^1] : first - 1,
            _mark is { } mark && mark.Until > _begin ? layout.SegmentOf(mark.Until - 1) : first - 1);
        if (isRunning && _mark is { } running)
        {
            last = Math.Min(last, layout.SegmentOf(Math.Max(running.Until - 1, _begin)));
        }

        ledger.BeginLog(files.Generation, _begin);
        for (var segment = first; segment <= last && !scan.IsOver; segment++)
        {
            Walk(scan, segment, segments, stop);
        }

        scan.Finish();
        _report.Sequences = scan.Sequences.Runs;
        _report.End = scan.End;
        ledger.EndLog(Unfinished);
        return _report;
    }

    void IScanVisitor.Frame(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var (frames, octets) = _report.Kinds.GetValueOrDefault(header.Kind);
        _report.Kinds[header.Kind] = (frames + 1, octets + LogScan.EntryLength(payload.Length));
        if (header.Incarnation != _incarnation)
        {
            _incarnation = header.Incarnation;
            _report.Incarnations.Add(_incarnation);
        }

        var segment = _segment!;
        segment.Frames++;
        segment.First = segment.First == 0 ? header.Sequence : segment.First;
        segment.Last = header.Sequence;
        _report.FramesBehind += IsAcknowledged(address) ? 0 : 1;
        if (ledger.Take(address, header, payload) is { } reason)
        {
            Add(new ScanFault(address, LogScan.EntryLength(payload.Length), $"frame {header.Sequence} ({header.Kind}) is whole and cannot be read: {reason}") { Header = header });
        }
    }

    void IScanVisitor.Broken(long address, FrameHeader? header, ReadOnlySpan<byte> payload)
    {
        if (IsAcknowledged(address))
        {
            ledger.Lose(header, payload, PlaceOf(address));
        }
    }

    void IScanVisitor.Fault(in ScanFault fault) => Add(fault);

    private void Add(in ScanFault fault)
    {
        var (file, offset) = (files.NameOf(layout.SegmentOf(fault.Address)), layout.OffsetOf(fault.Address));
        var id = fault.Header?.Id ?? default;
        var isAcknowledged = IsAcknowledged(fault.Address);
        _report.Add(new Damage(file, offset, fault.Length, fault.Reason, fault.MissingFrom, (long)(fault.MissingUntil - fault.MissingFrom), id), isAcknowledged);
        var number = layout.SegmentOf(fault.Address);
        if (isAcknowledged && _report.Segments.Find(segment => segment.Number == number) is { } segment)
        {
            segment.Damaged++;
        }
    }

    private bool IsAcknowledged(long address) => _mark is not { } mark || address < mark.Until;

    private string PlaceOf(long address) => $"{files.NameOf(layout.SegmentOf(address))} at octet {layout.OffsetOf(address)}";

    private void Unfinished(long address, string reason)
    {
        if (IsAcknowledged(address))
        {
            Add(new ScanFault(address, 0, reason));
        }
    }

    private void Walk(SpoolScan scan, int segment, IReadOnlyList<int> present, CancellationToken stop)
    {
        var start = Math.Max(_begin, layout.StartOf(segment));
        if (!present.Contains(segment))
        {
            _report.MissingSegments.Add(segment);
            scan.Absent(start, layout.StartOf(segment + 1) - start, "the file is missing");
            return;
        }

        var length = files.LengthOf(segment);
        _segment = new SegmentReport(segment, files.NameOf(segment), length);
        _report.Segments.Add(_segment);
        ledger.BeginSegment(_segment);
        var end = layout.StartOf(segment) + Math.Min(length, layout.SegmentSize);
        end = isRunning && _mark is { } mark ? Math.Min(end, mark.Until) : end;
        var page = ArrayPool<byte>.Shared.Rent(layout.PageSize);
        try
        {
            for (var address = start / layout.PageSize * layout.PageSize; address < end && !scan.IsOver; address += layout.PageSize)
            {
                stop.ThrowIfCancellationRequested();
                var octets = page.AsSpan(0, layout.PageSize);
                var filled = (int)Math.Min(octets.Length, end - address);
                octets[filled..].Clear();
                files.Read(segment, layout.OffsetOf(address), octets[..filled], (offset, count, fault) =>
                    scan.Absent(layout.StartOf(segment) + offset, count, $"the device does not give these octets: {fault}"));
                var first = FirstEntry(octets, address);
                scan.Page(octets[first..], address + first);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(page);
        }
    }

    // A log's very first page begins with 64 zeros. Looked for rather than counted on: the file may be another's.
    private int FirstEntry(ReadOnlySpan<byte> page, long address)
    {
        const int Blank = (int)LogScan.FirstAddress;
        return layout.OffsetOf(address) == 0 && !page[..Blank].ContainsAnyExcept((byte)0) ? Blank : 0;
    }

    private void ReadMarks()
    {
        var octets = files.ReadMarks();
        _mark = CommitMark.Newest(octets);
        _report.Mark = _mark;
        var states = new MarkState[CommitMark.Kept];
        for (var place = 0; place < states.Length; place++)
        {
            var at = place * CommitMark.Distance;
            states[place] = at + CommitMark.Size <= octets.Length ? StateOf(octets.AsSpan(at, CommitMark.Size), place) : MarkState.Empty;
            if (states[place] is MarkState.Damaged)
            {
                _report.Add(new Damage(files.MarksName, at, CommitMark.Size, "a commit mark cannot be read", 0, 0, default), isAcknowledged: true);
            }
        }

        _report.Marks = states;
        if (_mark is null && files.Segments().Count > 0)
        {
            _report.Add(new Damage(files.MarksName, 0, octets.Length, "no commit mark can be read: nothing tells how far the log was acknowledged", 0, 0, default), isAcknowledged: true);
        }
    }

    // Marks are written in turn, beginning with number 1; the next to be written may be torn by a crash.
    private MarkState StateOf(ReadOnlySpan<byte> octets, int place)
    {
        if (CommitMark.TryRead(octets, out _))
        {
            return MarkState.Whole;
        }

        var newest = _mark?.Number ?? 0;
        var isNext = (newest + 1) % CommitMark.Kept == place;
        if (octets.ContainsAnyExcept((byte)0))
        {
            return isNext ? MarkState.Torn : MarkState.Damaged;
        }

        var wasWritten = newest >= CommitMark.Kept || (place > 0 && place <= newest);
        return wasWritten ? isNext ? MarkState.Torn : MarkState.Damaged : MarkState.Empty;
    }
}
