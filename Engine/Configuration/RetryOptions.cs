using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>When a deferred recipient is tried again. Key <c>delivery.retry</c>.</summary>
internal sealed record RetryOptions
{
    /// <summary>After the first, second … failure; <c>x*</c> repeats the last for ever, <c>x3</c> three times.</summary>
    public RetrySchedule Default { get; init; } = RetrySchedule.Parse("2m", "5m", "15m", "30m", "1h", "2h", "4h x*");

    /// <summary>After connection limits and closed sessions.</summary>
    public RetrySchedule Short { get; init; } = RetrySchedule.Parse("30s x3");

    /// <summary>After greylisting; from the same source.</summary>
    public RetrySchedule Greylist { get; init; } = RetrySchedule.Parse("65s", "3m", "5m", "10m", "20m", "1h x*");

    /// <summary>Share by which each delay varies either way. From 0 to 0.5; default 0.1.</summary>
    [Between(0, 0.5)]
    public double Jitter { get; init; } = 0.1;
}
