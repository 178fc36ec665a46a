using Engine.Queue;
using Engine.Routing;
using Engine.Scheduling;

namespace Engine.Delivery.Sts;

/// <summary>
/// Dispatches anew what waits in READY under a policy that a domain has replaced. Domains that still ask for the same come back where they were. What has no
/// policy yet stays: it was routed when there was none, and goes as it was.
/// </summary>
/// <param name="queue">Takes it back.</param>
/// <param name="scheduler">Where it waits.</param>
/// <param name="destinations">Which destinations stand under it.</param>
/// <param name="clock">The time.</param>
internal sealed class ChangedPolicies(MailQueue queue, Scheduler scheduler, DestinationTable destinations, TimeProvider clock)
{
    /// <summary>Any thread; costs what waits there.</summary>
    /// <param name="old">The one replaced.</param>
    public void Move(StsEntry old)
    {
        foreach (var destination in scheduler.Destinations)
        {
            if (destinations.Find(destination.Id)?.Tls is { } tls && tls.Equals(old.Requirement(tls.IsMxAuthentic)))
            {
                foreach (var item in scheduler.Drain(destination.Id))
                {
                    queue.PutBack(item.Slot, clock.GetUtcNow());
                }
            }
        }
    }
}
