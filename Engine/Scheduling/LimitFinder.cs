using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Finds what holds for lanes and flows once, and again after a reload or when dynamic limits or weights move.</summary>
internal sealed class LimitFinder(LimitTree tree, ILimitSource dynamic, ISourceWeights weights)
{
    /// <summary>Of everything found here: any of the three moves it.</summary>
    public long Version => ((long)tree.Version << 42) ^ ((long)dynamic.Version << 21) ^ (uint)weights.Version;

    public LaneTerms Of(Lane lane, PoolQueue ready)
    {
        var pool = ready.Pool;
        var terms = lane.Terms;
        for (var index = 0; index < terms.Count; index++)
        {
            if (terms[index].Pool == pool && terms[index].Version == Version)
            {
                return terms[index];
            }
        }

        terms.RemoveAll(old => old.Pool.Name == pool.Name);
        var found = Find(lane, ready);
        terms.Add(found);
        return found;
    }

    public Limit[] Of(FlowQueue queue, DestinationQueue destination, string pool)
    {
        if (queue.LimitVersion != Version)
        {
            var subject = new LimitSubject { Provider = destination.Operator, Destination = destination.Name, Pool = pool };
            var limits = new List<Limit>(tree.Find(Join(subject, queue.Flow), LimitScope.Flow));
            dynamic.OfFlow(destination.Operator, queue.Flow, limits);
            queue.Limits = limits.Count == 0 ? [] : [.. limits];
            queue.LimitVersion = Version;
        }

        return queue.Limits;
    }

    private LaneTerms Find(Lane lane, PoolQueue ready)
    {
        var destination = lane.Destination;
        var pool = ready.Pool;
        var subject = new LimitSubject { Provider = destination.Operator, Destination = destination.Name, Source = lane.Source.Name, Pool = pool.Name };
        var own = new List<Limit>(tree.Find(subject, LimitScope.Lane));
        dynamic.OfLane(destination.Operator, lane.Source.Name, own);
        var weight = pool.Serves(lane.Source) ? weights.Weight(pool, lane.Source, destination.Operator) : 0;
        return new LaneTerms(
            pool,
            Version,
            weight,
            weights.IsWarming(lane.Source, destination.Operator),
            [.. own],
            lane.Places.Counter,
            tree.Has(LimitScope.FlowOfSource) ? flow => tree.Find(Join(subject, flow), LimitScope.FlowOfSource) : null);
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
