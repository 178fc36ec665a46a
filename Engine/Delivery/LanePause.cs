namespace Engine.Delivery;

/// <summary>How long a lane rests when no exchanger can be reached: 30 s, doubled each time in a row, at most 30 min, ±10 %.</summary>
internal static class LanePause
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static TimeSpan After(int failures, Random chance)
    {
        var pause = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return (pause > Longest ? Longest : pause) * (0.9 + (0.2 * chance.NextDouble()));
    }
}
