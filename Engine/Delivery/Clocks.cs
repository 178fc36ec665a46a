namespace Engine.Delivery;

/// <summary>Turns timestamps into wall-clock times.</summary>
internal static class Clocks
{
    public static DateTimeOffset WallOf(TimeProvider clock, long timestamp) =>
        clock.GetUtcNow() + clock.GetElapsedTime(clock.GetTimestamp(), timestamp);
}
