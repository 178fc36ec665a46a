using Engine.Classification;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Feedback;

/// <summary>Raises an <c>alert</c> where a rule's data says that an operator should look: once an hour for each rule, source and receiver. One loop.</summary>
/// <param name="events">Takes alerts.</param>
internal sealed class RuleAlarms(IEvents events)
{
    // Beyond it all are forgotten, and some are told again.
    private const int Most = 10_000;

    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Rule, string Source, string Operator), DateTimeOffset> _told = [];

    /// <param name="judgement">Of a reply.</param>
    /// <param name="outcome">The reply.</param>
    /// <param name="facts">Who sent it where.</param>
    public void Hear(in Judgement judgement, in Outcome outcome, in OutcomeFacts facts)
    {
        if (judgement.Alert is AlertLevel.None || outcome.Kind is not OutcomeKind.Refused || outcome.Relay is not null)
        {
            return;
        }

        var key = (judgement.Rule, facts.Source ?? string.Empty, facts.Operator ?? string.Empty);
        if (_told.TryGetValue(key, out var last) && facts.Now - last < Again)
        {
            return;
        }

        if (_told.Count >= Most)
        {
            _told.Clear();
        }

        _told[key] = facts.Now;
        events.Write(new Event
        {
            Kind = EventKind.Alert,
            Time = facts.Now,
            RecipientIndex = -1,
            Who = judgement.Alert is AlertLevel.Page ? "reply/page" : "reply/warn",
            Provider = facts.Provider,
            Source = facts.Source,
            Account = facts.Flow.Account,
            HeaderFrom = facts.Flow.SenderDomain.Name,
            Mx = outcome.Mx,
            MxAddress = outcome.MxAddress,
            Code = outcome.Code,
            Enhanced = outcome.Enhanced,
            Reply = outcome.Text,
            Category = judgement.Category,
            Rule = judgement.Rule,
            Reason = $"a receiver answered as {judgement.Category}; not told again for an hour",
        });
    }
}
