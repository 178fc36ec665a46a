using System.Collections.Concurrent;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>
/// Decides who sends what next. Recipients wait in READY (pool × destination); workers of lanes (source × destination) pull.
/// It starts a worker by calling its starter, never waits, and does no I/O. Thread-safe: one lock per destination.
/// </summary>
/// <remarks>
/// A worker's life: started (the lane counts it, its connection places are taken) → <see cref="Connected"/> once → <see cref="TryPull"/>
/// until that says false, which retires it under the same lock under which items are added: no wake-up is lost.
/// A flow or lane refused by a limit stands in that limit's line and is out of its ring; a destination refused a connection stands in the
/// counter's line; no attempt is counted for any of them.
/// </remarks>
internal sealed class Scheduler : IDisposable
{
    private const int CeilingMinutes = 5;

    // Servers close idle connections after some seconds to minutes; who is wrong about it is charged afterwards.
    private const int IdleSeconds = 5;

    private readonly ConcurrentDictionary<DestinationId, DestinationQueue> _destinations = new();
    private readonly TimeProvider _clock;
    private readonly Action<Lane> _start;
    private readonly Action<DestinationQueue> _offer;
    private readonly Alarm<DestinationQueue> _alarm;
    private readonly long _minute;

    /// <param name="limits">The limit tree; its changes wake who waits.</param>
    /// <param name="clock">Gives timestamps and the timers.</param>
    /// <param name="settings">Bounds.</param>
    /// <param name="start">Starts a worker for a lane; called outside every lock, must not block.</param>
    /// <param name="dynamic">Limits that control and warm-up steer; null for none.</param>
    /// <param name="weights">Shares of sources; null for those of the configuration.</param>
    public Scheduler(LimitTree limits, TimeProvider clock, SchedulerSettings settings, Action<Lane> start, ILimitSource? dynamic = null, ISourceWeights? weights = null)
    {
        (_clock, _start, _minute) = (clock, start, 60 * clock.TimestampFrequency);
        _offer = StartWaiting;
        Lines = new LineAlarm(clock);
        Places = new ReceiverPlaces(settings.PerDestination, clock);
        weights ??= new ConfiguredWeights();
        Choice = new LaneChoice(this, new LimitFinder(limits, dynamic ?? new NoLimits(), weights), weights, Lines, settings);
        _alarm = new Alarm<DestinationQueue>(clock, StartWaiting);
        limits.OnChanged = Lines.Changed;
    }

    /// <summary>Workers running, each with at most one connection.</summary>
    public int Workers => Choice.Total.Open;

    /// <summary>Destinations with mail or workers, for status. Take each one's lock to look inside.</summary>
    public ICollection<DestinationQueue> Destinations => _destinations.Values;

    /// <summary>Who waits for limits.</summary>
    public LineAlarm Lines { get; }

    public LaneChoice Choice { get; }

    /// <summary>Connections of sources to receivers.</summary>
    public ReceiverPlaces Places { get; }

    public void Load(SchedulerSettings settings)
    {
        Places.Load(settings.PerDestination);
        Choice.Load(settings);
        Choice.Total.OfferNext();
        Reconsider();
    }

    /// <summary>Looks again at every destination with mail: after weights, dynamic limits or settings have moved. Cheap beside what moves them, but not for every message.</summary>
    public void Reconsider()
    {
        foreach (var destination in _destinations.Values)
        {
            StartWaiting(destination);
        }
    }

    /// <summary>Takes a recipient into READY.</summary>
    /// <param name="id">The set of exchangers.</param>
    /// <param name="name">Its name in limits and status.</param>
    /// <param name="operatorId">Whose rules hold: the provider's id, or for a destination of none its own name.</param>
    /// <param name="pool">Whose sources may send it.</param>
    /// <param name="flow">What fairness and limits ask for.</param>
    /// <param name="item">The recipient.</param>
    /// <param name="hint">The source it should leave by.</param>
    /// <param name="set">Its hosts in one form: destinations of the same ones share <c>perDestination</c>; null for a destination that shares with none.</param>
    /// <returns>0 when taken; otherwise a timestamp: every lane is paused for trouble until then, keep it until then.</returns>
    public long Add(DestinationId id, string name, string operatorId, Pool pool, Flow flow, ReadyItem item, SourceHint hint = default, string? set = null)
    {
        while (true)
        {
            var destination = _destinations.GetOrAdd(id, static (key, self) => new DestinationQueue(key, self.Name, self.Operator, self.Set ?? $"#{key.Value}", self.Places, self.Offer), (Name: name, Operator: operatorId, Set: set, Places: Places, Offer: _offer));
            Lane? lane;
            lock (destination.Gate)
            {
                if (destination.IsRetired)
                {
                    continue;
                }

                var now = _clock.GetTimestamp();
                if (destination.PausedUntil(pool, now) is var until and > 0)
                {
                    return until;
                }

                destination.Follow(operatorId);
                var ready = destination.ReadyOf(pool);
                Take(destination, ready, flow, item, hint, now);
                lane = Choice.Choose(destination, ready, flow.Class, null, now);
            }

            Start(lane);
            return 0;
        }
    }

