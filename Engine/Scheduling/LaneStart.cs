using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>The start of one worker: takes tokens of connection rates and a place in every counter, or nothing. Under the destination's lock.</summary>
internal readonly ref struct LaneStart(Scheduler scheduler, Lane lane, LaneTerms terms, ConnectionCounter total, StreamClass streamClass, bool isShared, long now)
{
    public bool TryTake()
    {
        var isIdle = lane.HasIdle(now);
        if (!isIdle && !TryTakeConnects())
        {
            return false;
        }

        if (!TryTakePlaces())
        {
            if (!isIdle)
            {
                Refund(terms.Own);
            }

            return false;
        }

        // A connection that an earlier worker left open is used again and takes no token; when it has gone meanwhile, Connected sets that right.
        lane.Idle = isIdle ? lane.Idle - 1 : 0;
        lane.ConnectTokens += isIdle ? 0 : 1;
        lane.UseTurn(ofConnects: true, streamClass, scheduler.Lines);
        lane.Held.Push(terms.Counters);
        lane.Workers++;
        lane.Connecting++;
        lane.Destination.Workers++;
        return true;
    }

    private bool TryTakeConnects()
    {
        var limits = terms.Own;
        for (var index = 0; index < limits.Length; index++)
        {
            var limit = limits[index];
            if (limit.ConnectBucket is null)
            {
                continue;
            }

            var holdsBack = limit.HoldsBack(streamClass, isShared);
            if (!limit.TryConnect(now, streamClass, holdsBack, lane.HasTurn(limit.ConnectLine, streamClass)))
            {
                Refund(limits.AsSpan(0, index));
                scheduler.Choice.Block(lane, streamClass, limit.ConnectLine, holdsBack);
                return false;
            }
        }

        return true;
    }

    private bool TryTakePlaces()
    {
        if (lane.IsTooMany(lane.Workers + 1))
        {
            lane.Destination.WaitFor(lane.Places.Counter, streamClass, HoldsBack(terms.Counted.Length));
            return false;
        }

        for (var index = 0; index < terms.Counters.Length; index++)
        {
            if (!TryCount(terms.Counters[index], HoldsBack(index)))
            {
                Release(index);
                return false;
            }
        }

        if (TryCount(total, streamClass is StreamClass.Marketing))
        {
            return true;
        }

        Release(terms.Counters.Length);
        return false;
    }

    // The receiver's places are of one source: only the classes of a shared pool share them.
    private bool HoldsBack(int index) =>
        index < terms.Counted.Length ? terms.Counted[index].HoldsBack(streamClass, isShared) : isShared && streamClass is StreamClass.Marketing;

    // Somebody may have been refused these places in between; the alarm offers them outside this lock.
    private void Release(int count)
    {
        for (var index = 0; index < count; index++)
        {
            terms.Counters[index].Release();
            if (index < terms.Counted.Length)
            {
                scheduler.Lines.Changed(terms.Counted[index]);
            }
            else
            {
                scheduler.Places.OfferLater(terms.Counters[index]);
            }
        }
    }

    private static void Refund(ReadOnlySpan<Limit> limits)
    {
        foreach (var limit in limits)
        {
            limit.ConnectBucket?.Refund();
        }
    }

    // Refused: stands in line, and tries once more in case a place came free in between.
    private bool TryCount(ConnectionCounter counter, bool holdsBack)
    {
        if (counter.TryTake(streamClass, holdsBack))
        {
            return true;
        }

        lane.Destination.WaitFor(counter, streamClass, holdsBack);
        return counter.TryTake(streamClass, holdsBack);
    }
}
