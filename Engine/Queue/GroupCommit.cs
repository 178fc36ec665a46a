using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>
/// The one commit loop, on a thread of its own: it commits whenever the tail moved, and what arrives meanwhile rides on the next. It
/// alone calls the log's Commit, enters accepted messages into the index and gives up segments.
/// </summary>
/// <param name="log">Appended to by any thread through <see cref="TryAppend"/>.</param>
/// <param name="index">Used under <paramref name="gate"/>.</param>
/// <param name="gate">The queue's lock.</param>
/// <param name="pump">Sends out what is due.</param>
/// <param name="ledger">Which segments must stay.</param>
/// <param name="outbox">Small records to append.</param>
/// <param name="clock">For the settlement timer.</param>
/// <param name="committed">Told the time of each commit.</param>
/// <param name="failed">Called once, on the loop's thread, when the disk failed.</param>
internal sealed class GroupCommit(
    IMessageLog log,
    QueueIndex index,
    Lock gate,
    DuePump pump,
    SegmentLedger ledger,
    Outbox outbox,
    TimeProvider clock,
    Action<TimeSpan> committed,
    Action<Exception> failed) : IDisposable
{
    /// <summary>A settlement alone waits this long for company; a crash repeats at most those.</summary>
    public static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(20);

    private readonly Lock _appending = new();
    private readonly ConcurrentQueue<CommitWaiter> _pending = new();
    private readonly List<CommitWaiter> _batch = [];
    private readonly object _wake = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _settleTimer;
    private TaskCompletionSource? _room;
    private IntakeRefusedException? _fault;
    private Outbox.Batch? _draining;
    private int _drained;
    private bool _work;
    private bool _stopping;

    /// <summary>Why nothing is appended any more; null while all is well.</summary>
    public string? Fault => Volatile.Read(ref _fault)?.Message;

    private bool IsFull => log.Tail - log.Committed > log.Layout.MemorySize / 2;

    public void Start()
    {
        _settleTimer = clock.CreateTimer(static loop => ((GroupCommit)loop!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        new Thread(Run) { IsBackground = true, Name = "queue commit" }.Start();
    }

    /// <summary>Appends a frame and wakes the loop. False when memory is full: wait for <see cref="WaitForRoomAsync"/>.</summary>
    /// <param name="body">The frame.</param>
    /// <param name="pin">Whether its segment must stay from now on: the first frame of a message.</param>
    /// <param name="waiter">Completed by the commit that covers the frame; null for a part.</param>
    /// <param name="address">Where it stands.</param>
    /// <exception cref="IntakeRefusedException">The disk has failed.</exception>
    public bool TryAppend(in FrameBody body, bool pin, CommitWaiter? waiter, out long address)
    {
        lock (_appending)
        {
            ThrowIfFailed();
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

        Wake();
        return true;
    }

    /// <summary>Completes when less than half of the log's memory is uncommitted. Back-pressure.</summary>
    /// <param name="always">Waits for a commit in any case.</param>
    /// <param name="stop">Ends the wait.</param>
    public async ValueTask WaitForRoomAsync(bool always, CancellationToken stop)
    {
        while (always || IsFull)
        {
            var room = RoomSignal();
            ThrowIfFailed();
            Wake();
            if (always || IsFull)
            {
                await room.WaitAsync(stop);
            }

            always = false;
        }

        ThrowIfFailed();
    }

    /// <summary>A record was added to the empty outbox: see to it within <see cref="SettleDelay"/>, or at once.</summary>
    public void Expect(bool now)
    {
        if (now)
        {
            Wake();
        }
        else
        {
            _settleTimer?.Change(SettleDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Commits what is there and ends the loop.</summary>
    public Task StopAsync()
    {
        Volatile.Write(ref _stopping, true);
        Wake();
        return _ended.Task;
    }

    public void Dispose() => _settleTimer?.Dispose();

    private void ThrowIfFailed()
    {
        if (Volatile.Read(ref _fault) is { } fault)
        {
            throw new IntakeRefusedException(fault.Message, fault.InnerException);
        }
    }

    private Task RoomSignal()
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _room, fresh, null) ?? fresh).Task;
    }

    private void Wake()
    {
        lock (_wake)
        {
            _work = true;
            Monitor.Pulse(_wake);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the loop: whatever ends it must fail those who wait.")]
    private void Run()
    {
        try
        {
            while (WaitForWork())
            {
                Turn();
            }

            Close();
            Turn();
            outbox.Close("the queue is closed");
        }
        catch (Exception reason)
        {
            Fail(reason);
        }

        _ended.SetResult();
    }

    private void Close()
    {
        lock (_appending)
        {
            Volatile.Write(ref _fault, new IntakeRefusedException("the queue is closed"));
        }
    }

    // False once the loop is to end.
    private bool WaitForWork()
    {
        lock (_wake)
        {
            while (!_work)
            {
                Monitor.Wait(_wake);
            }

            _work = false;
            return !Volatile.Read(ref _stopping);
        }
    }

    private void Turn()
    {
        DrainOutbox();
        Commit();
        Complete();
        if (GiveUpSegments())
        {
            Commit();
        }
    }

    private void Commit()
    {
        var start = Stopwatch.GetTimestamp();
        if (log.Commit())
        {
            committed(Stopwatch.GetElapsedTime(start));
        }

        Interlocked.Exchange(ref _room, null)?.TrySetResult();
    }

    private void DrainOutbox()
    {
        _draining = outbox.Take();
        for (_drained = 0; _drained < _draining.Entries.Count; _drained++)
        {
            var entry = _draining.Entries[_drained];
            if (!TryAppendRecord(_draining, entry))
            {
                // Memory is full of what this thread has not committed: make room, then go on. The order stays.
                Commit();
                Complete();
                if (!TryAppendRecord(_draining, entry))
                {
                    throw new IOException("the log takes nothing although all of it is committed");
                }
            }
        }

        _draining = null;
    }

    private bool TryAppendRecord(Outbox.Batch batch, in Outbox.Entry entry)
    {
        var body = batch.BodyOf(entry);
        long address;
        lock (_appending)
        {
            if (!log.TryAppend(body, out address))
            {
                return false;
            }

            if (entry.Waiter is { } waiter)
            {
                waiter.Until = log.Tail;
                _pending.Enqueue(waiter);
            }
        }

        if (entry.Slot >= 0)
        {
            lock (gate)
            {
                index.SetDetail(entry.Slot, entry.Id, address);
            }
        }
        else if (entry.Kind == FrameKind.Head)
        {
            var number = Records.ReadHead(batch.Octets.Written.Slice(entry.Start, entry.Length)).Number;
            lock (gate)
            {
                SetHead(entry.Id, new HeadPlace(number, address, FrameHeader.Size + body.Length));
            }
        }

        return true;
    }

    private void SetHead(Mail.MessageId id, HeadPlace place)
    {
        if (index.Knows(id))
        {
            index.Heads.Set(id.Value, place);
        }
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

        lock (gate)
        {
            var now = pump.Now;
            foreach (var waiter in _batch)
            {
                if (waiter.Message is { } message)
                {
                    Enter(waiter.Place, message, now);
                }
            }

            pump.Arm();
        }

        foreach (var waiter in _batch)
        {
            waiter.Complete(true);
        }

        _batch.Clear();
    }

    private void Enter(in MessagePlace place, NewMessage message, uint now)
    {
        var first = index.Insert(place, message.Envelope);
        for (var slot = first; slot < first + message.Envelope.Recipients.Count; slot++)
        {
            if (index.Start(slot, now))
            {
                pump.Send(slot);
            }
        }
    }

    private bool GiveUpSegments()
    {
        // Under the appender's lock, so that no frame stands there whose pin is still to come.
        lock (_appending)
        {
            var layout = log.Layout;
            var first = layout.SegmentOf(log.Begin);
            var kept = ledger.FirstKept(first, layout.SegmentOf(log.Committed));
            if (kept == first)
            {
                return false;
            }

            log.TruncateBefore(layout.StartOf(kept));
            return true;
        }
    }

    private void Fail(Exception reason)
    {
        lock (_appending)
        {
            Volatile.Write(ref _fault, new IntakeRefusedException($"a commit failed: {reason.Message}", reason));
        }

        FailAll(_fault.Message, reason);
        outbox.Close(_fault.Message);
        Interlocked.Exchange(ref _room, null)?.TrySetResult();
        failed(reason);
    }

    // Those whose frame is appended, those of the batch in hand, those whose record was about to be appended.
    private void FailAll(string message, Exception reason)
    {
        while (_pending.TryDequeue(out var waiter))
        {
            _batch.Add(waiter);
        }

        for (; _draining is not null && _drained < _draining.Entries.Count; _drained++)
        {
            if (_draining.Entries[_drained].Waiter is { } waiter && !_batch.Contains(waiter))
            {
                _batch.Add(waiter);
            }
        }

        foreach (var waiter in _batch)
        {
            waiter.Fail(new IntakeRefusedException(message, reason));
        }
    }
}
