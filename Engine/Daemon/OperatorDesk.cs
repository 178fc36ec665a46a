using Engine.Feedback;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Daemon;

/// <summary>Carries out what operators order on queued mail, and tells it: one <c>admin</c> event, one event a recipient, notices where the policy wants them.</summary>
internal sealed class OperatorDesk(MailQueue queue, NoticeDesk notices, Func<string, Configuration.Notices> policy, IEvents events, TimeProvider clock)
{
    /// <param name="verb">retry, hold, release, fail or rm.</param>
    /// <param name="selector">Which recipients.</param>
    /// <param name="words">The selector as given, for the event.</param>
    /// <param name="reason">The operator's.</param>
    /// <param name="stop">Ends a long walk between two pieces; what was changed stays changed.</param>
    public async Task<OperatorChange> ChangeAsync(string verb, RecipientSelector selector, string words, string reason, CancellationToken stop)
    {
        var operators = queue.Operators;
        Func<RecipientSelector, CancellationToken, Task<AffectedRecipients>> order = verb switch
        {
            "retry" => operators.RetryNowAsync,
            "hold" => operators.HoldAsync,
            "release" => operators.ReleaseAsync,
            "fail" => operators.FailAsync,
            "rm" => operators.CancelAsync,
            _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "no such verb"),
        };
        using var affected = await order(selector, stop).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        events.Write(new Event { Kind = EventKind.Admin, Time = now, RecipientIndex = -1, Who = "operator", Verb = $"queue {verb}", Selector = words, Count = affected.Count, Reason = reason });
        var later = 0;
        foreach (var one in affected.Recipients)
        {
            later += one.IsLater ? 1 : 0;
            if (!one.IsLater && KindOf(verb) is { } kind)
            {
                Tell(affected.EnvelopeOf(one), one.Index, kind, reason, now);
            }
        }

        return new OperatorChange(affected.Count, later);
    }

    /// <summary>An end that was ordered while an attempt ran has taken effect. The attempt's own message is gone by now: the event names it by id.</summary>
    public void OnEndedLate(LateEnd end) => events.Write(new Event
    {
        Kind = end.End is EndKind.Cancelled ? EventKind.Cancelled : EventKind.Bounced,
        Time = clock.GetUtcNow(),
        Id = end.Id,
        RecipientIndex = end.Index,
        Who = "operator",
        Reason = "ordered while an attempt was running",
    });

    private static EventKind? KindOf(string verb) => verb switch
    {
        "hold" => EventKind.Held,
        "release" => EventKind.Released,
        "fail" => EventKind.Bounced,
        "rm" => EventKind.Cancelled,
        _ => null,
    };

    private void Tell(Envelope envelope, int index, EventKind kind, string reason, DateTimeOffset now)
    {
        var recipient = envelope.Recipients[index];
        var line = new Event
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
            Who = "operator",
            Reason = reason,
        };
        if (kind is EventKind.Bounced && NoticePolicy.WantsFailure(policy(envelope.Account), envelope.Sender.IsNull, recipient.Notify))
        {
            var outcome = new Outcome { Slot = NoticeDesk.Settled, Kind = OutcomeKind.Failed, Enhanced = new EnhancedCode(5, 0, 0), Text = reason.Length > 0 ? reason : "ended by an operator", Source = SourceId.None, At = now };
            notices.Write(new FailureNotice(NoticeDesk.Settled, envelope.Id, envelope, index, outcome, EndKind.Bounced, line));
        }
        else
        {
            events.Write(line);
        }
    }
}
