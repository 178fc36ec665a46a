using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Chooses which lane starts a worker, and whose turn it is for a lane. Called under the lock of the destination in question.</summary>
internal sealed class LaneChoice
{
    private readonly LimitFinder _finder;
    private readonly ISourceWeights _weights;
    private readonly LineAlarm _alarm;
    private readonly Scheduler _scheduler;
    private readonly ConnectionCounter _total;
    private SchedulerSettings _settings;
    private uint _orders;

    public LaneChoice(Scheduler scheduler, LimitFinder finder, ISourceWeights weights, LineAlarm alarm, SchedulerSettings settings)
    {
        (_scheduler, _finder, _weights, _alarm, _settings) = (scheduler, finder, weights, alarm, settings);
        _total = new ConnectionCounter(settings.Connections);
    }

    /// <summary>Workers of all destinations.</summary>
    public ConnectionCounter Total => _total;

    public ISourceWeights Weights => _weights;

    public void Load(SchedulerSettings settings)
    {
        Volatile.Write(ref _settings, settings);
        _total.Maximum = settings.Connections;
    }

    public LaneTerms Terms(Lane lane, PoolQueue ready) => _finder.Of(lane, ready);

    public Limit[] LimitsOf(FlowQueue flow, DestinationQueue destination, PoolQueue ready) => _finder.Of(flow, destination, ready.Pool.Name);

