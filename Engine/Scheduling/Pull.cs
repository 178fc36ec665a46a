using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>
/// One pull of one lane, under its destination's lock: finds the flow whose turn it is and takes tokens for its recipients, narrow to
/// wide; what was taken is given back when a wider limit refuses.
/// </summary>
internal readonly ref struct Pull(Lane lane, LimitFinder limits, long now)
{
    /// <summary>Takes recipients of one message into <paramref name="items"/>; false when nothing may go now.</summary>
    public bool TryTake(Span<ReadyItem> items, out Pulled pulled)
    {
        for (var streamClass = StreamClass.Transactional; streamClass <= StreamClass.Marketing; streamClass++)
        {
            var ready = lane.Destination.Ready;
            for (var index = 0; index < ready.Count; index++)
            {
                var (queue, pool) = ready[index];
                while (queue.Count > 0 && pool.Serves(lane.Source) && lane.IsFree(streamClass, now) && queue.Turn(streamClass, now) is { } flow)
                {
                    var count = Take(queue, flow, items);
                    if (count > 0)
                    {
                        pulled = new Pulled(queue.Pool, limits.Of(lane, queue.Pool).MessagesPerConnection, count);
                        return true;
                    }
                }
            }
        }

        pulled = default;
        return false;
    }

    // 0: the flow or the lane has just been blocked.
    private int Take(ReadyQueue queue, FlowQueue flow, Span<ReadyItem> items)
    {
        var count = 0;
        while (count < items.Length && !flow.IsEmpty && (count == 0 || flow.Peek().Message == items[0].Message) && TryTokens(queue, flow, isFirst: count == 0))
        {
            items[count++] = queue.Take(flow);
        }

        if (count > 0)
        {
            queue.EndTurn(flow);
        }

        return count;
    }

    private bool TryTokens(ReadyQueue queue, FlowQueue flow, bool isFirst)
    {
        var holdsBack = queue.IsShared && flow.Flow.Class is StreamClass.Marketing;
        var own = limits.Of(flow);
        var ofLane = limits.Of(lane, queue.Pool);
        var mixed = ofLane.Mixed(flow.Flow);
        if (!Tokens.TryTake(own, holdsBack, now, out var readyAt))
        {
            Block(queue, flow, isFirst, readyAt);
            return false;
        }

        if (!Tokens.TryTake(mixed, holdsBack, now, out readyAt))
        {
            Tokens.Refund(own);
            Block(queue, flow, isFirst, readyAt);
            return false;
        }

        if (!Tokens.TryTake(ofLane.Own, holdsBack, now, out readyAt))
        {
            Tokens.Refund(own);
            Tokens.Refund(mixed);
            lane.Block(flow.Flow.Class, readyAt);
            return false;
        }

        return true;
    }

    // After a first success the flow keeps its turn's end; its limit is asked again at the next one.
    private static void Block(ReadyQueue queue, FlowQueue flow, bool isFirst, long readyAt)
    {
        if (isFirst)
        {
            queue.Block(flow, readyAt);
        }
    }
}
