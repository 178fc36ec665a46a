using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>What a day must have been like to count. Key <c>warmupPlans.NAME.advanceIf</c>. Shares are of the recipients attempted that day.</summary>
/// <remarks>Above a bound the step stays; above twice the bound it goes back by one. Single faults say nothing: fewer than three (two complaints) never count.</remarks>
internal sealed record WarmupBoundsOptions
{
    /// <summary>Least share of the day's allowance that must be used. From 0 to 1; default 0.5: a receiver learns nothing from mail it does not see.</summary>
    [Between(0, 1)]
    public double Used { get; init; } = 0.5;

    /// <summary>Share deferred or refused for what the sender is or does. From 0.001 to 1; default 0.05: receivers say "slow down" so before they block.</summary>
    [Between(0.001, 1)]
    public double Deferred { get; init; } = 0.05;

    /// <summary>Share of recipients that do not exist. From 0.001 to 1; default 0.02: above it, lists count as bought.</summary>
    [Between(0.001, 1)]
    public double Hard { get; init; } = 0.02;

    /// <summary>Share complained about. From 0.0001 to 1; default 0.001, the bound that Gmail and Yahoo publish. Nothing counts them for warm-up yet: a complaint's token names neither source nor provider; <c>brakes.complaint</c> stops senders.</summary>
    [Between(0.0001, 1)]
    public double Complaints { get; init; } = 0.001;
}
