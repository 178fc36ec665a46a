using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation.Control;

namespace Engine.Reputation.Steering;

/// <summary>Tells what control did, as events.</summary>
internal static class SteeringEvents
{
    private const string Who = "control";

    public static void Write(IEvents events, ControlChange change)
    {
        if (change.Event is not { } kind)
        {
            return;
        }

        var scope = change.Key.Scope;
        events.Write(new Event
        {
            Kind = kind,
            Time = change.At,
            RecipientIndex = -1,
            Who = kind is EventKind.Alert ? Who : null,
            Provider = OrNull(change.Key.Operator),
            Source = scope is FlowScope.SourceAtProvider or FlowScope.Source ? change.Key.Subject : null,
            HeaderFrom = scope is FlowScope.SenderDomainAtProvider or FlowScope.DomainAtProvider or FlowScope.SenderAtProvider ? change.Key.Subject : null,
            Account = scope is FlowScope.CampaignAtProvider ? change.Key.Subject.Split('/', 2)[0] : null,
            Campaign = scope is FlowScope.CampaignAtProvider ? change.Key.Subject[(change.Key.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..] : null,
            Rule = change.Rule,
            NextAttempt = change.Until,
            Reason = change.Reason,
        });
    }

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
