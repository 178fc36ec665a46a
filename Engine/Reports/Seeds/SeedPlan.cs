using Engine.Configuration;

namespace Engine.Reports.Seeds;

/// <summary>What the board must know of a seed.</summary>
/// <param name="Name">Key in <c>seeds</c>.</param>
/// <param name="Provider">For tables.</param>
/// <param name="Pools">At least one; the empty name is the default pool.</param>
/// <param name="Options">As configured.</param>
internal sealed record SeedPlan(string Name, string Provider, IReadOnlyList<string> Pools, SeedOptions Options)
{
    /// <summary>Every seed of a configuration.</summary>
    public static IReadOnlyList<SeedPlan> Of(EngineOptions options) =>
    [
        .. options.Seeds.Select(seed => new SeedPlan(
            seed.Key,
            seed.Value.Provider ?? Mail.Mailbox.Parse(seed.Value.Address).Domain.Name,
            seed.Value.Pools.Count > 0 ? seed.Value.Pools : options.Pools.Count > 0 ? [.. options.Pools.Keys] : [string.Empty],
            seed.Value)),
    ];
}
