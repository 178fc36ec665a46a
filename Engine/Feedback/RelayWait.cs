namespace Engine.Feedback;

/// <summary>
/// How long a recipient waits that a relay could not take. No attempt is counted, so the wait grows with its age: an eighth of it, from
/// 30 s to an hour; some forty tries in a day.
/// </summary>
internal static class RelayWait
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static TimeSpan After(TimeSpan age)
    {
        var wait = age / 8;
        return wait < Shortest ? Shortest : wait > Longest ? Longest : wait;
    }
}
