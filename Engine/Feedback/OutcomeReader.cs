using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Classification;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;
using Engine.Reputation;

namespace Engine.Feedback;

/// <summary>
/// Takes what attempts brought and makes it lasting: judges, settles or defers in the queue, writes the event. Failures that
/// become a mail go to <see cref="NoticeDesk"/>, which settles them after the notice is accepted. One loop; order per message is kept.
/// </summary>
internal sealed class OutcomeReader(
    MailQueue queue,
    ReplyClassifier classifier,
    RetryPlanner planner,
    SourceMap sources,
    CurrentSnapshot snapshot,
    NoticeDesk notices,
    FeedbackMeter meter,
    IEvents events,
    TimeProvider clock,
    ILogger log)
{
    /// <summary>When a recipient that failed should be due because a relay will take it: by its state before the failure, the pool it left by, and the category. Null: its schedule.</summary>
    public Func<QueuedRecipient, string?, Category, DateTimeOffset?> RelayAt { get; init; } = static (_, _, _) => null;

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
        switch (outcome.Kind)
        {
            case OutcomeKind.Delivered or OutcomeKind.Discarded:
                End(outcome, recipient, story, EndKind.Delivered, outcome.Relay is null ? EventKind.Delivered : EventKind.Relayed, default);
                break;
            case OutcomeKind.Local:
                var wait = outcome.Relay is null ? planner.DelayAfter(RetryKind.Short, 1, Retry) : RelayWait.After(outcome, clock.GetUtcNow() - recipient.Accepted);
                queue.PutBack(outcome.Slot, clock.GetUtcNow() + wait);
                FeedbackLog.LocalTrouble(log, recipient.Id, recipient.Index, outcome.Text);
                break;
            case OutcomeKind.Expired or OutcomeKind.Failed:
                var kind = outcome.Kind is OutcomeKind.Expired ? (EndKind.Expired, EventKind.Expired) : (EndKind.Bounced, EventKind.Bounced);
                Fail(attempt, outcome, recipient, story, kind.Item1, kind.Item2, classifier.Judge(outcome));
                break;
            default:
                Judge(attempt, outcome, recipient, story);
                break;
        }
    }

    private RetryOptions Retry => snapshot.Value.Options.Delivery.Retry;

    private void Judge(Attempt attempt, in Outcome outcome, in QueuedRecipient recipient, in OutcomeStory story)
    {
        var judgement = classifier.Judge(outcome);
        if (outcome.Relay is not null && outcome.Kind is not OutcomeKind.Uncertain)
        {
            // A relay's no is the recipient's end, and nothing more: it says nothing that anybody could be suppressed for.
            Fail(attempt, outcome, recipient, story, EndKind.Bounced, EventKind.Bounced, judgement with { Disposition = Disposition.Fail });
            return;
        }

        if (judgement.Disposition is Disposition.Split && attempt.Outcomes.Any(static other => other.Kind is OutcomeKind.Delivered))
        {
            // The peer takes fewer at once, and took some: the rest goes on at once, no attempt counted. Without progress it would be a loop.
            queue.PutBack(outcome.Slot, clock.GetUtcNow());
            return;
        }

        if (!judgement.IsRetry)
        {
            Fail(attempt, outcome, recipient, story, EndKind.Bounced, EventKind.Bounced, judgement);
            return;
        }

        var attempts = recipient.Attempts + 1;
        var giveUp = GiveUp.Of(recipient, queue.FlowOf(recipient.Flow), snapshot.Value.Options);
        var due = clock.GetUtcNow() + planner.DelayAfter(judgement.Schedule, attempts, Retry);
        var uncertain = outcome.Kind is OutcomeKind.Uncertain;
        due = outcome.Relay is null && !uncertain && RelayAt(recipient, attempt.Pool, judgement.Category) is { } relayed && relayed < due ? relayed : due;
        due = due > giveUp ? giveUp : due;
        var category = outcome.Relay is { } relay ? new Category($"relay:{relay}") : judgement.Category;
        if (!queue.Defer(outcome.Slot, new Deferral(due, category, outcome.Code, outcome.Enhanced, outcome.Text ?? string.Empty, uncertain)))
        {
            return;
        }

        meter.Deferred(judgement.Category, story.SourceName, uncertain);
        events.Write(story.Tell(outcome, uncertain ? EventKind.Uncertain : EventKind.Deferred, attempts, judgement) with { NextAttempt = due, GiveUpAt = giveUp });
    }

    private void Fail(Attempt attempt, in Outcome outcome, in QueuedRecipient recipient, in OutcomeStory story, EndKind end, EventKind kind, in Judgement judgement)
    {
        var flow = queue.FlowOf(recipient.Flow);
        if (attempt.Message is { } message)
        {
            var policy = snapshot.Value.NoticesOf(flow.Account);
            if (NoticePolicy.WantsFailure(policy, message.Sender.IsEmpty, message.NotifyOf(recipient.Index)))
            {
                var attempts = recipient.Attempts + (outcome.Kind is OutcomeKind.Expired ? 0 : 1);
                notices.Write(new FailureNotice(outcome.Slot, recipient.Id, null, recipient.Index, outcome, end, Detach(story.Tell(outcome, kind, attempts, judgement))));
                meter.Ended(kind, judgement.Category, flow.Class, story.SourceName, clock.GetUtcNow() - recipient.Accepted);
                return;
            }
        }

        End(outcome, recipient, story, end, kind, judgement);
    }

    private void End(in Outcome outcome, in QueuedRecipient recipient, in OutcomeStory story, EndKind end, EventKind kind, in Judgement judgement)
    {
        var flow = queue.FlowOf(recipient.Flow);
        var line = story.Tell(outcome, kind, recipient.Attempts + (outcome.Kind is OutcomeKind.Expired ? 0 : 1), judgement);
        if (queue.Settle(outcome.Slot, end, outcome.Code))
        {
            meter.Ended(kind, judgement.Category, flow.Class, story.SourceName, clock.GetUtcNow() - recipient.Accepted, outcome.Relay);
            events.Write(line);
        }
    }

    private static Event Detach(in Event line) => line with { To = line.To.ToArray(), From = line.From.ToArray() };
}
