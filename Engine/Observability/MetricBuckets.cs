namespace Engine.Observability;

/// <summary>Upper bounds of histogram buckets, by instrument. Each table spans what the thing measured may sensibly take.</summary>
internal static class MetricBuckets
{
    // What a flush to disk takes: 0.1 ms on good flash, a second on a disk in trouble.
    private static readonly double[] Commit = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

    // From a receiver next door to the time-out of the final dot.
    private static readonly double[] Attempt = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    // From fresh mail sent at once to three days of retries.
    private static readonly double[] Queued = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 259_200];

    private static readonly double[] Sign = [0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05];

    private static readonly double[] Other = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    /// <summary>Seconds, ascending; the last bucket, without a bound, is not among them.</summary>
    public static double[] Of(string instrument) => instrument switch
    {
        "engine_commit_seconds" => Commit,
        "engine_attempt_seconds" => Attempt,
        "engine_queued_seconds" => Queued,
        "engine_dkim_sign_seconds" => Sign,
        _ => Other,
    };
}
