using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Hard bounces ÷ (delivered + hard bounces) of one sender. Key <c>brakes.hardBounce</c>.</summary>
internal sealed record HardBounceBrakeOptions
{
    /// <summary>Share at which an alert is raised. From 0.001 to 1; default 0.02: a list that is looked after has less.</summary>
    [Between(0.001, 1)]
    public double Warn { get; init; } = 0.02;

    /// <summary>Share at which it is paused. From 0.001 to 1; default 0.05: above it receivers take a list for bought or old.</summary>
    [Between(0.001, 1)]
    public double Pause { get; init; } = 0.05;

    /// <summary>How far back is looked, in 24 steps. From 1h to 14d; default 24h.</summary>
    [Between("1h", "14d")]
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Recipients answered, delivered or hard, below which nobody is judged. From 10 to 1 000 000; default 500: at 2 % that is ten bounces.</summary>
    [Between(10, 1_000_000)]
    public int Minimum { get; init; } = 500;
}
