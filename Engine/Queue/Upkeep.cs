using System.Diagnostics.CodeAnalysis;
using Engine.Queue.Logs;
using Engine.Queue.Snapshots;
using Engine.Queue.Spool;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>
/// Keeps the spool small and its recovery short, on a thread of its own: writes snapshots of the index, copies living mail out of old
/// segments, gives up segments of the older generations. What fails here is tried again; it never holds up a commit.
/// </summary>
internal sealed class Upkeep(
    ISpoolDisk disk,
    Generations spool,
    SnapshotShelf shelf,
    SegmentCopier copier,
    SegmentLedger ledger,
    QueueIndex index,
    Lock gate,
    IndexEntry entry,
    BulkMarks marks,
    Journal journal,
    CommitSignal signal,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    /// <summary>A snapshot is not older, when there was something to tell.</summary>
    public static readonly TimeSpan SnapshotAge = TimeSpan.FromMinutes(1);

    // A snapshot of millions is written when four times as much stands behind it: a quarter more to write, and a second or two more to replay.
    private const int SnapshotShare = 4;

    // Less than this share of a snapshot, appended behind it, is no reason for another.
    private const int LeastShare = 64;

    private const int LeastAppended = 64 << 10;

    private readonly object _wake = new();
    private readonly List<TaskCompletionSource<CompactionResult>> _asked = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private long _snapshotAt = long.MaxValue;
    private long _moved;
    private int _node;
    private Exception? _told;
    private bool _started;
    private bool _armed;
    private bool _work;
    private bool _old;
    private bool _stopping;

    /// <summary>After recovery: the index tells all that the logs tell.</summary>
    /// <param name="node">Written into an incarnation, when a log has to be opened anew.</param>
    public void Start(int node)
    {
        _node = node;
        lock (gate)
        {
            entry.Taken = spool[0].Point;
            for (var generation = 1; generation < Generations.Count; generation++)
            {
                copier.Taken[generation] = spool[generation].Point;
            }
        }

        _started = true;
        _timer = clock.CreateTimer(static upkeep => ((Upkeep)upkeep!).Remind(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Plan();
        new Thread(Run) { IsBackground = true, Name = "queue upkeep", Priority = ThreadPriority.BelowNormal }.Start();
    }

    /// <summary>The log has grown. Called by the commit loop after each commit.</summary>
    public void Note()
    {
        if (spool[0].Tail >= Volatile.Read(ref _snapshotAt))
        {
            Wake();
        }
        else if (!Volatile.Read(ref _armed))
        {
            Arm();
        }
    }

    /// <summary>There is something to do.</summary>
    public void Wake()
    {
        lock (_wake)
        {
            _work = true;
            Monitor.Pulse(_wake);
        }
    }

    /// <summary>Gives back all the disk that can be given back now.</summary>
    public Task<CompactionResult> CompactAsync(CancellationToken stop)
    {
        var done = new TaskCompletionSource<CompactionResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_wake)
        {
            if (_stopping)
            {
                return Task.FromException<CompactionResult>(new IntakeRefusedException("the queue is closed"));
            }

            _asked.Add(done);
        }

        Wake();
        return done.Task.WaitAsync(stop);
    }

    /// <summary>Ends the thread, at the latest when the segment in hand is done.</summary>
    public Task StopAsync()
    {
        lock (_wake)
        {
            _stopping = true;
            Monitor.Pulse(_wake);
        }

        return _started ? _ended.Task : Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Arm()
    {
        Volatile.Write(ref _armed, true);
        _timer?.Change(SnapshotAge, Timeout.InfiniteTimeSpan);
    }

    private void Remind()
    {
        Volatile.Write(ref _old, true);
        Wake();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever goes wrong here must not end the process: mail goes on, and the next pass tries again.")]
    private void Run()
    {
        while (WaitForWork(out var asked))
        {
            try
            {
                var (before, moved) = (spool.Octets, _moved);
                Pass(asked.Count > 0);
                asked.ForEach(one => one.TrySetResult(new CompactionResult(before, spool.Octets, _moved - moved)));
            }
            catch (Exception fault)
            {
                QueueLog.UpkeepFailed(logger, fault);
                asked.ForEach(one => one.TrySetException(fault));
                Volatile.Write(ref _snapshotAt, long.MaxValue);
                Arm();
                continue;
            }

            Plan();
            if (IsBlocked())
            {
                Arm();
            }
        }

        _ended.SetResult();
    }

    private bool WaitForWork(out List<TaskCompletionSource<CompactionResult>> asked)
    {
        lock (_wake)
        {
            while (!_work && !_stopping)
            {
                Monitor.Wait(_wake);
            }

            _work = false;
            asked = [.. _asked];
            _asked.Clear();
            if (_stopping)
            {
                asked.ForEach(static one => one.TrySetException(new IntakeRefusedException("the queue is closed")));
            }

            return !_stopping;
        }
    }

    private void Pass(bool all)
    {
        marks.Sweep();
        TellRemovals();
        if (disk.Reserve is { IsUsed: true })
        {
            throw new IOException("the disk is full: what room there is belongs to settlements");
        }

        var old = Volatile.Read(ref _old);
        Volatile.Write(ref _old, false);
        Volatile.Write(ref _armed, false);
        Mend();
        if (all || IsDue(old))
        {
            WriteSnapshot();
        }

        if (all)
        {
            // The floor is the older one's.
            WriteSnapshot();
        }

        // What cannot be moved stays: the same segment twice is the end.
        (int, int)? last = null;
        while (!_stopping && NextSegment(all) is { } next && next != last)
        {
            CopyOut(next.Generation, next.Segment);
            last = next;
        }

        if (all)
        {
            WriteSnapshot();
            WriteSnapshot();

            // The commit loop gives up segments in its turn.
            Flush();
        }
    }

    private void TellRemovals()
    {
        for (var generation = 0; generation < Generations.Count; generation++)
        {
            if (spool[generation].RemovalFault is { } fault && fault != _told)
            {
                _told = fault;
                QueueLog.RemovalFailed(logger, fault);
            }
        }
    }

    // A write of an older generation failed in an earlier pass; its copies were never switched to.
    private void Mend()
    {
        for (var generation = 1; generation < Generations.Count; generation++)
        {
            if (spool[generation].IsBroken)
            {
                spool[generation].Reopen(clock.GetUtcNow(), _node);
            }
        }
    }

    private void Plan()
    {
        var threshold = Math.Max(spool.Layout.SegmentSize * 2, (shelf.Newest?.Length ?? 0) * SnapshotShare);
        Volatile.Write(ref _snapshotAt, (shelf.Newest?.Positions[0].From ?? 0) + threshold);
    }

    private bool IsDue(bool old)
    {
        var appended = 0L;
        for (var generation = 0; generation < Generations.Count; generation++)
        {
            appended += spool[generation].Tail - (shelf.Newest?.Positions[generation].From ?? LogScan.FirstAddress);
        }

        return spool[0].Tail >= Volatile.Read(ref _snapshotAt)
            || (old && (IsBlocked() || appended >= Math.Max(LeastAppended, (shelf.Newest?.Length ?? 0) / LeastShare)));
    }

    // Whether segments could be given up but for a snapshot that needs them.
    private bool IsBlocked()
    {
        for (var generation = 0; generation < Generations.Count; generation++)
        {
            if (FirstKept(generation, spool[generation].Committed) > FirstKept(generation, shelf.Floor(generation)))
            {
                return true;
            }
        }

        return false;
    }

    private void WriteSnapshot()
    {
        while (!shelf.TryWrite(clock.GetUtcNow(), Positions, Settle))
        {
            marks.Sweep();
        }

        GiveUp();
    }

    // A replay from here must meet every order that has not come to all.
    private LogPosition[]? Positions() => marks.IsOpenBefore(entry.Taken.From) ? null : [entry.Taken, .. copier.Taken.Skip(1)];

    private void Flush() => journal.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private long[] Settle()
    {
        Flush();
        return [.. Enumerable.Range(0, Generations.Count).Select(generation => spool[generation].Committed)];
    }

    private void GiveUp()
    {
        for (var generation = 1; generation < Generations.Count; generation++)
        {
            var log = spool[generation];
            var kept = FirstKept(generation, Math.Min(shelf.Floor(generation), log.Committed));
            if (kept > log.Layout.SegmentOf(log.Begin))
            {
                log.TruncateBefore(log.Layout.StartOf(kept));
                log.Commit();
            }
        }

        // Generation 0 belongs to the commit loop.
        signal.Wake();
    }

    private void CopyOut(int generation, int segment)
    {
        var key = SpoolAddress.Of(generation, spool.Layout.StartOf(segment)) >> spool.Layout.SegmentBits;
        ledger.Pin(key);
        try
        {
            var moved = copier.CopySegment(generation, segment);
            _moved += moved;
            QueueLog.Compacted(logger, generation, segment, moved);
        }
        finally
        {
            ledger.Unpin(key);
        }

        GiveUp();
    }

    // The head of the log with most to gain; null when there is not enough to gain anywhere.
    private (int Generation, int Segment)? NextSegment(bool all)
    {
        var layout = spool.Layout;
        var (total, living, best, gain) = (0L, 0L, -1, 0L);
        for (var generation = 0; generation < Generations.Count; generation++)
        {
            var log = spool[generation];
            var lives = LivingIn(generation);
            var head = layout.StartOf(FirstKept(generation, Math.Min(shelf.Floor(generation), log.Committed)));
            var limit = layout.StartOf(layout.SegmentOf(Math.Min(shelf.Floor(generation), log.Committed)));
            var dead = limit - head - lives;
            total += log.Tail - head;
            living += lives;
            if (limit > head && dead > gain)
            {
                (best, gain) = (generation, dead);
            }
        }

        var isWanted = all ? gain >= layout.SegmentSize / 4 : gain >= layout.SegmentSize / 2 && total > living + (living / 2) + (3 * layout.SegmentSize);
        return isWanted ? (best, FirstKept(best, Math.Min(shelf.Floor(best), spool[best].Committed))) : null;
    }

    private long LivingIn(int generation)
    {
        lock (gate)
        {
            return index.Messages.LivingIn(generation);
        }
    }

    // Of one generation, the first segment with something living, at most that of an address.
    private int FirstKept(int generation, long address)
    {
        var layout = spool.Layout;
        var first = SpoolAddress.Of(generation, spool[generation].Begin) >> layout.SegmentBits;
        var last = SpoolAddress.Of(generation, address) >> layout.SegmentBits;
        var kept = ledger.FirstKept(first, Math.Max(first, last));
        return layout.SegmentOf(SpoolAddress.LocalOf(kept << layout.SegmentBits));
    }
}
