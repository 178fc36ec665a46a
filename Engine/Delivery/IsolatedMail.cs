using Engine.Queue;
using Engine.Reputation;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>Dispatches anew what waits in READY when accounts are isolated or restored: their mail changes its pool, all else comes back to its own.</summary>
/// <param name="queue">Takes it back.</param>
/// <param name="scheduler">Where it waits.</param>
/// <param name="sources">The pools.</param>
/// <param name="clock">The time.</param>
internal sealed class IsolatedMail(MailQueue queue, Scheduler scheduler, SourceMap sources, TimeProvider clock)
{
    /// <summary>After <see cref="SourceMap.Isolated"/> has changed. Any thread; costs what waits, so it is for rare changes.</summary>
    public void Move()
    {
        foreach (var pool in sources.Pools)
        {
            foreach (var item in scheduler.Drain(pool.Name, null))
            {
                queue.PutBack(item.Slot, clock.GetUtcNow());
            }
        }
    }
}
