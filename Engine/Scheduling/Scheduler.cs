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
/// A flow refused by its own limit leaves the ring until that grants, a lane refused by its own is blocked until then, a
/// destination refused a connection stands in the counter's line; no attempt is counted for any of them.
/// </remarks>
internal sealed class Scheduler : IDisposable
{
    private const int CeilingMinutes = 5;

    private readonly ConcurrentDictionary<DestinationId, DestinationQueue> _destinations = new();
    private readonly ConnectionCounter _connections;
    private readonly LimitFinder _limits;
    private readonly TimeProvider _clock;
    private readonly Action<Lane> _start;
    private readonly Alarm<DestinationQueue> _alarm;
    private SchedulerSettings _settings;

    /// <param name="limits">The limit tree.</param>
    /// <param name="clock">Gives timestamps and the one timer.</param>
    /// <param name="settings">Bounds.</param>
    /// <param name="start">Starts a worker for a lane; called outside every lock, must not block.</param>
    public Scheduler(LimitTree limits, TimeProvider clock, SchedulerSettings settings, Action<Lane> start)
    {
        (_limits, _clock, _settings, _start) = (new LimitFinder(limits), clock, settings, start);
        _connections = new ConnectionCounter(settings.Connections);
        _alarm = new Alarm<DestinationQueue>(clock, destination => StartWaiting(destination));
    }

    /// <summary>Workers running, each with at most one connection.</summary>
    public int Workers => _connections.Open;

    /// <summary>Destinations with mail or workers, for status. Take each one's lock to look inside.</summary>
    public ICollection<DestinationQueue> Destinations => _destinations.Values;

    public void Load(SchedulerSettings settings)
    {
        Volatile.Write(ref _settings, settings);
        _connections.Maximum = settings.Connections;
    }

