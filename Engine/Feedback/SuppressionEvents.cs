using Engine.Mail;
using Engine.Suppression;

namespace Engine.Feedback;

/// <summary>Tells of changes of the suppression list.</summary>
internal static class SuppressionEvents
{
    /// <summary>Event <c>suppression-added</c>: field <c>rule</c> is <c>REASON/ORIGIN</c>, <c>reason</c> says the scope and the end.</summary>
    /// <param name="entry">What was added.</param>
    /// <param name="cause">The event that led to it: whose message, account, stream and recipient; default for none.</param>
    /// <param name="now">Wall clock.</param>
    public static Event Added(in SuppressionEntry entry, in Event cause, DateTimeOffset now) => cause with
    {
        Kind = EventKind.SuppressionAdded,
        Time = now,
        RecipientIndex = cause.Id == default ? -1 : cause.RecipientIndex,
        Disposition = null,
        NextAttempt = null,
        Rule = $"{Name(entry.Reason)}/{Name(entry.Origin)}",
        Reason = $"scope {Scope(entry.Scope)}, {(entry.Expires is { } end ? $"until {end.UtcDateTime:yyyy-MM-dd}" : "for ever")}",
    };

    /// <summary>Event <c>suppression-removed</c>.</summary>
    public static Event Removed(in SuppressionScope scope, in Event cause, DateTimeOffset now) => cause with
    {
        Kind = EventKind.SuppressionRemoved,
        Time = now,
        RecipientIndex = cause.Id == default ? -1 : cause.RecipientIndex,
        Reason = $"scope {Scope(scope)}{(cause.Reason is { Length: > 0 } why ? $": {why}" : string.Empty)}",
    };

    private static string Scope(in SuppressionScope scope)
    {
        var name = Name(scope.Kind);
        return scope.Class is { } mailClass ? $"{name}, {Name(mailClass)}" : name;
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
