using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Classification;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Queue;
using Engine.Reputation;

namespace Engine.Feedback;

/// <summary>
/// Takes what attempts brought and makes it lasting: judges, settles or defers in the queue, writes the event. Failures that
/// become a mail go to <see cref="NoticeDesk"/>, which settles them after the notice is accepted; what was delivered is settled first, whatever becomes of its notice. One loop; order per message is kept.
/// </summary>
internal sealed class OutcomeReader(
    MailQueue queue,
    OutcomeJudge judge,
    SourceMap sources,
    SourceHints hints,
    IListWatch? lists,
    CurrentSnapshot snapshot,
    NoticeDesk notices,
    FeedbackMeter meter,
    IEvents events,
    TimeProvider clock,
    ILogger log)
{
    /// <summary>When a recipient that failed should be due because a relay will take it: by its state before the failure, the pool it left by, and the category. Null: its schedule.</summary>
    public Func<QueuedRecipient, string?, Category, DateTimeOffset?> RelayAt { get; init; } = static (_, _, _) => null;

    /// <summary>Suppresses before a failure is made lasting; null suppresses nobody.</summary>
    public SuppressionDesk? Suppressions { get; init; }

    /// <summary>Hears how senders fare; null tells nobody.</summary>
    public ISenderWatch? Senders { get; init; }

    // Delay notices are not made while so many notices wait.
    private const int MostDelays = 1_000;

    // Octets of headers that a notice of success returns (RFC 3461 §6.2): it holds them while it waits, and few mails have more.
    private const int MostHead = 16 << 10;

    private readonly RuleAlarms _alarms = new(events);

    /// <summary>Ends when the channel is complete and empty.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the loop: one broken attempt must not stop all others; its recipients stay in flight and are tried again after a restart.")]
    public async Task RunAsync(ChannelReader<Attempt> attempts)
    {
        await foreach (var attempt in attempts.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                using (attempt.Message)
                {
                    Handle(attempt);
                }
            }
            catch (Exception fault)
            {
                FeedbackLog.AttemptLost(log, fault);
            }
        }
    }

    private void Handle(Attempt attempt)
    {
        foreach (var outcome in attempt.Outcomes)
        {
            Handle(attempt, outcome);
        }
    }

    private void Handle(Attempt attempt, in Outcome outcome)
    {
        var recipient = queue.Look(outcome.Slot);
        if (recipient.State is not RecipientState.InFlight)
        {
            // Ended meanwhile: this gives the slot's number back.
            queue.PutBack(outcome.Slot, clock.GetUtcNow());
            return;
        }

        var story = new OutcomeStory(queue, sources, attempt, recipient);
        var flow = queue.FlowOf(recipient.Flow);
        var giveUp = GiveUp.Of(recipient, flow, snapshot.Value.Options);
        var facts = FactsOf(attempt, outcome, recipient, flow, giveUp);
        var decision = judge.Judge(outcome, facts);
        _alarms.Hear(decision.Judgement, outcome, facts);
        Tell(outcome, flow, decision);
        TellSender(outcome, flow, decision);
        switch (decision.Action)
        {
            case OutcomeAction.Settle when TellsSuccess(attempt, outcome, recipient):
                Succeed(attempt, outcome, recipient, story);
                break;
            case OutcomeAction.Settle:
                End(outcome, recipient, story, EndKind.Delivered, outcome.Relay is null ? EventKind.Delivered : EventKind.Relayed, default);
                break;
            case OutcomeAction.Return when outcome.Kind is OutcomeKind.Local && outcome.Relay is not null:
                queue.PutBack(outcome.Slot, clock.GetUtcNow() + RelayWait.After(outcome, clock.GetUtcNow() - recipient.Accepted));
                FeedbackLog.LocalTrouble(log, recipient.Id, recipient.Index, outcome.Text);
                break;
            case OutcomeAction.Return:
                queue.PutBack(outcome.Slot, decision.Due);
                if (outcome.Kind is OutcomeKind.Local)
                {
                    FeedbackLog.LocalTrouble(log, recipient.Id, recipient.Index, outcome.Text);
                }

                break;
            case OutcomeAction.Defer:
                Defer(attempt, outcome, recipient, story, decision, giveUp);
                break;
            case OutcomeAction.Suppress:
                Fail(attempt, outcome, recipient, story, EndKind.Suppressed, EventKind.Suppressed, decision.Judgement);
                break;
            case OutcomeAction.Expire:
                Fail(attempt, outcome, recipient, story, EndKind.Expired, EventKind.Expired, decision.Judgement);
                break;
            default:
                Fail(attempt, outcome, recipient, story, EndKind.Bounced, EventKind.Bounced, decision.Judgement);
                break;
        }
    }

    // Block lists are asked about who sends; at once about whom a reply says is listed.
    private void Tell(in Outcome outcome, Flow flow, in OutcomeDecision decision)
    {
        if (outcome.Relay is not null || sources.Find(outcome.Source) is not { } source)
        {
            return;
        }

        lists?.Sent(source, flow.SenderDomain);
        if (outcome.Kind is OutcomeKind.Refused && decision.Judgement.CategoryClass is CategoryClass.Reputation)
        {
            lists?.Heard(source, flow.SenderDomain, outcome.Text);
        }
    }

    // Whose mail it was: what a relay says tells nothing of it.
    private void TellSender(in Outcome outcome, Flow flow, in OutcomeDecision decision)
    {
        if (Senders is null || outcome.Relay is not null || flow.Account == OwnMessage.Account)
        {
            return;
        }

        SenderNewsKind? kind = decision switch
        {
            { Action: OutcomeAction.Settle } when outcome.Kind is OutcomeKind.Delivered => SenderNewsKind.Delivered,
            { Action: OutcomeAction.Fail, Judgement.IsHard: true } => SenderNewsKind.HardBounced,
            { Judgement.CategoryClass: CategoryClass.Reputation or CategoryClass.Content } when outcome.Kind is OutcomeKind.Refused => SenderNewsKind.Blocked,
            _ => null,
        };
        if (kind is { } heard)
        {
            Senders.Heard(new SenderNews
            {
                Kind = heard,
                Account = flow.Account,
                Stream = flow.Stream,
                Campaign = flow.Campaign,
                Class = flow.Class,
                SenderDomain = flow.SenderDomain,
                At = outcome.At,
            });
        }
    }

    private OutcomeFacts FactsOf(Attempt attempt, in Outcome outcome, in QueuedRecipient recipient, Flow flow, DateTimeOffset giveUp) => new()
    {
        Now = clock.GetUtcNow(),
        GiveUpAt = giveUp,
        Attempts = recipient.Attempts,
        LastCategory = recipient.Category,
        Flow = flow,
        Provider = attempt.Provider,
        Operator = attempt.Operator,
        Source = sources.Find(outcome.Source)?.Name,
        Pool = sources.PoolFor(flow.Pool, flow.Class, flow.Account),
        MessagesOnConnection = attempt.MessagesOnConnection,
        Retry = snapshot.Value.Retry,
        OthersDelivered = attempt.Outcomes.Count > 1 && attempt.Outcomes.Any(static other => other.Kind is OutcomeKind.Delivered),
    };

    private void Defer(Attempt attempt, in Outcome outcome, in QueuedRecipient recipient, in OutcomeStory story, in OutcomeDecision decision, DateTimeOffset giveUp)
    {
        var uncertain = outcome.Kind is OutcomeKind.Uncertain;
        var category = outcome.Relay is { } relay ? new Category($"relay:{relay}") : decision.Judgement.Category;
        var due = outcome.Relay is null && !uncertain && RelayAt(recipient, attempt.Pool, category) is { } relayed && relayed < decision.Due ? relayed : decision.Due;
        var deferral = new Deferral(due, category, outcome.Code, outcome.Enhanced, outcome.Text ?? string.Empty, uncertain) { IsUncounted = decision.IsUncounted };
        var line = story.Tell(outcome, uncertain ? EventKind.Uncertain : EventKind.Deferred, recipient.Attempts + 1, decision.Judgement) with { NextAttempt = due, GiveUpAt = giveUp };
        var tells = TellsDelay(attempt, recipient, due);
        if (!tells && !queue.Defer(outcome.Slot, deferral))
        {
            return;
        }

        if (decision.WantsSameSource)
        {
            hints.Remember(recipient.Id, recipient.Index, outcome.Source, due);
        }

        meter.Deferred(decision.Judgement.Category, story.SourceName, attempt.Provider, uncertain);
        if (tells)
        {
            notices.Write(new Notice(NoticeKind.Delay, outcome.Slot, recipient.Id, null, recipient.Index, outcome, default, Detach(line)) { Deferral = deferral, GiveUpAt = giveUp });
            return;
        }

        events.Write(line);
    }

    // Once: between this attempt's own time and the next one's lies the moment from which it is late. Courtesy, so not behind a long line of notices.
    private bool TellsDelay(Attempt attempt, in QueuedRecipient recipient, DateTimeOffset due)
    {
        var after = snapshot.Value.Options.System.DelayNotice;
        return after > TimeSpan.Zero && NoticePolicy.IsLateNow(recipient.Accepted + after, recipient.Due, due) && notices.Waiting < MostDelays && attempt.Message is { } message
            && NoticePolicy.WantsDelay(snapshot.Value.NoticesOf(queue.FlowOf(recipient.Flow).Account), message.Sender.IsEmpty, message.NotifyOf(recipient.Index));
    }

    private static bool TellsSuccess(Attempt attempt, in Outcome outcome, in QueuedRecipient recipient) =>
        outcome is { Kind: OutcomeKind.Delivered, IsDsnPassedOn: false } && attempt.Message is { } message && NoticePolicy.WantsSuccess(message.Sender.IsEmpty, message.NotifyOf(recipient.Index));

    // The message is this attempt's until all its outcomes are handled; what the notice needs later is copied.
    private void Succeed(Attempt attempt, in Outcome outcome, in QueuedRecipient recipient, in OutcomeStory story)
    {
        if (!End(outcome, recipient, story, EndKind.Delivered, outcome.Relay is null ? EventKind.Delivered : EventKind.Relayed, default))
        {
            return;
        }

        var message = attempt.Message!;
        var head = message.Head(message.HeadOf(recipient.Index));
        notices.Write(new Notice(NoticeKind.Relayed, NoticeDesk.Settled, recipient.Id, message.EnvelopeOf(recipient.Index), recipient.Index, outcome, EndKind.Delivered, null)
        {
            Place = 0,
            Head = head[..Math.Min(head.Length, MostHead)].ToArray(),
        });
    }

    private void Fail(Attempt attempt, in Outcome outcome, in QueuedRecipient recipient, in OutcomeStory story, EndKind end, EventKind kind, in Judgement judgement)
    {
        var flow = queue.FlowOf(recipient.Flow);
        var isTold = attempt.Message is { } message && NoticePolicy.WantsFailure(snapshot.Value.NoticesOf(flow.Account), message.Sender.IsEmpty, message.NotifyOf(recipient.Index));

        // Mail of our own suppresses nobody: who reads notices and alerts must not be lost by one wrong reply.
        var reason = Suppressions is null || attempt.Message is not { Sender.IsEmpty: false } || outcome.Relay is not null ? SuppressionReason.None : StrikeRule.ReasonOf(end, judgement, recipient, clock.GetUtcNow());
        if (!isTold && reason is SuppressionReason.None)
        {
            End(outcome, recipient, story, end, kind, judgement);
            return;
        }

        var line = Detach(story.Tell(outcome, kind, recipient.Attempts + (outcome.Kind is OutcomeKind.Expired or OutcomeKind.Suppressed ? 0 : 1), judgement));
        var notice = isTold ? new Notice(NoticeKind.Failure, outcome.Slot, recipient.Id, null, recipient.Index, outcome, end, line) : null;
        meter.Ended(kind, judgement.Category, flow.Class, story.SourceName, story.Provider, clock.GetUtcNow() - recipient.Accepted, suppressedFor: outcome.Suppression);
        if (reason is not SuppressionReason.None)
        {
            Suppressions!.Write(new Ending(outcome.Slot, end, outcome.Code, reason, line, notice));
        }
        else
        {
            notices.Write(notice!);
        }
    }

    // False when it had ended already.
    private bool End(in Outcome outcome, in QueuedRecipient recipient, in OutcomeStory story, EndKind end, EventKind kind, in Judgement judgement)
    {
        var flow = queue.FlowOf(recipient.Flow);
        var line = story.Tell(outcome, kind, recipient.Attempts + (outcome.Kind is OutcomeKind.Expired or OutcomeKind.Suppressed ? 0 : 1), judgement);
        if (!queue.Settle(outcome.Slot, end, outcome.Code))
        {
            return false;
        }

        meter.Ended(kind, judgement.Category, flow.Class, story.SourceName, story.Provider, clock.GetUtcNow() - recipient.Accepted, outcome.Relay, outcome.Suppression);
        events.Write(line);
        return true;
    }

    private static Event Detach(in Event line) => line with { To = line.To.ToArray(), From = line.From.ToArray() };
}