    /// <summary>Whether this lane's next connection place must be given up at the message boundary.</summary>
    public bool IsRecalled(Lane lane, StreamClass streamClass)
    {
        if (_total.Recalls(streamClass) || lane.IsTooMany(lane.Workers))
        {
            return true;
        }

        if (lane.Held.TryPeek(out var held))
        {
            foreach (var counter in held)
            {
                if (counter.Recalls(streamClass))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The flow whose turn it is for this lane: first what waits for its source, then what any may take.</summary>
    public FlowTurn Turn(Lane lane, PoolQueue ready, LaneTerms terms, StreamClass streamClass, long now)
    {
        for (var index = 0; index < ready.Hinted.Count; index++)
        {
            var hinted = ready.Hinted[index];
            if (hinted.Source == lane.Source.Id && Open(hinted.Queue, streamClass, lane.Destination, ready, now) is { } wanted)
            {
                return new FlowTurn(wanted, hinted.Queue, wanted.Next);
            }
        }

        if (Open(ready.Any, streamClass, lane.Destination, ready, now) is not { } flow)
        {
            return default;
        }

        if (!terms.IsWarming)
        {
            return new FlowTurn(flow, ready.Any, flow.Next);
        }

        var lively = ready.Any.WarmingTurn(streamClass, takesLow: false, out var engagement)
            ?? (HasWarmLane(ready, lane.Destination, now) ? null : ready.Any.WarmingTurn(streamClass, takesLow: true, out engagement));
        return new FlowTurn(lively, ready.Any, engagement);
    }

    /// <summary>A limit of a flow refused it: it leaves the ring and stands in the limit's line.</summary>
    public void Block(FlowQueue flow, DestinationQueue destination, Limit limit, bool isShared)
    {
        var streamClass = flow.Flow.Class;
        var waiter = flow.Waiter ??= new FlowWaiter(_scheduler, destination, flow);
        waiter.Turns.Decline(_alarm);
        flow.IsBlocked = true;
        flow.Leave();
        _alarm.Join(limit.Line, waiter, streamClass, limit.HoldsBack(streamClass, isShared), isFirst: waiter.Turns.Return(limit.Line));
    }

    /// <summary>A limit of a lane refused it.</summary>
    public void Block(Lane lane, StreamClass streamClass, WaitLine line, bool holdsBack) =>
        lane.WaitIn(line, streamClass, holdsBack, _scheduler, _alarm);

    /// <summary>A lane for what waits, if any may start now.</summary>
    /// <param name="destination">Where.</param>
    /// <param name="only">The lane that has changed; null when anything may have.</param>
    /// <param name="now">The time.</param>
    public Lane? Choose(DestinationQueue destination, Lane? only, long now)
    {
        for (var index = 0; index < destination.Ready.Count; index++)
        {
            var ready = destination.Ready[index];
            if (ready.Hinted.Count > 0)
            {
                ReleaseHinted(destination, ready, now);
            }

            if (only is null)
            {
                ready.ClearStuck();
            }
        }

        for (var streamClass = StreamClass.Transactional; streamClass <= StreamClass.Marketing; streamClass++)
        {
            for (var index = 0; index < destination.Ready.Count; index++)
            {
                var ready = destination.Ready[index];
                if (ready.Count > 0 && Choose(destination, ready, streamClass, only, now) is { } lane)
                {
                    return lane;
                }
            }
        }

        return null;
    }

    /// <summary>A lane for one class of one pool. When none could start and nothing has changed since, only the one that has is tried.</summary>
    public Lane? Choose(DestinationQueue destination, PoolQueue ready, StreamClass streamClass, Lane? only, long now)
    {
        for (var index = 0; index < ready.Hinted.Count; index++)
        {
            var hinted = ready.Hinted[index];
            if (Open(hinted.Queue, streamClass, destination, ready, now) is not null && LaneOf(destination, ready, hinted.Source) is { } wanted && TryStart(wanted, ready, streamClass, now))
            {
                return wanted;
            }
        }

        if (Open(ready.Any, streamClass, destination, ready, now) is null)
        {
            return null;
        }

        var version = _finder.Version;
        if (ready.IsStuck(streamClass, version))
        {
            return only is not null && ready.Pool.Serves(only.Source) && TryStart(only, ready, streamClass, now) ? only : null;
        }

        var lane = Scan(destination, ready, streamClass, now);
        if (lane is null)
        {
            ready.SetStuck(streamClass, version);
        }

        return lane;
    }

    /// <summary>Whether a source's lane could send here, as far as weights and trouble go.</summary>
    public bool MaySend(DestinationQueue destination, PoolQueue ready, SourceId source, long now) =>
        LaneOf(destination, ready, source) is { } lane && lane.PausedUntil <= now && _finder.Of(lane, ready).Weight > 0;

    private void ReleaseHinted(DestinationQueue destination, PoolQueue ready, long now) =>
        ready.ReleaseHinted(now, source => MaySend(destination, ready, source, now), _alarm);

    private Lane? LaneOf(DestinationQueue destination, PoolQueue ready, SourceId source)
    {
        foreach (var own in ready.Pool.Sources)
        {
            if (own.Id == source)
            {
                return destination.LaneOf(own, _alarm);
            }
        }

        return null;
    }

    // The flow whose turn it is, after those whose own limits are closed have left the ring.
    private FlowQueue? Open(ReadyQueue queue, StreamClass streamClass, DestinationQueue destination, PoolQueue ready, long now)
    {
        while (queue.Turn(streamClass) is { } flow)
        {
            if (Closed(_finder.Of(flow, destination, ready.Pool.Name), flow, now) is not { } closed)
            {
                return flow;
            }

            Block(flow, destination, closed, ready.IsShared);
        }

        return null;
    }

    private static Limit? Closed(Limit[] limits, FlowQueue flow, long now)
    {
        foreach (var limit in limits)
        {
            if (limit.OpensAt(now) > now || (limit.Line.MustWait(flow.Flow.Class) && !(flow.Waiter?.Turns.Has(limit.Line) ?? false)))
            {
                return limit;
            }
        }

        return null;
    }

    // Offers the place to each of the pool's lanes, beginning with the one whose turn it is by weight.
    private Lane? Scan(DestinationQueue destination, PoolQueue ready, StreamClass streamClass, long now)
    {
        var order = ready.Order;
        if (order is null || order.Pool != ready.Pool || order.Version != _weights.Version || order.Operator != destination.Operator)
        {
            order = ready.Order = new LaneOrder(ready.Pool, _weights, destination.Operator, Interlocked.Increment(ref _orders));
        }

        var first = order.Next();
        if (first < 0)
        {
            return null;
        }

        var lanes = order.Lanes;
        for (var step = 0; step < lanes.Length; step++)
        {
            var place = (first + step) % lanes.Length;
            var lane = lanes[place] ??= destination.LaneOf(ready.Pool.Sources[place], _alarm);
            if (TryStart(lane, ready, streamClass, now))
            {
                return lane;
            }
        }

        return null;
    }

    private bool HasWarmLane(PoolQueue ready, DestinationQueue destination, long now)
    {
        foreach (var source in ready.Pool.Sources)
        {
            if (!_weights.IsWarming(source, destination.Operator)
                && _weights.Weight(ready.Pool, source, destination.Operator) > 0
                && (destination.FindLane(source.Id) is not { } lane || (lane.PausedUntil <= now && !IsPaused(_finder.Of(lane, ready), now))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPaused(LaneTerms terms, long now)
    {
        foreach (var limit in terms.Own)
        {
            if (limit.OpensAt(now) > now)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryStart(Lane lane, PoolQueue ready, StreamClass streamClass, long now)
    {
        var bound = Volatile.Read(ref _settings).PerDestination;
        bound = lane.CeilingUntil > now ? Math.Min(bound, lane.Ceiling) : bound;
        if (!lane.IsFree(streamClass, now)
            || (lane.WaitsToConnect(streamClass) && !lane.HasIdle(now))
            || lane.Connecting > (lane.Workers - lane.Connecting) / 2
            || lane.Workers >= bound - (ready.IsShared && streamClass is StreamClass.Marketing ? Reserve.Of(bound) : 0))
        {
            return false;
        }

        var terms = _finder.Of(lane, ready);
        return terms.Weight > 0
            && (!terms.IsWarming || Turn(lane, ready, terms, streamClass, now).Flow is not null)
            && IsOpen(lane, ready, terms, streamClass, now)
            && new LaneStart(_scheduler, lane, terms, _total, streamClass, ready.IsShared, now).TryTake();
    }

    // Where others wait for a limit of this lane already, it stands behind them before it opens a connection.
    private bool IsOpen(Lane lane, PoolQueue ready, LaneTerms terms, StreamClass streamClass, long now)
    {
        foreach (var limit in terms.Own)
        {
            if (limit.OpensAt(now) > now || (limit.Line.MustWait(streamClass) && !lane.HasTurn(limit.Line, streamClass)))
            {
                Block(lane, streamClass, limit.Line, limit.HoldsBack(streamClass, ready.IsShared));
                return false;
            }
        }

        return true;
    }
}
