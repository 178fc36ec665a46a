using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Snapshots;
using Engine.Queue.Spool;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>The durable queue: 250 means on stable storage. All members are thread-safe unless they say otherwise.</summary>
/// <remarks>
/// A slot number read from <see cref="Due"/> is the reader's until it calls <see cref="TryBegin"/> and gets false, or
/// <see cref="SettleAsync"/>, <see cref="Defer"/> or <see cref="PutBack"/>: until then it never names another recipient.
/// </remarks>
internal sealed class MailQueue : ICompaction, IAsyncDisposable
{
    // Not begun because the disk fails: looked at again then.
    private static readonly TimeSpan FaultDelay = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Generations _spool;
    private readonly SegmentLedger _ledger = new();
    private readonly RecentIds _recent = new();
    private readonly Pool<CommitWaiter> _waiters = new(1_024);
    private readonly Outbox _outbox = new();
    private readonly QueueIndex _index;
    private readonly DuePump _pump;
    private readonly MessageReader _reader;
    private readonly CommitSignal _signal;
    private readonly SnapshotShelf _shelf;
    private readonly GroupCommit _commit;
    private readonly Journal _journal;
    private readonly Upkeep _upkeep;
    private readonly BulkMarks _marks;
    private readonly Acceptance _acceptance;
    private readonly DiskGuard _guard;
    private readonly QueueMetrics _metrics;
    private MessageIdSource? _ids;

    private MailQueue(Generations spool, ISpoolDisk disk, QueueSettings settings, TimeProvider clock, ILogger logger)
    {
        _clock = clock;
        _logger = logger;
        _spool = spool;
        _guard = new DiskGuard(disk, settings.MinFreeDisk, clock);
        _index = new QueueIndex(_ledger, spool.Layout.SegmentBits, Seconds.Passed(clock.GetUtcNow()));
        _pump = new DuePump(_index, _gate, clock);
        _reader = new MessageReader(spool);
        _signal = new CommitSignal(clock);
        _shelf = new SnapshotShelf(disk, _index, _gate, _recent);
        _marks = new BulkMarks(_index, _gate, _pump);
        Census = new QueueCensus(_gate, _index, _marks);
        _metrics = new QueueMetrics(() => Counts, () => spool.Octets, () => _guard.Free, () => Refusal is not null);
        var entry = new IndexEntry(_index, _gate, _pump, _marks);
        var watch = new QueueWatch(logger, _metrics, reason => Failed?.Invoke(reason));
        _commit = new GroupCommit(_spool[0], entry, _ledger, _outbox, _signal, clock, () => _shelf.Floor(0), watch, settings.ReopenAttempts);
        _journal = new Journal(_outbox, _signal, _commit);
        var copier = new SegmentCopier(_spool, _index, _gate, _ledger, _reader, _journal, _shelf, clock, logger);
        _upkeep = new Upkeep(disk, _spool, _shelf, copier, _ledger, _index, _gate, entry, _marks, _journal, _signal, clock, logger);
        watch.Grown = _upkeep.Note;
        _acceptance = new Acceptance(_gate, _index, _recent, _commit, new MessageWriter(_commit, spool.Layout, _ledger), _waiters);
        Operators = new QueueOperators(_gate, _index, _pump, _ledger, _reader, clock, _journal, _marks);
        Orders = new BulkOrders(_gate, _marks, _journal, _waiters, _ledger, _reader, clock, _upkeep.Wake);
    }

    /// <summary>The disk failed and does not come back: nothing more can be stored, and nothing is sent. Raised once, on the commit thread, which must not be kept waiting. The daemon ends with 75.</summary>
    public event Action<Exception>? Failed;

    /// <summary>An operator's cancel or fail of a recipient in flight took effect, because the attempt came back without a delivery.</summary>
    public event Action<LateEnd>? EndedLate;

    /// <summary>Ids for new messages; starts above everything recovered.</summary>
    public MessageIdSource Ids => _ids ?? throw new InvalidOperationException("The queue is not open.");

    /// <summary>Null while mail is taken; otherwise why not, for 452 4.3.1: the disk is nearly full, a commit failed.</summary>
    public string? Refusal => _commit.Fault ?? _guard.Refusal;

