using System.Collections.Immutable;

namespace Engine.Configuration;

/// <summary>A warm-up plan as it is followed: the shipped ones, and those of <c>warmupPlans</c>, in one form. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Steps">Recipients a day, by earned days; never falling. Beyond the last: warm.</param>
/// <param name="Options">Everything else; the keys that describe the steps are not to be read here.</param>
internal sealed record WarmupPlan(string Name, ImmutableArray<int> Steps, WarmupPlanOptions Options)
{
    private const int SixWeekDays = 42;
    private const int DaysToDouble = 3;

    /// <summary>Days at the start in which a receiver takes the address for new: the first half.</summary>
    public int NewSteps => (Steps.Length + 1) / 2;

    /// <summary>The plan so named: an operator's before a shipped one; null when there is none.</summary>
    public static WarmupPlan? Find(string name, IReadOnlyDictionary<string, WarmupPlanOptions> plans) => (name, plans.GetValueOrDefault(name)) switch
    {
        (_, { } written) => new WarmupPlan(name, StepsOf(written), written),
        (WarmupOptions.FourteenDays, _) => new WarmupPlan(name, StepsOf(new WarmupPlanOptions()), new WarmupPlanOptions()),
        (WarmupOptions.SixWeeks, _) => new WarmupPlan(name, [.. Enumerable.Range(0, SixWeekDays).Select(day => 100 << (day / DaysToDouble))], new WarmupPlanOptions()),
        _ => null,
    };

    private static ImmutableArray<int> StepsOf(WarmupPlanOptions options) => options.Steps.Count > 0
        ? [.. options.Steps]
        : [.. Enumerable.Range(0, options.Days).Select(day => (int)Math.Min(1e9, Math.Round(options.First * Math.Pow(options.Growth, day))))];
}
