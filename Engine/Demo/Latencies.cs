namespace Engine.Demo;

/// <summary>Percentiles of times, in milliseconds. Zero of nothing.</summary>
internal sealed record Latencies(double P50, double P95, double P99, double Max)
{
    public static Latencies Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(static time => time.TotalMilliseconds).Order().ToArray();
        return new Latencies(At(0.50), At(0.95), At(0.99), At(1));

        // The nearest rank.
        double At(double share) => sorted.Length == 0 ? 0 : Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)], 2);
    }
}
