using Engine.Queue;
using Engine.Routing;
using Engine.Scheduling;

namespace Engine.Delivery.Sts;

/// <summary>
/// Dispatches anew what waits in READY for a domain under a policy that it has replaced. What waits for other domains that ask for the same stays where it is. What has no
/// policy yet stays: it was routed when there was none, and goes as it was.
/// </summary>
/// <param name="queue">Takes it back.</param>
/// <param name="scheduler">Where it waits.</param>
/// <param name="destinations">Which destinations stand under it.</param>
/// <param name="clock">The time.</param>
internal sealed class ChangedPolicies(MailQueue queue, Scheduler scheduler, DestinationTable destinations, TimeProvider clock)
{
    /// <summary>One caller at a time; costs what waits under requirements equal to theirs, whoever's: asked every ten seconds at most.</summary>
    /// <param name="old">Those replaced.</param>
    public void Move(IReadOnlyList<StsEntry> old)
    {
        var domains = old.Select(static entry => entry.Domain).ToHashSet();
        var asked = old.SelectMany(static entry => new[] { entry.Requirement(isAuthentic: false), entry.Requirement(isAuthentic: true) }).ToHashSet();
        foreach (var destination in scheduler.Destinations)
        {
            if (destinations.Find(destination.Id)?.Tls is { } tls && asked.Contains(tls))
            {
                foreach (var item in scheduler.Drain(destination.Id, item => domains.Contains(queue.DomainOf(queue.Look(item.Slot).Domain))))
                {
                    queue.PutBack(item.Slot, clock.GetUtcNow());
                }
            }
        }
    }
}
