using Engine.Configuration;

namespace Engine.Classification;

/// <summary>Says how long to wait after a failure. Thread-safe when <paramref name="chance"/> is.</summary>
/// <param name="chance">For jitter, so that what failed together does not come back together.</param>
internal sealed class RetryPlanner(Random chance)
{
    private static readonly TimeSpan UncertainDelay = TimeSpan.FromMinutes(30);

    /// <summary>When the recipient is due after a judged failure; the caller bounds it by its give-up.</summary>
    /// <param name="judgement">Names the schedule. The provider's own wins over <paramref name="options"/>.</param>
    /// <param name="failures">Attempts that counted, this one included; from 1.</param>
    /// <param name="options">The schedules in force: <c>Snapshot.Retry</c>.</param>
    /// <param name="now">The time.</param>
    /// <param name="resumesAt">When control's pause for the scope ends; null when nothing is paused.</param>
    public DateTimeOffset DueAfter(in Judgement judgement, int failures, RetryOptions options, DateTimeOffset now, DateTimeOffset? resumesAt = null)
    {
        var schedule = judgement.OwnSchedule ?? options.Of(judgement.Schedule);
        if (schedule.IsController)
        {
            if (resumesAt > now)
            {
                // Only later: before, the pause holds it anyway.
                var wait = resumesAt.Value - now;
                return now + (wait * (1 + (options.Jitter * chance.NextDouble())));
            }

            schedule = judgement.SharedSchedule ?? options.Default;
        }

        return now + Delay(judgement.Schedule, schedule, failures, options);
    }

    /// <param name="kind">The schedule; one that has ended goes over to the default one.</param>
    /// <param name="failures">Attempts that counted, this one included; from 1.</param>
    /// <param name="options">Key <c>delivery.retry</c>.</param>
    public TimeSpan DelayAfter(RetryKind kind, int failures, RetryOptions options) => Delay(kind, options.Of(kind), failures, options);

    private TimeSpan Delay(RetryKind kind, RetrySchedule schedule, int failures, RetryOptions options)
    {
        var delay = schedule.After(failures) ?? options.Default.After(failures - schedule.Delays.Count) ?? options.Default.Delays[^1];
        delay = kind is RetryKind.Uncertain && delay < UncertainDelay ? UncertainDelay : delay;
        var jittered = delay * (1 + (options.Jitter * ((2 * chance.NextDouble()) - 1)));
        return kind is RetryKind.Uncertain && jittered < UncertainDelay ? UncertainDelay : jittered;
    }
}
