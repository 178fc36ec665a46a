using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>How an address or domain without a history grows. Key <c>warmupPlans.NAME</c>; a plan of a shipped one's name replaces it whole.</summary>
internal sealed record WarmupPlanOptions
{
    /// <summary>Recipients on the first day. From 1 to 1 000 000; default 100: what receivers take from an unknown address without a word. Not with <c>steps</c>.</summary>
    [Between(1, 1_000_000)]
    public int First { get; init; } = 100;

    /// <summary>Factor from one earned day to the next. From 1 to 10; default 2.0: receivers tolerate a doubling. Not with <c>steps</c>.</summary>
    [Between(1, 10)]
    public double Growth { get; init; } = 2.0;

    /// <summary>Earned days until it is warm. From 1 to 366; default 14. Not with <c>steps</c>.</summary>
    [Between(1, 366)]
    public int Days { get; init; } = 14;

    /// <summary>Recipients of each earned day one by one, 1 to 366 of them, never falling, each from 1 to 1 000 000 000; left out: <c>first</c>, <c>growth</c> and <c>days</c> say it.</summary>
    [NotEmpty]
    [Between(1, 1_000_000_000)]
    public IReadOnlyList<int> Steps { get; init; } = [];

    /// <summary>What counts apart. Only <c>provider</c> exists: each provider, and each destination of none, for receivers judge for themselves.</summary>
    [OneOf("provider")]
    public string Per { get; init; } = "provider";

    /// <summary>Largest share of the day's allowance within one hour. From 0.045 to 1; default 0.083, a twelfth: bursts look like a bot.</summary>
    [Between(0.045, 1)]
    public double Hourly { get; init; } = 0.083;

    public WarmupBoundsOptions AdvanceIf { get; init; } = new();

    /// <summary>After so long without mail it goes back one step, and another each time. From 1d to 365d; default 7d.</summary>
    [Between("1d", "365d")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromDays(7);

    /// <summary>After so long without mail it starts over. From 1d to 730d, not below <c>idle</c>; default 30d: receivers keep about a month of history.</summary>
    [Between("1d", "730d")]
    public TimeSpan Restart { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Where mail goes that the allowance does not take. Default <c>pool</c>.</summary>
    public WarmupOverflow Overflow { get; init; } = WarmupOverflow.Pool;
}
