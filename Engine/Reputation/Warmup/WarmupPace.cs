namespace Engine.Reputation.Warmup;

/// <summary>How a day's allowance is spread: no hour takes more than its share.</summary>
/// <param name="RatePerSecond">Refill of the bucket.</param>
/// <param name="Burst">What it holds.</param>
internal readonly record struct WarmupPace(double RatePerSecond, int Burst)
{
    private const double SecondsPerHour = 3_600;
    private const double MinutesPerHour = 60;

    // While held inside a day: often enough to see the receiver relent, seldom enough not to press it.
    private const double ProbeShare = 0.25;

    /// <summary>A full bucket and an hour's refill make one share; a share under two recipients still lets one go at a time.</summary>
    /// <param name="dayAllowance">Recipients a day.</param>
    /// <param name="hourly">Share of it within an hour.</param>
    /// <param name="cap">Recipients an hour that the operator takes from a new address; 0 for none.</param>
    public static WarmupPace Of(long dayAllowance, double hourly, int cap)
    {
        var share = cap > 0 ? Math.Min(dayAllowance * hourly, cap) : dayAllowance * hourly;
        var burst = (int)Math.Max(1, share / MinutesPerHour);
        return new WarmupPace(Math.Max(share - burst, share / 2) / SecondsPerHour, burst);
    }

    public WarmupPace Probing => new(RatePerSecond * ProbeShare, 1);
}
