using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>What a day was like by the bounds of a plan.</summary>
/// <param name="Fault">The share that is over its bound, the worst first; else None.</param>
/// <param name="IsGross">Over twice the bound.</param>
internal readonly record struct WarmupJudgement(WarmupHold Fault, bool IsGross)
{
    // One greylisting and one typing error prove nothing. Complaints are rare, so two are a pattern.
    private const int LeastFaults = 3;
    private const int LeastComplaints = 2;

    public static WarmupJudgement Of(in WarmupCounts counts, WarmupBoundsOptions bounds)
    {
        var deferred = Excess(counts.Deferred, counts.Used, bounds.Deferred, LeastFaults);
        var complaints = Excess(counts.Complaints, counts.ComplainedAbout, bounds.Complaints, LeastComplaints);
        var hard = Excess(counts.Hard, counts.Used, bounds.Hard, LeastFaults);
        var worst = Math.Max(deferred, Math.Max(complaints, hard));
        return worst switch
        {
            <= 1 => default,
            _ when worst == deferred => new WarmupJudgement(WarmupHold.Deferred, worst > 2),
            _ when worst == complaints => new WarmupJudgement(WarmupHold.Complaints, worst > 2),
            _ => new WarmupJudgement(WarmupHold.Hard, worst > 2),
        };
    }

    // How many times the bound it is; 0 when there are too few to say.
    private static double Excess(int count, int of, double bound, int least) => count < least ? 0 : count / (bound * Math.Max(of, 1));
}
