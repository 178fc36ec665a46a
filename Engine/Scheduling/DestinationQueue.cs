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
/// <param name="offer">Called without the lock when a connection counter that refused this destination has a place.</param>
internal sealed class DestinationQueue(DestinationId id, string name, Func<DestinationQueue, bool> offer) : IWaiter
{
    private readonly List<(ReadyQueue Queue, Pool Pool)> _ready = [];
    private readonly Dictionary<SourceId, Lane> _lanes = [];
    private readonly HashSet<ConnectionCounter> _waitsFor = [];

    public Lock Gate { get; } = new();

    public DestinationId Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>Set when it left the scheduler's table: whoever holds it must look it up again.</summary>
    public bool IsRetired { get; set; }

    public IReadOnlyCollection<Lane> Lanes => _lanes.Values;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var (queue, _) in _ready)
            {
                count += queue.Count;
            }

            return count;
        }
    }

    public void Add(Pool pool, Flow flow, ReadyItem item)
    {
        var index = _ready.FindIndex(ready => ready.Pool.Name == pool.Name);
        if (index < 0)
        {
            index = _ready.Count;
            _ready.Add((new ReadyQueue(pool.Name, isShared: pool.Class is null), pool));
        }
        else if (_ready[index].Pool != pool)
        {
            _ready[index] = (_ready[index].Queue, pool);
        }

        _ready[index].Queue.Add(flow, item);
    }

    public Lane LaneOf(Source source)
    {
        if (!_lanes.TryGetValue(source.Id, out var lane) || lane.Source != source)
        {
            // Where the source's address or name changed while workers run, they end with their lane and new ones take the new one.
            lane = new Lane(source, this);
            _lanes[source.Id] = lane;
        }

        return lane;
    }

    /// <summary>When every lane of a pool is paused for trouble: the end of the first pause; 0 otherwise.</summary>
    public long PausedUntil(Pool pool, long now)
    {
        var earliest = long.MaxValue;
        foreach (var source in pool.Sources)
        {
            earliest = Math.Min(earliest, _lanes.TryGetValue(source.Id, out var lane) ? lane.PausedUntil : 0);
        }

        return earliest > now ? earliest : 0;
    }

    /// <summary>READY of each pool that has sent here; some may be empty.</summary>
    public IReadOnlyList<(ReadyQueue Queue, Pool Pool)> Ready => _ready;

    /// <summary>The earliest time at which a blocked flow or lane may go on; <see cref="long.MaxValue"/> when none is blocked.</summary>
    public long NextRelease(long now)
    {
        var at = long.MaxValue;
        foreach (var (queue, _) in _ready)
        {
            at = Math.Min(at, queue.NextUnblock);
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
        foreach (var lane in _lanes.Values)
        {
            if (lane.Workers > 0 || lane.PausedUntil > now)
            {
                return false;
            }
        }

        return Count == 0;
    }

    /// <summary>Stands in the counter's line, once.</summary>
    public void WaitFor(ConnectionCounter counter)
    {
        if (_waitsFor.Add(counter))
        {
            counter.Wait(this);
        }
    }

    public bool Offer(ConnectionCounter counter)
    {
        lock (Gate)
        {
            _waitsFor.Remove(counter);
        }

        return offer(this);
    }
}
