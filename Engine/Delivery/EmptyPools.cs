using System.Collections.Concurrent;
using Engine.Queue;
using Engine.Reputation;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>Moves what waits for a pool that may send to an operator no more, where the pool says where to: it is dispatched anew.</summary>
/// <param name="queue">Takes it back.</param>
/// <param name="scheduler">Where it waits.</param>
/// <param name="sources">Says where a pool's mail goes.</param>
/// <param name="maySend">Whether a source may send to an operator now.</param>
/// <param name="clock">The time.</param>
internal sealed class EmptyPools(MailQueue queue, Scheduler scheduler, SourceMap sources, Func<Source, string, bool> maySend, TimeProvider clock)
{
    // A relay may be closed, and then all comes back: not more often than this.
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Pool, string Operator), long> _moved = new();

    /// <summary>Looks at every destination; after weights have changed. Any thread.</summary>
    public void Look()
    {
        foreach (var (pool, operatorId) in Emptied())
        {
            var now = clock.GetTimestamp();
            if (_moved.TryGetValue((pool, operatorId), out var last) && clock.GetElapsedTime(last, now) < LeastInterval)
            {
                continue;
            }

            _moved[(pool, operatorId)] = now;
            foreach (var item in scheduler.Drain(pool, operatorId))
            {
                queue.PutBack(item.Slot, clock.GetUtcNow());
            }
        }
    }

    private HashSet<(string Pool, string Operator)> Emptied()
    {
        var emptied = new HashSet<(string Pool, string Operator)>();
        foreach (var destination in scheduler.Destinations)
        {
            lock (destination.Gate)
            {
                foreach (var ready in destination.Ready)
                {
                    if (ready.Count > 0 && !ready.Pool.OnEmpty.Waits && GoesElsewhere(ready.Pool, destination.Operator))
                    {
                        emptied.Add((ready.Pool.Name, destination.Operator));
                    }
                }
            }
        }

        return emptied;
    }

    private bool GoesElsewhere(Pool pool, string operatorId)
    {
        var choice = sources.Serving(pool, operatorId, maySend);
        return choice.Relay is not null || (choice.Pool is { } other && other.Name != pool.Name);
    }
}
