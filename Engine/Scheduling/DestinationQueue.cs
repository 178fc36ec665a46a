using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>
/// One destination: READY of each pool, and the lanes that pull from it. One lock; every member must be called under it but
/// <see cref="Offer"/>. Decides, and starts nothing itself.
/// </summary>
/// <param name="id">The set of exchangers.</param>
/// <param name="name">Its name in limits and status.</param>
/// <param name="operatorId">Whose rules hold: the provider's id, or its own name.</param>
/// <param name="set">Its hosts in one form: destinations of the same ones share connections.</param>
/// <param name="places">Counts them.</param>
/// <param name="offer">Called without the lock when a connection counter that refused this destination has a place.</param>
internal sealed class DestinationQueue(DestinationId id, string name, string operatorId, string set, ReceiverPlaces places, Action<DestinationQueue> offer) : IWaiter
{
    private readonly List<PoolQueue> _ready = [];
    private readonly Dictionary<SourceId, Lane> _lanes = [];
    private readonly HashSet<(ConnectionCounter Counter, StreamClass Class)> _waitsFor = [];

    public Lock Gate { get; } = new();

    public DestinationId Id { get; } = id;

    public string Name { get; } = name;

    public string Operator { get; private set; } = operatorId;

    /// <summary>Set when it left the scheduler's table: whoever holds it must look it up again.</summary>
    public bool IsRetired { get; private set; }

    public IReadOnlyCollection<Lane> Lanes => _lanes.Values;

    /// <summary>Workers of all its lanes.</summary>
    public int Workers { get; set; }

    /// <summary>READY of each pool that has sent here; some may be empty.</summary>
    public IReadOnlyList<PoolQueue> Ready => _ready;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var ready in _ready)
            {
                count += ready.Count;
            }

            return count;
        }
    }

    /// <summary>READY of a pool, made when absent.</summary>
    public PoolQueue ReadyOf(Pool pool)
    {
        foreach (var ready in _ready)
        {
            if (ready.Pool == pool)
            {
                return ready;
            }

            if (ready.Pool.Name == pool.Name)
            {
                ready.Pool = pool;
                ready.ClearStuck();
                return ready;
            }
        }

        var made = new PoolQueue(pool);
        _ready.Add(made);
        return made;
    }

    /// <summary>Provider data may change while mail waits: limits and weights are found again.</summary>
    public void Follow(string operatorId)
    {
        if (Operator == operatorId)
        {
            return;
        }

        Operator = operatorId;
        foreach (var lane in _lanes.Values)
        {
            lane.Terms.Clear();
        }

        foreach (var ready in _ready)
        {
            ready.ClearStuck();
            foreach (var flow in ready.Any.Flows)
            {
                flow.LimitVersion = -1;
            }
        }
    }

    public Lane LaneOf(Source source, LineAlarm alarm)
    {
        if (!_lanes.TryGetValue(source.Id, out var lane) || lane.Source != source)
        {
            // Where the source's address or name changed while workers run, they end with their lane and new ones take the new one.
            var old = lane;
            lane = new Lane(source, this, places.Join(set, source.Id));
            _lanes[source.Id] = lane;
            if (old is not null)
            {
                Leave(old, alarm);
            }
        }

        return lane;
    }

    /// <summary>It leaves the scheduler's table, and its lanes every line and count.</summary>
    public void Retire(LineAlarm alarm)
    {
        IsRetired = true;
        foreach (var lane in _lanes.Values)
        {
            Leave(lane, alarm);
        }
    }

    public Lane? FindLane(SourceId source) => _lanes.GetValueOrDefault(source);

    /// <summary>When every lane of a pool is paused for trouble: the end of the first pause; 0 otherwise.</summary>
    public long PausedUntil(Pool pool, long now)
    {
        if (_lanes.Count < pool.Sources.Count)
        {
            return 0;
        }

        var earliest = long.MaxValue;
        for (var index = 0; index < pool.Sources.Count; index++)
        {
            if (!_lanes.TryGetValue(pool.Sources[index].Id, out var lane) || lane.PausedUntil <= now)
            {
                return 0;
            }

            earliest = Math.Min(earliest, lane.PausedUntil);
        }

        return earliest;
    }

    /// <summary>The earliest time at which a pause for trouble or a wish for a source ends; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextRelease(long now)
    {
        var at = long.MaxValue;
        foreach (var ready in _ready)
        {
            at = Math.Min(at, ready.NextHintEnd);
        }

        foreach (var lane in _lanes.Values)
        {
            at = lane.NextRelease(now) is var release and > 0 ? Math.Min(at, release) : at;
        }

        return at;
    }

    /// <summary>Nothing waits, nobody works, no pause to remember.</summary>
    public bool IsIdle(long now)
    {
        if (Workers > 0 || Count > 0)
        {
            return false;
        }

        foreach (var lane in _lanes.Values)
        {
            if (lane.PausedUntil > now)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Stands in the counter's line, once for each class.</summary>
    public void WaitFor(ConnectionCounter counter, StreamClass streamClass, bool holdsBack)
    {
        if (_waitsFor.Add((counter, streamClass)))
        {
            counter.Wait(this, streamClass, holdsBack);
        }
    }

    /// <summary>How often it stands in the counter's line.</summary>
    public int WaitsFor(ConnectionCounter counter) =>
        (_waitsFor.Contains((counter, StreamClass.Transactional)) ? 1 : 0) + (_waitsFor.Contains((counter, StreamClass.Marketing)) ? 1 : 0);

    public void Offer(ConnectionCounter counter, StreamClass streamClass)
    {
        lock (Gate)
        {
            _waitsFor.Remove((counter, streamClass));
        }

        offer(this);
    }

    private void Leave(Lane lane, LineAlarm alarm)
    {
        lane.Leave(alarm);
        places.Leave(lane.Places);
    }
}
