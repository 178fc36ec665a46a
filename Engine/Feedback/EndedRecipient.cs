using Engine.Mail;

namespace Engine.Feedback;

/// <summary>The event of a recipient that ended without an attempt: what its envelope says of it.</summary>
internal static class EndedRecipient
{
    /// <param name="envelope">Of its message.</param>
    /// <param name="index">The recipient's.</param>
    /// <param name="kind">How it ended.</param>
    /// <param name="who">Who ended it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">Wall clock.</param>
    public static Event Of(Envelope envelope, int index, EventKind kind, string who, string reason, DateTimeOffset now)
    {
        var recipient = envelope.Recipients[index];
        return new Event
        {
            Kind = kind,
            Time = now,
            Id = envelope.Id,
            RecipientIndex = index,
            To = recipient.Address.Wire,
            From = envelope.Sender.Wire,
            HeaderMessageId = envelope.HeaderMessageId,
            Account = envelope.Account,
            Stream = envelope.Stream,
            Campaign = envelope.Campaign,
            Domain = recipient.Address.Domain.Name,
            Queued = now - envelope.Accepted,
            Who = who,
            Reason = reason,
        };
    }
}