    /// <summary>Pulls the next recipients for a worker: one, and those of the same message right behind it.</summary>
    /// <param name="lane">The worker's.</param>
    /// <param name="kind">On what footing.</param>
    /// <param name="items">Takes them; its length bounds how many share a transaction.</param>
    /// <param name="pulled">What was pulled.</param>
    /// <returns>False when there is nothing for this lane now: the worker, unless it asked ahead, is retired and must end.</returns>
    public bool TryPull(Lane lane, PullKind kind, Span<ReadyItem> items, out Pulled pulled)
    {
        ConnectionCounter[] held;
        Lane? next;
        bool isWanted;
        lock (lane.Destination.Gate)
        {
            var now = _clock.GetTimestamp();
            if (new Pull(lane, Choice, Lines, now).TryTake(items, out pulled))
            {
                return true;
            }

            if (kind is PullKind.Ahead)
            {
                return false;
            }

            ConnectTokens.Leave(lane, hasConnected: kind is not PullKind.First, now + (IdleSeconds * _clock.TimestampFrequency), Lines);

            held = Retire(lane, wasConnecting: kind is PullKind.First, now);
            isWanted = lane.IsWanted;
            next = isWanted ? null : ChooseNext(lane.Destination, lane);
        }

        Start(next);
        OfferReleased(held);
        if (isWanted)
        {
            // Those who stood in line have had their choice.
            StartWaiting(lane.Destination);
        }

        return false;
    }

    /// <summary>The worker has reached its server: the next may start when there is more to do.</summary>
    /// <param name="lane">The worker's.</param>
    /// <param name="isReused">It was given a connection that was open already.</param>
    public void Connected(Lane lane, bool isReused = false)
    {
        Lane? next;
        lock (lane.Destination.Gate)
        {
            ConnectTokens.Settle(lane, isReused, _clock.GetTimestamp(), Lines);
            lane.Connecting--;
            lane.Works();
            next = ChooseNext(lane.Destination, lane);
        }

        Start(next);
    }

    /// <summary>A worker that was through opens another connection: it counts in the rates of connections, and whoever starts next waits the longer.</summary>
    public void Reconnected(Lane lane)
    {
        lock (lane.Destination.Gate)
        {
            ConnectTokens.Charge(lane, _clock.GetTimestamp());
        }
    }

    /// <summary>The worker could not reach any exchanger: it is retired, its lane paused, and what no other lane can take is handed back.</summary>
    /// <param name="lane">The worker's.</param>
    /// <param name="pause">How long; the caller lets it grow with <see cref="Lane.Failures"/>.</param>
    /// <param name="trouble">Why, for status.</param>
    /// <param name="wasConnecting">Whether <see cref="Connected"/> was not called yet.</param>
    /// <returns>Recipients to keep until the pause is over.</returns>
    public IReadOnlyList<ReadyItem> Fail(Lane lane, TimeSpan pause, string trouble, bool wasConnecting)
    {
        var drained = new List<ReadyItem>();
        ConnectionCounter[] held;
        Lane? next;
        lock (lane.Destination.Gate)
        {
            var now = _clock.GetTimestamp();
            var others = lane.Workers - lane.Connecting - (wasConnecting ? 0 : 1);
            if (others > 0)
            {
                // Its fellows are through and go on: the receiver bears no more of them.
                lane.Bound(others, now + (CeilingMinutes * _minute));
            }
            else
            {
                lane.Pause(now + (long)(pause.TotalSeconds * _clock.TimestampFrequency), trouble);
            }

            lane.Idle = 0;
            lane.ConnectTokens -= wasConnecting && lane.ConnectTokens > 0 ? 1 : 0;
            foreach (var ready in lane.Destination.Ready)
            {
                if (ready.Count > 0 && lane.Destination.PausedUntil(ready.Pool, now) > 0)
                {
                    ready.Drain(Lines, drained);
                }
            }

            held = Retire(lane, wasConnecting, now);
            next = ChooseNext(lane.Destination, null);
        }

        Start(next);
        OfferReleased(held);
        return drained;
    }