    public QueueCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _index.Counts;
            }
        }
    }

    /// <summary>What operators ask and change.</summary>
    public QueueOperators Operators { get; }

    /// <summary>What is queued, counted.</summary>
    public QueueCensus Census { get; }

    /// <summary>What operators order for many at once.</summary>
    public BulkOrders Orders { get; }

    /// <summary>Slots whose time has come (state Ready), fresh mail first come first served. One reader.</summary>
    public ChannelReader<int> Due => _pump.Due;

    /// <summary>Opens and recovers. Refuses, naming the file, rather than start short.</summary>
    /// <exception cref="QueueDamagedException">The log is damaged, cut or gone.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The queue owns the disk.")]
    public static Task<MailQueue> OpenAsync(QueueSettings settings, TimeProvider clock, ILogger log, CancellationToken stop)
    {
        if (settings.Durability == Durability.Memory)
        {
            QueueLog.NotDurable(log);
        }

        var reserve = new DiskReserve(settings.ShardDirectory, settings.Reserve, () => QueueLog.ReserveUsed(log));
        return OpenAsync(settings, new SpoolDisk(settings.ShardDirectory, settings.Durability == Durability.Disk, reserve), clock, log, stop);
    }

    /// <summary>The same on another disk, which it owns from now on.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The queue owns the logs.")]
    internal static async Task<MailQueue> OpenAsync(QueueSettings settings, ISpoolDisk disk, TimeProvider clock, ILogger log, CancellationToken stop)
    {
        var spool = new Generations(disk, settings.Layout ?? LogLayout.For(settings.Memory.Octets));
        var queue = new MailQueue(spool, disk, settings, clock, log);
        try
        {
            await Task.Run(() => queue.Recover(settings.Node), stop);
            return queue;
        }
        catch
        {
            queue.Close();
            throw;
        }
    }

    /// <summary>Completes once the message is on stable storage. Waits while too much is uncommitted. A message id accepted before is a no-op.</summary>
    /// <param name="message">Its memory is read until the returned task completes.</param>
    /// <param name="stop">Heard while it waits for room; once the message is appended, the accept runs to its end.</param>
    /// <exception cref="IntakeRefusedException">See <see cref="Refusal"/>: answer 452 4.3.1.</exception>
    public ValueTask AcceptAsync(NewMessage message, CancellationToken stop)
    {
        if (Refusal is { } refusal)
        {
            return ValueTask.FromException(new IntakeRefusedException(refusal));
        }

        return _acceptance.AcceptAsync(message, stop);
    }

    /// <summary>Takes in content too large to be held, while it comes in: see <see cref="NewMessage.Before"/>.</summary>
    /// <param name="id">The message it will be accepted with.</param>
    public IIncomingContent BeginContent(MessageId id) => _acceptance.Begin(id, () => Refusal);

    /// <summary>What the index knows; state None when the slot was freed meanwhile.</summary>
    public QueuedRecipient Look(int slot)
    {
        lock (_gate)
        {
            return _index.Look(slot);
        }
    }

    public Flow FlowOf(int flow) => _index.Messages.Flows.Of(flow);

    public DomainName DomainOf(int domain) => _index.Domains.Of(domain);

    /// <summary>Ready → InFlight. False when it was cancelled or held meanwhile, or the disk fails: forget the slot, it comes again if it has to.</summary>
    public bool TryBegin(int slot)
    {
        lock (_gate)
        {
            _marks.Meet(slot);
            var isReady = _index.IsQueued(slot) && _index.Recipients[slot].State == RecipientState.Ready;
            var again = isReady && (_index.Recipients[slot].Marks & SlotMarks.Again) != 0;
            if (!isReady || (!again && _commit.Fault is null))
            {
                return _index.Begin(slot);
            }

            Return(slot, again ? _clock.GetUtcNow() : _clock.GetUtcNow() + FaultDelay);
            return false;
        }
    }

    /// <summary>Reads the message of a slot in flight. Blocks for the disk when the message is not in the system's cache.</summary>
    /// <exception cref="QueueDamagedException">The octets are not those that were written.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller disposes it.")]
    public ValueTask<StoredMessage> ReadAsync(int slot, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        MessageId id;
        MessagePlace place;
        HeadPlace[] rewritten;
        SegmentPin pin;
        lock (_gate)
        {
            if (!_index.IsQueued(slot))
            {
                throw new InvalidOperationException($"Nobody is queued in slot {slot}.");
            }

            id = _index.IdOf(slot);
            place = _index.Messages.PlaceOf(_index.Recipients[slot].Message);
            rewritten = _index.Messages.Heads.Of(id.Value);
            pin = _ledger.Hold(place.FirstSegment);
        }

        return _reader.ReadAsync(id, place, rewritten, pin, stop);
    }

    /// <summary>InFlight → gone. Durable within 20 ms; the returned task completes then. False when it had ended already.</summary>
    /// <exception cref="IntakeRefusedException">The disk failed: it may be sent again after a restart.</exception>
    public ValueTask<bool> SettleAsync(int slot, EndKind end, ushort code)
    {
        var waiter = CommitWaiter.Take(_waiters);
        if (End(slot, end, code, waiter))
        {
            return waiter.Result;
        }

        waiter.Return();
        return new ValueTask<bool>(false);
    }

    /// <summary>The same without waiting for the commit: a crash before it repeats the delivery, which is what a crash before the call does.</summary>
    public bool Settle(int slot, EndKind end, ushort code) => End(slot, end, code, null);

    /// <summary>InFlight → Waiting; the attempt counts, unless it says otherwise. Durable within 20 ms. False when it had ended, or ends now because an operator said so.</summary>
    public bool Defer(int slot, in Deferral deferral)
    {
        LateEnd? late;
        lock (_gate)
        {
            if (!_index.IsQueued(slot) || _index.Recipients[slot].State != RecipientState.InFlight)
            {
                return false;
            }

            late = EndLate(slot);
            if (late is null)
            {
                var attempts = (ushort)Math.Min(_index.Recipients[slot].Attempts + (deferral.IsUncounted ? 0 : 1), ushort.MaxValue);
                _index.CountAttempt(slot, attempts, deferral.Category, deferral.IsUncertain);
                var recipient = _index.Look(slot);
                _journal.Post(FrameKind.Defer, recipient.Id, null, slot, new DeferRecord(_clock.GetUtcNow(), recipient.Index, attempts, deferral), static (octets, record) =>
                    record.Write(octets));
                Return(slot, deferral.Due);
            }
        }

        Raise(late);
        return late is null;
    }

    /// <summary>Ready or InFlight → Waiting without counting: trouble of our own. Not written to the log.</summary>
    public void PutBack(int slot, DateTimeOffset due)
    {
        LateEnd? late;
        lock (_gate)
        {
            var state = _index.IsQueued(slot) ? _index.Recipients[slot].State : RecipientState.None;
            if (state is not (RecipientState.Ready or RecipientState.InFlight))
            {
                _index.Begin(slot);
                return;
            }

            late = state == RecipientState.InFlight ? EndLate(slot) : null;
            if (late is null)
            {
                Return(slot, due);
            }
        }

        Raise(late);
    }

    /// <summary>Puts a head in the place of an older one, for a revoked or retired selector. False when the message has ended.</summary>
    /// <param name="id">The message.</param>
    /// <param name="number">Of the head.</param>
    /// <param name="head">Copied before this returns.</param>
    public ValueTask<bool> RewriteHeadAsync(MessageId id, ushort number, MessageHead head)
    {
        lock (_gate)
        {
            if (!_index.Knows(id))
            {
                return new ValueTask<bool>(false);
            }

            var waiter = CommitWaiter.Take(_waiters);
            _journal.Post(FrameKind.Head, id, waiter, -1, (Now: _clock.GetUtcNow(), number, head), static (octets, rewrite) =>
                Records.WriteHead(octets, rewrite.Now, rewrite.number, rewrite.head));
            return waiter.Result;
        }
    }

    /// <summary>Gives back all the disk that can be given back now (<c>spool compact</c>). Completes when that is done.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public Task<CompactionResult> CompactAsync(CancellationToken stop) => _upkeep.CompactAsync(stop);

    /// <summary>Stops intake, commits what is there, closes the logs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _upkeep.StopAsync();
        await _commit.StopAsync();
        Close();
    }

    private bool End(int slot, EndKind end, ushort code, CommitWaiter? waiter)
    {
        lock (_gate)
        {
            if (!_index.IsQueued(slot))
            {
                _index.Begin(slot);
                return false;
            }

            var recipient = _index.Look(slot);
            _index.End(slot, comesBack: true);
            _journal.Post(FrameKind.Settle, recipient.Id, waiter, -1, (Now: _clock.GetUtcNow(), recipient.Index, End: end, Code: code), static (octets, settle) =>
                Records.WriteSettle(octets, settle.Now, settle.Index, settle.End, settle.Code));
            return true;
        }
    }

    private void Recover(int node)
    {
        var now = _clock.GetUtcNow();
        lock (_gate)
        {
            SpoolOpening.Recover(_spool, _shelf, _reader, _index, _ledger, _recent, _marks, (now, node), _logger);
            for (var slot = 0; slot < _index.Recipients.High; slot++)
            {
                if (_index.IsQueued(slot))
                {
                    _pump.Start(slot, Seconds.Passed(now));
                }
            }

            _pump.Arm();
            QueueLog.Recovered(_logger, _index.Counts.Queued, _index.Messages.Count, _spool[0].Begin, _spool[0].Tail);
        }

        _ids = new MessageIdSource(node, _clock, _spool[0].LastId);
        _upkeep.Start(node);
        _signal.Start();
        _commit.Start(node);
    }

    private void Close()
    {
        _pump.Dispose();
        _upkeep.Dispose();
        _signal.Dispose();
        _metrics.Dispose();
        _outbox.Dispose();
        _spool.Dispose();
    }

    private void Return(int slot, DateTimeOffset due)
    {
        _index.Return(slot, Seconds.Of(due));
        _pump.Start(slot, _pump.Now);
        _pump.Arm();
    }

    // The frame was written when the operator asked; now it comes true.
    private LateEnd? EndLate(int slot)
    {
        _marks.Meet(slot);
        var marks = _index.Recipients[slot].Marks & SlotMarks.EndLater;
        if (marks == 0)
        {
            return null;
        }

        var recipient = _index.Look(slot);
        _index.End(slot, comesBack: true);
        return new LateEnd(recipient.Id, recipient.Index, (marks & SlotMarks.FailLater) != 0 ? EndKind.Bounced : EndKind.Cancelled);
    }

    private void Raise(LateEnd? late)
    {
        if (late is { } end)
        {
            EndedLate?.Invoke(end);
        }
    }
}
