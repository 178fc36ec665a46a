namespace Engine.Queue.Frames;

/// <summary>Whole seconds since 1970, in 32 bits (until 2106): how due times stand in the index and in the log.</summary>
internal static class Seconds
{
    /// <summary>Rounded up, so that nothing is due early.</summary>
    public static uint Of(DateTimeOffset time)
    {
        var ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        return (uint)Math.Clamp((ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond, 0, uint.MaxValue);
    }

    /// <summary>Rounded down: what has passed.</summary>
    public static uint Passed(DateTimeOffset time) =>
        (uint)Math.Clamp((time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerSecond, 0, uint.MaxValue);

    public static DateTimeOffset ToTime(uint seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
