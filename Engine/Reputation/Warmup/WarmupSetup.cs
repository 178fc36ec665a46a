using System.Collections.Frozen;
using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>What the configuration says about warm-up. Immutable; swapped whole at reload.</summary>
/// <param name="ByName">What warms up; what is not in it and has no <paramref name="Others"/> is warm.</param>
/// <param name="Others">For all others; null: they are warm.</param>
/// <param name="Days">When a day turns.</param>
/// <param name="HourlyCaps">Operator to recipients an hour that it takes from a new address (<c>new_ip_max_per_hour</c> of the provider data).</param>
internal sealed record WarmupSetup(
    FrozenDictionary<string, WarmupAssignment> ByName, WarmupAssignment? Others, LocalDays Days, FrozenDictionary<string, int> HourlyCaps)
{
    /// <summary>Nothing warms up.</summary>
    public static WarmupSetup None() => new(FrozenDictionary<string, WarmupAssignment>.Empty, null, new LocalDays(TimeZoneInfo.Utc), FrozenDictionary<string, int>.Empty);

    /// <summary>Sources, by <c>sources.NAME.warmup</c>.</summary>
    public static WarmupSetup OfSources(EngineOptions options, IReadOnlyDictionary<string, int> hourlyCaps) =>
        Make(options, options.Sources.Select(source => (source.Key, source.Value.Warmup)), null, hourlyCaps);

    /// <summary>Sender domains, by <c>domains.NAME.warmup</c>; <c>domains.*</c> holds for all that say nothing.</summary>
    public static WarmupSetup OfDomains(EngineOptions options) =>
        Make(options, options.Domains.Where(domain => domain.Key != "*").Select(domain => (domain.Key, domain.Value.Warmup)), options.Domains.GetValueOrDefault("*")?.Warmup, FrozenDictionary<string, int>.Empty);

    public WarmupAssignment? Find(string name) => ByName.TryGetValue(name, out var found) ? found : Others;

    private static WarmupSetup Make(EngineOptions options, IEnumerable<(string Name, WarmupOptions? Warmup)> uses, WarmupOptions? others, IReadOnlyDictionary<string, int> caps)
    {
        var byName = from use in uses
                     let assignment = Assign(options, use.Warmup)
                     where assignment is not null
                     select KeyValuePair.Create(use.Name, assignment);
        return new WarmupSetup(byName.ToFrozenDictionary(StringComparer.Ordinal), Assign(options, others), new LocalDays(TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone)), caps.ToFrozenDictionary(StringComparer.Ordinal));
    }

    // A plan that does not exist is a finding; of a domain that is isolated because of it nothing is sent.
    private static WarmupAssignment? Assign(EngineOptions options, WarmupOptions? warmup) =>
        warmup is not null && WarmupPlan.Find(warmup.Plan, options.WarmupPlans) is { } plan
            ? new WarmupAssignment(plan, Math.Min(warmup.Start - 1, plan.Steps.Length))
            : null;
}
