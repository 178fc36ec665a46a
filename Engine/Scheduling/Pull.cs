using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>
/// One pull of one lane, under its destination's lock: finds the flow whose turn it is and takes tokens for its recipients, narrow to
/// wide; what was taken is given back when a wider limit refuses, and who was refused stands in that limit's line.
/// </summary>
internal readonly ref struct Pull(Lane lane, LaneChoice choice, LineAlarm alarm, long now)
{
    /// <summary>Takes recipients of one message into <paramref name="items"/>; false when nothing may go now.</summary>
    public bool TryTake(Span<ReadyItem> items, out Pulled pulled)
    {
        for (var streamClass = StreamClass.Transactional; streamClass <= StreamClass.Marketing; streamClass++)
        {
            var ready = lane.Destination.Ready;
            for (var index = 0; index < ready.Count && lane.IsFree(streamClass, now); index++)
            {
                var queue = ready[index];
                if (queue.Count == 0 || choice.Terms(lane, queue) is not { Weight: > 0 } terms || choice.IsRecalled(lane, streamClass))
                {
                    continue;
                }

                var count = Take(queue, terms, streamClass, items);
                if (count > 0)
                {
                    pulled = new Pulled(queue.Pool.Name, terms.MessagesPerConnection, count);
                    return true;
                }
            }
        }

        pulled = default;
        return false;
    }

    private int Take(PoolQueue ready, LaneTerms terms, StreamClass streamClass, Span<ReadyItem> items)
    {
        while (lane.IsFree(streamClass, now) && choice.Turn(lane, ready, terms, streamClass, now) is { Flow: { } flow } turn)
        {
            var count = 0;
            while (count < items.Length
                && flow.Has(turn.Engagement)
                && (count == 0 || flow.Peek(turn.Engagement).Message == items[0].Message)
                && TryTokens(ready, flow, terms, isFirst: count == 0))
            {
                items[count++] = turn.Queue.Take(flow, turn.Engagement);
            }

            if (count > 0)
            {
                turn.Queue.EndTurn(flow, count);
                return count;
            }
        }

        return 0;
    }

    private bool TryTokens(PoolQueue ready, FlowQueue flow, LaneTerms terms, bool isFirst)
    {
        var streamClass = flow.Flow.Class;
        var own = choice.LimitsOf(flow, lane.Destination, ready);
        for (var index = 0; index < own.Length; index++)
        {
            if (!own[index].TryTake(now, streamClass, own[index].HoldsBack(streamClass, ready.IsShared), flow.Waiter?.Turns.Has(own[index].Line) ?? false))
            {
                Tokens.Refund(own.AsSpan(0, index));
                if (isFirst)
                {
                    choice.Block(flow, lane.Destination, own[index], ready.IsShared);
                }

                return false;
            }
        }

        var mixed = terms.OfFlow(flow.Flow);
        if (!TryTake(mixed, streamClass, ready.IsShared, isFirst))
        {
            Return(flow, own);
            return false;
        }

        if (!TryTake(terms.Own, streamClass, ready.IsShared, isFirst))
        {
            Tokens.Refund(mixed);
            Return(flow, own);
            return false;
        }

        flow.Waiter?.Turns.Use(ofConnects: false, alarm);
        lane.UseTurn(ofConnects: false, streamClass, alarm);
        return true;
    }

    // The lane was refused: another may take the flow, or somebody else its token.
    private void Return(FlowQueue flow, Limit[] own)
    {
        Tokens.Refund(own);
        flow.Waiter?.Turns.Decline(alarm);
    }

    // Limits of the lane: refused, it waits. After a first success it is asked again at its next pull.
    private bool TryTake(Limit[] limits, StreamClass streamClass, bool isShared, bool isFirst)
    {
        for (var index = 0; index < limits.Length; index++)
        {
            var limit = limits[index];
            if (!limit.TryTake(now, streamClass, limit.HoldsBack(streamClass, isShared), lane.HasTurn(limit.Line, streamClass)))
            {
                Tokens.Refund(limits.AsSpan(0, index));
                if (isFirst)
                {
                    choice.Block(lane, streamClass, limit.Line, limit.HoldsBack(streamClass, isShared));
                }

                return false;
            }
        }

        return true;
    }
}
