using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Nothing is steered: only the configuration limits.</summary>
internal sealed class NoLimits : ILimitSource
{
    public int Version => 0;

    public void OfLane(string operatorId, string source, List<Limit> limits)
    {
    }

    public void OfFlow(string operatorId, Flow flow, List<Limit> limits)
    {
    }
}
