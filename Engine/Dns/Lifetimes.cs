namespace Engine.Dns;

/// <summary>How long answers are kept.</summary>
internal static class Lifetimes
{
    /// <summary>For TTL 0 too: one second of a busy domain is many messages, and the same question for each is of no use.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <summary>For an answer with records. A record that must change sooner than this has no business with a longer TTL.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromDays(1);

    /// <summary>For a "no" with an SOA. RFC 2308 §5 allows up to three hours; mail that waits for a corrected zone should not.</summary>
    public static readonly TimeSpan MostNegative = TimeSpan.FromMinutes(15);

    /// <summary>For a "no" without an SOA, which RFC 2308 §5 would not keep at all, and for failures: no storm, no long wait.</summary>
    public static readonly TimeSpan Failure = TimeSpan.FromSeconds(5);

    /// <summary>When one of A and AAAA failed but the other was found.</summary>
    public static readonly TimeSpan HalfFailure = TimeSpan.FromMinutes(1);

    public static TimeSpan OfFound(uint seconds) => Clamp(seconds, Most);

    public static TimeSpan OfNegative(uint seconds) => Clamp(seconds, MostNegative);

    private static TimeSpan Clamp(uint seconds, TimeSpan most) =>
        TimeSpan.FromTicks(Math.Clamp(seconds * TimeSpan.TicksPerSecond, Least.Ticks, most.Ticks));
}
