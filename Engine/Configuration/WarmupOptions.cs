using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>That something warms up, and how. Keys <c>sources.NAME.warmup</c> and <c>domains.NAME.warmup</c>; without the key there is no limit.</summary>
internal sealed record WarmupOptions
{
    /// <summary>Shipped names of plans.</summary>
    public const string FourteenDays = "14-day";

    public const string SixWeeks = "6-week";

    /// <summary>A name in <c>warmupPlans</c>, or a shipped plan: <c>14-day</c> (100 a day, doubled daily) or <c>6-week</c> (100 a day, doubled every third day).</summary>
    [Required]
    public string Plan { get; init; } = string.Empty;

    /// <summary>
    /// Day of the plan to begin with where nothing was sent yet. From 1 to 367, at most one beyond the plan, which is: warm; default 1.
    /// For what was warmed up elsewhere. What has a state of its own keeps it.
    /// </summary>
    [Between(1, 367)]
    public int Start { get; init; } = 1;
}
