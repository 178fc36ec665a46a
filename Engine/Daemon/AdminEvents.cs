using Engine.Mail;

namespace Engine.Daemon;

/// <summary>Event <c>admin</c>: who changed what by which verb, on how many, and why.</summary>
internal static class AdminEvents
{
    /// <summary>Whoever may open the admin socket.</summary>
    public const string Operator = "operator";

    /// <param name="events">Where it is told.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="verb">As on the command line.</param>
    /// <param name="selector">What was selected; null where naming it would be wrong.</param>
    /// <param name="reason">The operator's words.</param>
    /// <param name="count">How many it changed; null where that says nothing.</param>
    public static void TellAdmin(this IEvents events, DateTimeOffset now, string verb, string? selector, string? reason, long? count = null) => events.Write(new Event
    {
        Kind = EventKind.Admin,
        Time = now,
        RecipientIndex = -1,
        Who = Operator,
        Verb = verb,
        Selector = selector,
        Count = count,
        Reason = reason,
    });
}
