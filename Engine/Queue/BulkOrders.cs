using System.Diagnostics.CodeAnalysis;
using Engine.Queue.Frames;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Takes orders for many recipients at once.</summary>
internal sealed class BulkOrders(
    Lock gate,
    BulkMarks marks,
    Journal journal,
    Pool<CommitWaiter> waiters,
    SegmentLedger ledger,
    MessageReader reader,
    TimeProvider clock,
    Action given)
{
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

        var affected = new AffectedRecipients(ledger, reader);
        BulkMark? mark = null;
        try
        {
            ValueTask<bool> stable;
            lock (gate)
            {
                var now = clock.GetUtcNow();
                var waiter = CommitWaiter.Take(waiters);
                stable = waiter.Result;
                mark = new BulkMark(order, Seconds.Passed(now), affected);
                marks.Add(mark);
                journal.Post(FrameKind.Mark, default, waiter, -1, (now, order), static (octets, order) => order.order.Write(octets, order.now));
            }

            journal.Hurry();
            await stable;
            given();
            return new BulkChange(affected, mark.Done);
        }
        catch
        {
            lock (gate)
            {
                marks.Remove(mark);
            }

            affected.Dispose();
            throw;
        }
    }
}