    /// <summary>Takes a recipient into READY.</summary>
    /// <returns>0 when taken; otherwise a timestamp: every lane is paused for trouble until then, keep it until then.</returns>
    public long Add(DestinationId id, string name, Pool pool, Flow flow, ReadyItem item)
    {
        while (true)
        {
            var destination = _destinations.GetOrAdd(id, static (key, self) => new DestinationQueue(key, self.name, self.offer), (name, offer: (Func<DestinationQueue, bool>)StartWaiting));
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

                destination.Add(pool, flow, item);
                lane = TryStart(destination, pool, flow.Class, now);
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
        Limit[] held;
        Lane? next;
        lock (lane.Destination.Gate)
        {
            var now = _clock.GetTimestamp();
            if (new Pull(lane, _limits, now).TryTake(items, out pulled))
            {
                return true;
            }

            if (kind is PullKind.Ahead)
            {
                return false;
            }

            held = Retire(lane, wasConnecting: kind is PullKind.First, now);
            next = Choose(lane.Destination, now);
        }

        Start(next);
        OfferReleased(held);
        return false;
    }

    /// <summary>The worker has reached its server: the next may start when there is more to do.</summary>
    public void Connected(Lane lane)
    {
        Lane? next;
        lock (lane.Destination.Gate)
        {
            lane.Connecting--;
            lane.Works();
            next = Choose(lane.Destination, _clock.GetTimestamp());
        }

        Start(next);
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
        Limit[] held;
        Lane? next;
        lock (lane.Destination.Gate)
        {
            var now = _clock.GetTimestamp();
            var others = lane.Workers - lane.Connecting - (wasConnecting ? 0 : 1);
            if (others > 0)
            {
                // Its fellows are through and go on: the receiver bears no more of them.
                lane.Bound(others, now + (CeilingMinutes * 60 * _clock.TimestampFrequency));
            }
            else
            {
                lane.Pause(now + (long)(pause.TotalSeconds * _clock.TimestampFrequency), trouble);
            }

            foreach (var (queue, pool) in lane.Destination.Ready)
            {
                if (queue.Count > 0 && lane.Destination.PausedUntil(pool, now) > 0)
                {
                    drained.AddRange(queue.Drain());
                }
            }

            held = Retire(lane, wasConnecting, now);
            next = Choose(lane.Destination, now);
        }

        Start(next);
        OfferReleased(held);
        return drained;
    }

    /// <summary>The worker ends for a reason of its own: its place may be taken at once.</summary>
    public void End(Lane lane, bool wasConnecting)
    {
        Limit[] held;
        Lane? next;
        lock (lane.Destination.Gate)
        {
            var now = _clock.GetTimestamp();
            held = Retire(lane, wasConnecting, now);
            next = Choose(lane.Destination, now);
        }

        Start(next);
        OfferReleased(held);
    }

    public void Dispose() => _alarm.Dispose();

    private void Start(Lane? lane)
    {
        if (lane is not null)
        {
            _start(lane);
        }
    }

    private bool StartWaiting(DestinationQueue destination)
    {
        Lane? lane;
        lock (destination.Gate)
        {
            lane = destination.IsRetired ? null : Choose(destination, _clock.GetTimestamp());
        }

        Start(lane);
        return lane is not null;
    }

    // A lane for what waits, if any may start now; and the alarm for when one may later.
    private Lane? Choose(DestinationQueue destination, long now)
    {
        Lane? lane = null;
        foreach (var (queue, pool) in destination.Ready)
        {
            for (var streamClass = StreamClass.Transactional; streamClass <= StreamClass.Marketing && lane is null; streamClass++)
            {
                lane = queue.Turn(streamClass, now) is null ? null : TryStart(destination, pool, streamClass, now);
            }
        }

        if (destination.NextRelease(now) is var at and < long.MaxValue && at > now)
        {
            _alarm.Set(destination, at);
        }

        return lane;
    }

    // Offers the place to each of the pool's lanes, beginning with the one whose turn it is by weight.
    private Lane? TryStart(DestinationQueue destination, Pool pool, StreamClass streamClass, long now)
    {
        var first = pool.Next();
        if (TryStart(destination.LaneOf(first), pool, streamClass, now))
        {
            return destination.LaneOf(first);
        }

        for (var index = 0; index < pool.Sources.Count; index++)
        {
            if (pool.Sources[index] != first && TryStart(destination.LaneOf(pool.Sources[index]), pool, streamClass, now))
            {
                return destination.LaneOf(pool.Sources[index]);
            }
        }

        return null;
    }

    private bool TryStart(Lane lane, Pool pool, StreamClass streamClass, long now)
    {
        var bound = Volatile.Read(ref _settings).PerDestination;
        bound = lane.CeilingUntil > now ? Math.Min(bound, lane.Ceiling) : bound;
        var holdsBack = pool.Class is null && streamClass is StreamClass.Marketing;
        if (!lane.IsFree(streamClass, now)
            || lane.Connecting > (lane.Workers - lane.Connecting) / 2
            || lane.Workers >= bound - (holdsBack ? Reserve.Of(bound) : 0))
        {
            return false;
        }

        var limits = _limits.Of(lane, pool.Name).Own;
        if (!TryCount(lane.Destination, _connections, holdsBack))
        {
            return false;
        }

        for (var index = 0; index < limits.Length; index++)
        {
            if (limits[index].Connections is { } counter && !TryCount(lane.Destination, counter, holdsBack && !limits[index].IsClassOwn))
            {
                Release(limits.AsSpan(0, index));

                // Somebody may have been refused these places in between; they are offered outside this lock. Rare.
                ThreadPool.UnsafeQueueUserWorkItem(static self => self.Scheduler.OfferReleased(self.Limits), (Scheduler: this, Limits: limits), preferLocal: false);
                return false;
            }
        }

        lane.Held.Push(limits);
        lane.Workers++;
        lane.Connecting++;
        return true;
    }

    // Refused: stands in line, and tries once more in case a place came free in between.
    private static bool TryCount(DestinationQueue destination, ConnectionCounter counter, bool holdsBack)
    {
        var reserve = holdsBack ? Reserve.Of(counter.Maximum) : 0;
        if (counter.TryTake(reserve))
        {
            return true;
        }

        destination.WaitFor(counter);
        return counter.TryTake(reserve);
    }

    private Limit[] Retire(Lane lane, bool wasConnecting, long now)
    {
        lane.Workers--;
        lane.Connecting -= wasConnecting ? 1 : 0;
        var held = lane.Held.Pop();
        Release(held);
        if (lane.Destination.IsIdle(now))
        {
            lane.Destination.IsRetired = true;
            _destinations.TryRemove(lane.Destination.Id, out _);
        }

        return held;
    }

    private void Release(ReadOnlySpan<Limit> limits)
    {
        _connections.Release();
        foreach (var limit in limits)
        {
            limit.Connections?.Release();
        }
    }

    private void OfferReleased(Limit[] held)
    {
        _connections.OfferNext();
        foreach (var limit in held)
        {
            limit.Connections?.OfferNext();
        }
    }
}
