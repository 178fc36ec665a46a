using Engine.Mail;

namespace Engine.Feedback;

/// <summary>How long a recipient waits that a relay could not take. No attempt is counted.</summary>
/// <remarks>
/// Where there was no session the relay is paused, and the recipient goes on without it at once. Where the relay refused it for now, the wait grows
/// with its age: an eighth of it, from 30 s to an hour; some forty tries in a day.
/// </remarks>
internal static class RelayWait
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static TimeSpan After(in Outcome outcome, TimeSpan age)
    {
        if (outcome.Session == 0)
        {
            return TimeSpan.Zero;
        }

        var wait = age / 8;
        return wait < Shortest ? Shortest : wait > Longest ? Longest : wait;
    }
}
