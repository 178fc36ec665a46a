using System.Buffers;
using Engine.Mail;

namespace Engine.Queue;

/// <summary>A message to be accepted. Its memory may be reused once <see cref="MailQueue.AcceptAsync"/> has completed.</summary>
/// <param name="Envelope">Each recipient names one of the heads.</param>
/// <param name="Heads">At least one.</param>
/// <param name="Content">The body after the empty line: CRLF line ends, not dot-stuffed. With <see cref="Before"/>, the end of it.</param>
internal sealed record NewMessage(Envelope Envelope, IReadOnlyList<MessageHead> Heads, ReadOnlySequence<byte> Content)
{
    /// <summary>
    /// The beginning of a large body, written already: of <see cref="MailQueue.BeginContent"/> with this message's id. Null when
    /// <see cref="Content"/> is all. Stays the caller's to dispose of, and is good for one accept.
    /// </summary>
    public IIncomingContent? Before { get; init; }

    /// <summary>Octets of the whole body.</summary>
    public long Size => Content.Length + (Before?.Length ?? 0);

    /// <summary>The event of its accept, for one recipient.</summary>
    /// <param name="recipient">Index in the envelope.</param>
    /// <param name="session">That submitted it; 0 for none.</param>
    public Event Accepted(int recipient, long session)
    {
        var (envelope, to) = (Envelope, Envelope.Recipients[recipient]);
        var head = Heads[to.Head];
        return new Event
        {
            Kind = EventKind.Accepted,
            Time = envelope.Accepted,
            Id = envelope.Id,
            RecipientIndex = recipient,
            HeaderMessageId = envelope.HeaderMessageId,
            HeaderFrom = envelope.HeaderFrom.Name,
            Client = envelope.Client,
            Credential = envelope.Credential,
            Dkim = head.Signatures,
            To = to.Address.Wire,
            From = envelope.Sender.Wire,
            Account = envelope.Account,
            Stream = envelope.Stream,
            Campaign = envelope.Campaign,
            Tags = envelope.Tags,
            Domain = to.Address.Domain.Name,
            Pool = envelope.Pool,
            Session = session,
            Code = 250,
            Command = SmtpCommand.Dot,
            Size = head.Octets.Length + Size,
        };
    }
}
