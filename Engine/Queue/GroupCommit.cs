using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>
/// The one commit loop, on a thread of its own: it commits whenever the tail moved, and what arrives meanwhile rides on the next. It
/// alone calls the log's Commit, enters accepted messages into the index and gives up segments of generation 0.
/// </summary>
/// <remarks>
/// When a commit fails, accepts that wait for it are refused, and records that were not yet stable are kept. The log is opened anew
/// where it was last stable; when it takes them, everything goes on, else the process is to end.
/// </remarks>
/// <param name="log">Generation 0; appended to by any thread through <see cref="TryAppend"/>.</param>
/// <param name="entry">Takes accepted messages and places into the index.</param>
/// <param name="ledger">Which segments must stay.</param>
/// <param name="outbox">Small records to append.</param>
/// <param name="signal">Wakes it.</param>
/// <param name="clock">For a new incarnation.</param>
/// <param name="floor">No segment at or behind this address is given up: a snapshot needs it.</param>
/// <param name="watch">Told of commits and faults.</param>
/// <param name="reopenings">How often a log that failed is opened anew before the process is to end.</param>
internal sealed class GroupCommit(
    IMessageLog log,
    IndexEntry entry,
    SegmentLedger ledger,
    Outbox outbox,
    CommitSignal signal,
    TimeProvider clock,
    Func<long> floor,
    QueueWatch watch,
    int reopenings)
{
    /// <summary>A settlement alone waits this long for company; a crash repeats at most those.</summary>
    public static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(20);

    private readonly Lock _appending = new();
    private readonly ConcurrentQueue<CommitWaiter> _pending = new();
    private readonly List<CommitWaiter> _batch = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IntakeRefusedException? _fault;
    private Outbox.Batch? _draining;
    private int _node;
    private int _epoch;
    private int _stable;
    private bool _stopping;

    /// <summary>Why nothing is accepted and nothing begun; null while all is well.</summary>
    public string? Fault => Volatile.Read(ref _fault)?.Message;

    /// <summary>Grows when appended frames were lost: what was appended before must not be counted on.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    private bool IsFull => log.Tail - log.Committed > log.Layout.MemorySize / 2;

    public void Start(int node)
    {
        _node = node;
        new Thread(Run) { IsBackground = true, Name = "queue commit" }.Start();
    }

    /// <summary>Appends a frame and wakes the loop. False when memory is full: wait for <see cref="WaitForRoomAsync"/>.</summary>
    /// <param name="body">The frame.</param>
    /// <param name="epoch">When the first frame of the message was appended.</param>
    /// <param name="pin">Whether its segment must stay from now on: the first frame of a message.</param>
    /// <param name="waiter">Completed by the commit that covers the frame; null for a part.</param>
    /// <param name="address">Where it stands.</param>
    /// <exception cref="IntakeRefusedException">The disk has failed.</exception>
    public bool TryAppend(in FrameBody body, int epoch, bool pin, CommitWaiter? waiter, out long address)
    {
        lock (_appending)
        {
            ThrowIfFailed(epoch);
            if (!log.TryAppend(body, out address))
            {
                return false;
            }

            if (pin)
            {
                ledger.Pin(log.Layout.SegmentOf(address));
            }

            if (waiter is not null)
            {
                var first = pin ? log.Layout.SegmentOf(address) : waiter.Place.FirstSegment;
                waiter.Place = waiter.Place with { Address = address, FrameLength = FrameHeader.Size + body.Length, FirstSegment = first };
                waiter.Until = log.Tail;
                _pending.Enqueue(waiter);
            }
        }

        signal.Wake();
        return true;
    }

    /// <summary>Completes when less than half of the log's memory is uncommitted. Back-pressure.</summary>
    /// <param name="always">Waits for a commit in any case.</param>
    /// <param name="stop">Ends the wait.</param>
    public async ValueTask WaitForRoomAsync(bool always, CancellationToken stop)
    {
        while (always || IsFull)
        {
            var room = signal.NextCommit();
            ThrowIfFailed(Epoch);
            signal.Wake();
            if (always || IsFull)
            {
                await room.WaitAsync(stop);
            }

            always = false;
        }

        ThrowIfFailed(Epoch);
    }

    /// <summary>Completes when everything in the outbox at the call is stable, and segments that could go are given up.</summary>
    /// <exception cref="IntakeRefusedException">The disk has failed.</exception>
    public async ValueTask FlushAsync(CancellationToken stop)
    {
        // The turn in hand may have begun before the call.
        for (var turn = 0; turn < 2; turn++)
        {
            var end = signal.EndOfTurn();
            ThrowIfFailed(Epoch);
            signal.Wake();
            await end.WaitAsync(stop);
        }

        ThrowIfFailed(Epoch);
    }

    /// <summary>Commits what is there and ends the loop.</summary>
    public Task StopAsync()
    {
        Volatile.Write(ref _stopping, true);
        signal.Wake();
        return _ended.Task;
    }

    private void ThrowIfFailed(int epoch)
    {
        if (Volatile.Read(ref _fault) is { } fault)
        {
            throw new IntakeRefusedException(fault.Message, fault.InnerException);
        }

        if (epoch != Epoch)
        {
            throw new IntakeRefusedException("a commit failed while the message was written");
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the loop: whatever ends it must fail those who wait.")]
    private void Run()
    {
        try
        {
            for (signal.Wait(); !Volatile.Read(ref _stopping); signal.Wait())
            {
                TryTurn();
            }

            lock (_appending)
            {
                Volatile.Write(ref _fault, new IntakeRefusedException("the queue is closed"));
            }

            Turn();
            outbox.Close("the queue is closed");
        }
        catch (Exception reason)
        {
            GiveUp(reason);
        }

        signal.Committed();
        signal.TurnEnded();
        _ended.SetResult();
    }

    private void TryTurn()
    {
        try
        {
            Turn();
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            Recover(reason);
        }
    }

    private void Turn()
    {
        _draining = outbox.Take();
        _stable = 0;
        Drain();
        Commit();
        Complete();
        _draining = null;
        if (GiveUpSegments())
        {
            Commit();
        }

        signal.TurnEnded();
    }

    private void Commit()
    {
        var start = Stopwatch.GetTimestamp();
        CommitMark captured;
        lock (_appending)
        {
            // A frame and its waiter come together.
            captured = log.Capture();
        }

        if (log.Commit(captured))
        {
            watch.Committed(Stopwatch.GetElapsedTime(start));
        }

        signal.Committed();
    }

    private void Drain()
    {
        // None, when the commit that failed was the one that gives up segments.
        for (var at = _stable; _draining is { } batch && at < batch.Entries.Count; at++)
        {
            var record = batch.Entries[at];
            if (!TryAppendRecord(batch, record))
            {
                // Memory is full of what this thread has not committed: make room, then go on. The order stays.
                Commit();
                Complete();
                _stable = at;
                if (!TryAppendRecord(batch, record))
                {
                    throw new InvalidOperationException("the log takes nothing although all of it is committed");
                }
            }
        }
    }

    private bool TryAppendRecord(Outbox.Batch batch, in Outbox.Entry record)
    {
        var body = batch.BodyOf(record);
        long address;
        lock (_appending)
        {
            if (!log.TryAppend(body, out address))
            {
                return false;
            }

            if (record.Waiter is { } waiter)
            {
                waiter.Until = log.Tail;
                _pending.Enqueue(waiter);
            }
        }

        entry.Place(record, batch, address, FrameHeader.Size + body.Length);
        return true;
    }

    // The commit that just ended covers these. They are queued before anybody learns that they are accepted.
    private void Complete()
    {
        var until = log.Committed;
        _batch.Clear();
        while (_pending.TryPeek(out var waiter) && waiter.Until <= until && _pending.TryDequeue(out waiter))
        {
            _batch.Add(waiter);
        }

        entry.Enter(_batch, log.Point);
        foreach (var waiter in _batch)
        {
            waiter.Complete(true);
        }

        _batch.Clear();
    }

    private bool GiveUpSegments()
    {
        // Under the appender's lock, so that no frame stands there whose pin is still to come.
        lock (_appending)
        {
            var layout = log.Layout;
            var first = layout.SegmentOf(log.Begin);
            var kept = ledger.FirstKept(first, layout.SegmentOf(Math.Min(log.Committed, floor())));
            if (kept <= first)
            {
                return false;
            }

            log.TruncateBefore(layout.StartOf((int)kept));
            return true;
        }
    }

    private void Recover(Exception reason)
    {
        Refuse(reason);
        watch.Failed(reason);
        for (var attempt = 0; attempt < reopenings && !Volatile.Read(ref _stopping); attempt++)
        {
            if (attempt > 0)
            {
                signal.Pause(QueueSettings.ReopenInterval);
            }

            try
            {
                _pending.Clear();
                entry.Lose();
                log.Reopen(clock.GetUtcNow(), _node);
                Drain();
                Commit();
                Complete();
                _draining = null;
                Volatile.Write(ref _fault, null);
                watch.Recovered();
                signal.Wake();
                return;
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                reason = again;
            }
        }

        throw new IOException(reason.Message, reason);
    }

    // From here on nothing is appended but by this thread. Accepts are refused; records wait in their batch.
    private void Refuse(Exception reason)
    {
        var fault = new IntakeRefusedException($"a commit failed: {reason.Message}", reason);
        lock (_appending)
        {
            Volatile.Write(ref _fault, fault);
            _epoch++;
        }

        while (_pending.TryDequeue(out var waiter))
        {
            if (waiter.Message is not null)
            {
                ledger.Unpin(waiter.Place.FirstSegment);
                waiter.Fail(new IntakeRefusedException(fault.Message, reason));
            }
        }

        signal.Committed();
        signal.TurnEnded();
    }

    private void GiveUp(Exception reason)
    {
        Refuse(reason);
        for (var at = _stable; _draining is not null && at < _draining.Entries.Count; at++)
        {
            _draining.Entries[at].Waiter?.Fail(new IntakeRefusedException(_fault!.Message, reason));
        }

        foreach (var waiter in _batch)
        {
            waiter.Fail(new IntakeRefusedException(_fault!.Message, reason));
        }

        outbox.Close(_fault!.Message);
        watch.GivenUp(reason);
    }
}
