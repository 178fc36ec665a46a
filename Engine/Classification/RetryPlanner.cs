using Engine.Configuration;

namespace Engine.Classification;

/// <summary>Says how long to wait after a failure. Thread-safe when <paramref name="chance"/> is.</summary>
/// <param name="chance">For jitter, so that what failed together does not come back together.</param>
internal sealed class RetryPlanner(Random chance)
{
    private static readonly TimeSpan UncertainDelay = TimeSpan.FromMinutes(30);

    /// <param name="kind">The schedule; one that has ended goes over to the default one.</param>
    /// <param name="failures">Attempts that counted, this one included; from 1.</param>
    /// <param name="options">Key <c>delivery.retry</c>.</param>
    public TimeSpan DelayAfter(RetryKind kind, int failures, RetryOptions options)
    {
        var schedule = kind switch
        {
            RetryKind.Short => options.Short,
            RetryKind.Greylist => options.Greylist,
            _ => options.Default,
        };
        var delay = schedule.After(failures) ?? options.Default.After(failures - schedule.Delays.Count) ?? options.Default.Delays[^1];
        delay = kind is RetryKind.Uncertain && delay < UncertainDelay ? UncertainDelay : delay;
        var jittered = delay * (1 + (options.Jitter * ((2 * chance.NextDouble()) - 1)));
        return kind is RetryKind.Uncertain && jittered < UncertainDelay ? UncertainDelay : jittered;
    }
}
