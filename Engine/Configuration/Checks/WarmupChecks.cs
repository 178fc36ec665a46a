using Engine.Configuration.Reading;

namespace Engine.Configuration.Checks;

/// <summary>Warm-up: plans that say one thing and grow, names of plans that exist.</summary>
internal static class WarmupChecks
{
    private const double LargestStep = 1e9;
    private const int MaxSteps = 366;

    public static void Run(Draft draft)
    {
        var options = draft.Options;
        foreach (var (name, plan) in options.WarmupPlans)
        {
            Plan(draft, JsonPath.Root["warmupPlans"][name], plan);
        }

        foreach (var (name, source) in options.Sources)
        {
            Use(draft, JsonPath.Root["sources"][name]["warmup"], source.Warmup);
        }

        foreach (var (name, domain) in options.Domains)
        {
            Use(draft, JsonPath.Root["domains"][name]["warmup"], domain.Warmup);
        }
    }

    private static void Plan(Draft draft, JsonPath path, WarmupPlanOptions plan)
    {
        if (plan.Restart < plan.Idle)
        {
            draft.Report.Add(path["restart"], $"must not be below 'idle' ({plan.Idle.TotalDays:0.##} days), found {plan.Restart.TotalDays:0.##} days");
        }

        if (plan.Steps.Count == 0)
        {
            if (plan.First * Math.Pow(plan.Growth, plan.Days - 1) > LargestStep)
            {
                draft.Report.Add(path["days"], $"{plan.Days} days from {plan.First} by {plan.Growth:0.##} lead beyond {LargestStep:0} a day: expected fewer days or a smaller growth");
            }

            return;
        }

        foreach (var key in new[] { "first", "growth", "days" })
        {
            if (draft.IsWritten(path[key]))
            {
                draft.Report.Add(path[key], "stands beside 'steps', which says it already");
            }
        }

        if (plan.Steps.Count > MaxSteps)
        {
            draft.Report.Add(path["steps"], $"expected at most {MaxSteps} steps, found {plan.Steps.Count}");
        }

        for (var index = 1; index < plan.Steps.Count; index++)
        {
            if (plan.Steps[index] < plan.Steps[index - 1])
            {
                draft.Report.Add(path["steps"][index], $"must not be below the step before ({plan.Steps[index - 1]}), found {plan.Steps[index]}");
            }
        }
    }

    private static void Use(Draft draft, JsonPath path, WarmupOptions? warmup)
    {
        // An empty name has been reported.
        if (warmup is null || warmup.Plan.Length == 0)
        {
            return;
        }

        if (WarmupPlan.Find(warmup.Plan, draft.Options.WarmupPlans) is not { } plan)
        {
            draft.Known(path["plan"], "warm-up plan", warmup.Plan, [.. draft.Options.WarmupPlans.Keys, WarmupOptions.FourteenDays, WarmupOptions.SixWeeks]);
        }
        else if (warmup.Start > plan.Steps.Length + 1)
        {
            draft.Report.Add(path["start"], $"expected at most {plan.Steps.Length + 1}, which is warm: the plan '{warmup.Plan}' has {plan.Steps.Length} days; found {warmup.Start}");
        }
    }
}
