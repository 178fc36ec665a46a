using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Steering;

namespace Engine.Scheduling;

/// <summary>Gives the scheduler what the helm says: dynamic limits and shares of sources.</summary>
internal sealed class SteeredLanes(Helm helm) : ILimitSource, ISourceWeights
{
    int ILimitSource.Version => helm.LimitVersion;

    int ISourceWeights.Version => helm.WeightVersion;

    public void OfLane(string operatorId, string source, List<Limit> limits) => helm.OfLane(operatorId, source, limits);

    public void OfFlow(string operatorId, Flow flow, List<Limit> limits) => helm.OfFlow(operatorId, flow, limits);

    public int Weight(Pool pool, Source source, string operatorId) => helm.WeightOf(pool, source, operatorId);

    public bool IsWarming(Source source, string operatorId) => helm.IsWarming(source, operatorId);
}
