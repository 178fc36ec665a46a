using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Finds the limits of lanes and flows once, and again after a reload.</summary>
internal sealed class LimitFinder(LimitTree tree)
{
    public LaneLimits Of(Lane lane, string pool)
    {
        if (!lane.Limits.TryGetValue(pool, out var limits) || limits.Version != tree.Version)
        {
            var subject = new LimitSubject { Destination = lane.Destination.Name, Source = lane.Source.Name, Pool = pool };
            limits = new LaneLimits(tree.Version, tree.Find(subject, LimitScope.Lane), flow => tree.Find(Join(subject, flow), LimitScope.Lane | LimitScope.Flow));
            lane.Limits[pool] = limits;
        }

        return limits;
    }

    public Limit[] Of(FlowQueue queue)
    {
        if (queue.LimitVersion != tree.Version)
        {
            queue.Limits = tree.Find(Join(new LimitSubject(), queue.Flow), LimitScope.Flow);
            queue.LimitVersion = tree.Version;
        }

        return queue.Limits;
    }

    private static LimitSubject Join(LimitSubject lane, Flow flow) => lane with
    {
        Account = flow.Account,
        SenderDomain = flow.SenderDomain.Name,
        Campaign = flow.Campaign,
        Stream = flow.Stream,
        Class = flow.Class is StreamClass.Transactional ? "transactional" : "marketing",
    };
}
