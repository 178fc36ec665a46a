using Engine.Mail;

namespace Engine.Submission;

/// <summary>Writes down what was taken and what was refused: events and metrics. Thread-safe.</summary>
internal sealed class IntakeLedger(IEvents events, SubmissionMetrics metrics, TimeProvider clock)
{
    /// <summary>After the commit: one event per recipient.</summary>
    public void Accepted(Admitted admitted, long session)
    {
        var count = admitted.Message.Envelope.Recipients.Count;
        metrics.Accepted(count);
        for (var recipient = 0; recipient < count; recipient++)
        {
            events.Write(admitted.Message.Accepted(recipient, session));
        }
    }

    /// <param name="client">Who is connected.</param>
    /// <param name="draft">The transaction, as far as it came; its rules are null before the first MAIL was taken.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="command">What was refused.</param>
    /// <param name="address">Of a refused sender or recipient; default for content.</param>
    public void Rejected(ClientFacts client, MailDraft draft, Refusal refusal, SmtpCommand command, Mailbox address = default)
    {
        metrics.Rejected(refusal.Reason);
        var isOpen = command is not SmtpCommand.Mail;
        events.Write(new Event
        {
            Kind = EventKind.Rejected,
            Time = clock.GetUtcNow(),
            RecipientIndex = -1,
            Client = client.Address.ToString(),
            Credential = isOpen ? draft.Login?.Name : null,
            From = isOpen ? draft.Sender.Wire : address.Wire,
            To = command is SmtpCommand.Rcpt ? address.Wire : default,
            Account = isOpen ? draft.Login?.Account?.Name : null,
            Session = client.Session,
            Code = refusal.Reply.Code,
            Enhanced = refusal.Reply.Enhanced,
            Reply = refusal.Reply.Text,
            Command = command,
            Reason = SubmissionMetrics.LabelOf(refusal.Reason),
        });
    }

    /// <summary>A connection was ended before its greeting.</summary>
    /// <param name="reason">Label of the metric: descriptors, connections, client.</param>
    public void TurnedAway(string reason) => metrics.TurnedAway(reason);

    public void AuthFailed(ClientFacts client) => metrics.AuthFailed(client.Listener.Name);
}