    /// <summary>The worker ends for a reason of its own: its place may be taken at once.</summary>
    public void End(Lane lane, bool wasConnecting)
    {
        ConnectionCounter[] held;
        Lane? next;
        lock (lane.Destination.Gate)
        {
            var now = _clock.GetTimestamp();
            lane.ConnectTokens -= wasConnecting && lane.ConnectTokens > 0 ? 1 : 0;
            held = Retire(lane, wasConnecting, now);
            next = ChooseNext(lane.Destination, lane);
        }

        Start(next);
        OfferReleased(held);
    }

    /// <summary>Hands back everything that waits for a pool at an operator: to move it, or to keep it while no source may send.</summary>
    /// <param name="pool">Name of the pool.</param>
    /// <param name="operatorId">Provider id or destination name; null for every one.</param>
    public IReadOnlyList<ReadyItem> Drain(string pool, string? operatorId)
    {
        var items = new List<ReadyItem>();
        foreach (var destination in _destinations.Values)
        {
            if (operatorId is null || destination.Operator == operatorId)
            {
                Drain(destination, ready => (ready.Pool.Name == pool ? ready : null)?.Drain(Lines, items));
            }
        }

        return items;
    }

    /// <summary>Hands back what matches of what waits at one destination, to be routed anew. Costs what waits there.</summary>
    public IReadOnlyList<ReadyItem> Drain(DestinationId id, Predicate<ReadyItem> which)
    {
        var items = new List<ReadyItem>();
        if (_destinations.TryGetValue(id, out var destination))
        {
            Drain(destination, ready => ready.Drain(Lines, which, items));
        }

        return items;
    }

    /// <summary>What binds one flow of one pool at one destination now; null when the destination has no mail and no workers.</summary>
    public Explanation? Explain(DestinationId id, string pool, Flow? flow)
    {
        if (!_destinations.TryGetValue(id, out var destination))
        {
            return null;
        }

        lock (destination.Gate)
        {
            return new Explainer(Choice, _clock).Explain(destination, pool, flow);
        }
    }

    public void Dispose()
    {
        _alarm.Dispose();
        Places.Dispose();
        Lines.Dispose();
    }

    /// <summary>A lane for what waits, if any may start now; and the alarm for when one may later. Under the destination's lock.</summary>
    internal Lane? ChooseNext(DestinationQueue destination, Lane? only)
    {
        var now = _clock.GetTimestamp();
        var lane = Choice.Choose(destination, only, now);
        if (destination.NextRelease(now) is var at and < long.MaxValue && at > now)
        {
            _alarm.Set(destination, at);
        }

        return lane;
    }

    /// <summary>Starts a worker, if a lane was chosen. Outside every lock.</summary>
    internal void Start(Lane? lane)
    {
        if (lane is not null)
        {
            _start(lane);
        }
    }

    // Places have come free: whoever waits gets them. Outside every lock.
    private void OfferReleased(ConnectionCounter[] counters)
    {
        Choice.Total.OfferNext();
        foreach (var counter in counters)
        {
            counter.OfferNext();
        }
    }

    private void Drain(DestinationQueue destination, Action<PoolQueue> drain)
    {
        lock (destination.Gate)
        {
            foreach (var ready in destination.Ready)
            {
                drain(ready);
            }

            ForgetIdle(destination, _clock.GetTimestamp());
        }
    }

    private void Take(DestinationQueue destination, PoolQueue ready, Flow flow, ReadyItem item, SourceHint hint, long now)
    {
        if (hint.Until > now && Choice.MaySend(destination, ready, hint.Source, now))
        {
            ready.AddHinted(hint, _minute, flow, item);
            _alarm.Set(destination, ready.NextHintEnd);
        }
        else if (ready.Any.Add(flow, item) && item.Engagement is not Engagement.Low)
        {
            // A lane that warms up may have found nothing it takes so far.
            ready.Freshen();
        }
    }

    private void StartWaiting(DestinationQueue destination)
    {
        Lane? lane = null;
        lock (destination.Gate)
        {
            if (!destination.IsRetired)
            {
                var now = _clock.GetTimestamp();
                lane = ChooseNext(destination, null);
                ForgetIdle(destination, now);
            }
        }

        Start(lane);
    }

    private ConnectionCounter[] Retire(Lane lane, bool wasConnecting, long now)
    {
        lane.Workers--;
        lane.Destination.Workers--;
        lane.Connecting -= wasConnecting ? 1 : 0;
        lane.DeclineTurns(Lines);
        var held = lane.Held.Pop();
        Choice.Total.Release();
        foreach (var counter in held)
        {
            counter.Release();
        }

        ForgetIdle(lane.Destination, now);
        return held;
    }

    private void ForgetIdle(DestinationQueue destination, long now)
    {
        if (destination.IsIdle(now))
        {
            destination.Retire(Lines);
            _destinations.TryRemove(destination.Id, out _);
        }
    }
}
