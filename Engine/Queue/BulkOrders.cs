using System.Diagnostics.CodeAnalysis;
using Engine.Queue.Frames;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Takes orders for many recipients at once.</summary>
internal sealed class BulkOrders
{
    private readonly Lock _gate;
    private readonly BulkMarks _marks;
    private readonly Journal _journal;
    private readonly Pool<CommitWaiter> _waiters;
    private readonly SegmentLedger _ledger;
    private readonly MessageReader _reader;
    private readonly TimeProvider _clock;
    private readonly Action _given;

    internal BulkOrders(
        Lock gate,
        BulkMarks marks,
        Journal journal,
        Pool<CommitWaiter> waiters,
        SegmentLedger ledger,
        MessageReader reader,
        TimeProvider clock,
        Action given)
    {
        _gate = gate;
        _marks = marks;
        _journal = journal;
        _waiters = waiters;
        _ledger = ledger;
        _reader = reader;
        _clock = clock;
        _given = given;
    }

    /// <summary>
    /// Completes when the order is on stable storage: from then on nobody it is meant for is begun, shown or counted by walks as he
    /// was. Memory, counters and disk follow behind.
    /// </summary>
    /// <exception cref="ArgumentException">The selector asks for what one record cannot tell: <see cref="BulkOrder.CanMark"/>.</exception>
    /// <exception cref="IntakeRefusedException">The disk failed: the order may have been lost.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Whoever waits for the change disposes of it.")]
    public async Task<BulkChange> GiveAsync(BulkOrder order)
    {
        if (!BulkOrder.CanMark(order.Selector))
        {
            throw new ArgumentException("The selector cannot be carried out by one record.", nameof(order));
        }

        var affected = new AffectedRecipients(_ledger, _reader);
        BulkMark? mark = null;
        try
        {
            ValueTask<bool> stable;
            lock (_gate)
            {
                var now = _clock.GetUtcNow();
                var waiter = CommitWaiter.Take(_waiters);
                stable = waiter.Result;
                mark = new BulkMark(order, Seconds.Passed(now), affected);
                _marks.Add(mark);
                _journal.Post(FrameKind.Mark, default, waiter, -1, (now, order), static (octets, given) => given.order.Write(octets, given.now));
            }

            _journal.Hurry();
            await stable;
            _given();
            return new BulkChange(affected, mark.Done);
        }
        catch
        {
            lock (_gate)
            {
                _marks.Remove(mark);
            }

            affected.Dispose();
            throw;
        }
    }
}
