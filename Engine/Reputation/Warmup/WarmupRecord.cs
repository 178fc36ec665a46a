using System.Collections.Concurrent;
using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>One state of warm-up, as it is saved. Times are those of the wall clock.</summary>
internal sealed record WarmupRecord
{
    public required string Name { get; init; }

    public required string Operator { get; init; }

    /// <summary>Plan's name, for readers of the file.</summary>
    public required string Plan { get; init; }

    /// <summary>Earned days.</summary>
    public required int Step { get; init; }

    /// <summary>Recipients a day of that step in the plan; 0 when warm. Finds the place in a plan that was changed meanwhile.</summary>
    public required int Allowance { get; init; }

    /// <summary>The day that was counted, as of <see cref="LocalDay.Number"/>.</summary>
    public required int Day { get; init; }

    public required WarmupCounts Counts { get; init; }

    public required DateTimeOffset LastUse { get; init; }

    public int CutTo { get; init; }

    public int IdleSteps { get; init; }

    public int Past { get; init; }

    public int PastCount { get; init; }

    public WarmupHold Why { get; init; }

    public WarmupCounts WhyCounts { get; init; }

    public DateTimeOffset OrderedAt { get; init; }

    public static WarmupRecord Of(WarmupTrack track) => new()
    {
        Name = track.Key.Name,
        Operator = track.Key.Operator,
        Plan = track.Plan.Name,
        Step = track.Step,
        Allowance = track.IsWarm ? 0 : track.Plan.Steps[track.Step],
        Day = track.Day,
        Counts = track.Counts,
        LastUse = track.LastUse,
        CutTo = track.CutTo,
        IdleSteps = track.IdleSteps,
        Past = track.Past,
        PastCount = track.PastCount,
        Why = track.Why,
        WhyCounts = track.WhyCounts,
        OrderedAt = track.OrderedAt,
    };

    /// <summary>The state again.</summary>
    /// <param name="plan">The plan followed now.</param>
    /// <param name="today">A later day is taken for this one.</param>
    /// <param name="subject">Of which book.</param>
    /// <param name="sink">Takes changes.</param>
    public WarmupTrack ToTrack(WarmupPlan plan, int today, WarmupSubject subject, ConcurrentQueue<WarmupChange> sink) => new(new WarmupKey(Name, Operator), subject, sink)
    {
        Plan = plan,
        Step = StepIn(plan),
        Day = Math.Min(Day, today),
        Counts = Counts,
        LastUse = LastUse,
        CutTo = CutTo,
        IdleSteps = IdleSteps,
        Past = Past,
        PastCount = PastCount,
        Why = Why,
        WhyCounts = WhyCounts,
        OrderedAt = OrderedAt,
    };

    private int StepIn(WarmupPlan plan) => Allowance == 0 ? plan.Steps.Length
        : Step >= 0 && Step < plan.Steps.Length && plan.Steps[Step] == Allowance ? Step
        : WarmupTrack.StepFor(plan, Allowance);
}
