using Engine.Feedback.Reading;
using Engine.Mail;
using Engine.Queue;
using Engine.Suppression;

namespace Engine.Feedback.Reports;

/// <summary>Ends queued recipients as bounced: while the message is queued its sender is known, and can have the notice that <c>accounts.*.notices</c> asks for. Thread-safe.</summary>
/// <remarks>A token has reached a receiver, so a recipient whose bounce comes in while it is queued is one whose dot had no answer. One that is being sent ends when that attempt returns.</remarks>
/// <param name="queue">Holds the recipient, perhaps.</param>
/// <param name="list">Knows addresses by digest.</param>
/// <param name="tell">Gets a recipient that has ended, by its index, why, and the event to be written: behind the notice where there is one.</param>
/// <param name="clock">For the event.</param>
internal sealed class QueuedBounces(MailQueue queue, ISuppressionList list, Action<Envelope, int, Outcome, Event> tell, TimeProvider clock) : IQueuedBounces
{
    public async ValueTask EndAsync(ReturnToken token, ReportedRecipient bounce, CancellationToken stop)
    {
        if (queue.Operators.SlotsOf(token.Id).Count == 0)
        {
            return;
        }

        using var message = queue.Operators.Read(token.Id);
        if (message is null || IndexOf(message.Envelope, token.Recipient) is not (>= 0 and var index))
        {
            return;
        }

        var selector = new RecipientSelector { Ids = [token.Id], Exactly = new HashSet<(MessageId, ushort)> { (token.Id, (ushort)index) } };
        using var ended = await queue.Operators.FailAsync(selector, stop).ConfigureAwait(false);
        if (ended.Recipients.Any(one => !one.IsLater))
        {
            Tell(message.Envelope, index, bounce);
        }
    }

    private int IndexOf(Envelope envelope, AddressDigest recipient)
    {
        for (var index = 0; index < envelope.Recipients.Count; index++)
        {
            if (list.DigestOf(envelope.Recipients[index].Address) == recipient)
            {
                return index;
            }
        }

        return -1;
    }

    private void Tell(Envelope envelope, int index, ReportedRecipient bounce)
    {
        var now = clock.GetUtcNow();
        var line = EndedRecipient.Of(envelope, index, EventKind.Bounced, "feedback", "a bounce came by mail while it was queued", now) with
        {
            Code = bounce.Code,
            Enhanced = bounce.Status,
            Category = bounce.Category,
            Disposition = Disposition.Suppress,
            Reply = bounce.Diagnostic,
        };
        tell(envelope, index, BounceOutcome.Of(bounce, now), line);
    }
}
