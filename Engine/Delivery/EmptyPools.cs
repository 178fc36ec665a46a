using Engine.Queue;
using Engine.Reputation;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>Moves what waits for a pool that may send to an operator no more, where the pool says where to: it is dispatched anew.</summary>
/// <param name="queue">Takes it back.</param>
/// <param name="scheduler">Where it waits.</param>
/// <param name="maySend">Whether a source may send to an operator now.</param>
/// <param name="clock">The time.</param>
internal sealed class EmptyPools(MailQueue queue, Scheduler scheduler, Func<Source, string, bool> maySend, TimeProvider clock)
{
    /// <summary>Looks at every destination; after weights have changed. Any thread.</summary>
    public void Look()
    {
        foreach (var (pool, operatorId) in Emptied())
        {
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
                    if (ready.Count > 0 && !ready.Pool.OnEmpty.Waits && !ready.Pool.Sources.Any(source => maySend(source, destination.Operator)))
                    {
                        emptied.Add((ready.Pool.Name, destination.Operator));
                    }
                }
            }
        }

        return emptied;
    }
}
