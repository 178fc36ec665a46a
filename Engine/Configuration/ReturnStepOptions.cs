using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>One step on the way back from a quarantine. Key <c>blocklists.return</c>.</summary>
internal sealed record ReturnStepOptions
{
    /// <summary>Share of its usual mail. From 0.01 to 1; default 0.1.</summary>
    [Between(0.01, 1)]
    public double Share { get; init; } = 0.1;

    /// <summary>How long. From 1m to 7d; default 1h.</summary>
    [Between("1m", "7d")]
    public TimeSpan For { get; init; } = TimeSpan.FromHours(1);
}
