using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Reputation.Blocklists;

/// <summary>Writes changes as events.</summary>
internal static class ListingEvents
{
    private const string Name = "blocklists";

    /// <summary>One event where there is a kind for it, and an alert when an operator should look. A place on an allow list is no event; its loss is an alert.</summary>
    public static void Write(IEvents events, ListingChange change)
    {
        if (KindOf(change.Kind) is { } kind)
        {
            events.Write(Line(change, kind));
        }

        if (change.Level is not AlertLevel.None)
        {
            events.Write(Line(change, EventKind.Alert) with { Who = Name });
        }
    }

    private static Event Line(ListingChange change, EventKind kind) => new()
    {
        Kind = kind,
        Time = change.At,
        RecipientIndex = -1,
        Source = change.Subject.IsSource ? change.Subject.Source : null,
        SourceAddress = change.Subject.IsSourceAddress(out var address) ? address : null,
        Domain = change.Subject.IsSource ? null : change.Subject.Target,
        Rule = change.List.Zone,
        Reason = change.Text,
    };

    private static EventKind? KindOf(ListingChangeKind kind) => kind switch
    {
        ListingChangeKind.Listed => EventKind.Listed,
        ListingChangeKind.Delisted => EventKind.Delisted,
        ListingChangeKind.Quarantined => EventKind.SourceQuarantined,
        ListingChangeKind.Returning or ListingChangeKind.Restored => EventKind.SourceRestored,
        _ => null,
    };
}
