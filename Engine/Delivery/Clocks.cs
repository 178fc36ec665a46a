namespace Engine.Delivery;

/// <summary>Turns timestamps into wall-clock times, and back.</summary>
internal static class Clocks
{
    public static DateTimeOffset WallOf(TimeProvider clock, long timestamp) =>
        clock.GetUtcNow() + clock.GetElapsedTime(clock.GetTimestamp(), timestamp);

    public static long TimestampOf(TimeProvider clock, DateTimeOffset wall) =>
        clock.GetTimestamp() + (long)((wall - clock.GetUtcNow()).TotalSeconds * clock.TimestampFrequency);
}
