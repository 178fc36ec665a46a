using Engine.Classification;
using Engine.Mail;
using Engine.Queue;
using Engine.Reputation;

namespace Engine.Feedback;

/// <summary>Tells one recipient's outcome as an event.</summary>
internal readonly ref struct OutcomeStory(MailQueue queue, SourceMap sources, Attempt attempt, QueuedRecipient recipient)
{
    public Event Tell(in Outcome outcome, EventKind kind, int attempts, in Judgement judgement)
    {
        var flow = queue.FlowOf(recipient.Flow);
        var source = outcome.Source == SourceId.None ? null : sources.Find(outcome.Source);
        return new Event
        {
            Kind = kind,
            Time = outcome.At,
            Id = recipient.Id,
            RecipientIndex = recipient.Index,
            Attempt = attempts,
            To = attempt.Message?.AddressOf(recipient.Index) ?? default,
            From = attempt.Message?.Sender ?? default,
            Account = flow.Account,
            Stream = flow.Stream,
            Campaign = flow.Campaign,
            HeaderFrom = flow.SenderDomain.Name,
            ReturnPath = outcome.ReturnPath,
            Domain = queue.DomainOf(recipient.Domain).Name,
            Provider = attempt.Provider,
            Mx = outcome.Mx,
            MxAddress = outcome.MxAddress,
            Source = source?.Name,
            SourceAddress = source?.Address,
            Pool = attempt.Pool,
            Relay = outcome.Relay,
            Session = outcome.Session,
            Code = outcome.Code,
            Enhanced = outcome.Enhanced,
            Reply = outcome.Text,
            Command = outcome.Command,
            Category = judgement.Category,
            Disposition = kind is EventKind.Delivered or EventKind.Relayed or EventKind.Suppressed ? null : judgement.Disposition,
            Rule = judgement.Rule,
            Tls = outcome.Tls,
            Queued = outcome.At - recipient.Accepted,
            Transaction = outcome.Duration,
            Size = recipient.Size,
        };
    }

    public string? Provider => attempt.Provider;

    public string? SourceName => sources.Find(recipient.State is RecipientState.None ? SourceId.None : FirstSource())?.Name;

    private SourceId FirstSource() => attempt.Outcomes.Count > 0 ? attempt.Outcomes[0].Source : SourceId.None;
}
