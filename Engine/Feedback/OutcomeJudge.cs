using Engine.Classification;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Steering;

namespace Engine.Feedback;

/// <summary>
/// Decides what follows from an outcome: reads the reply, tells the helm what it says about the way taken, and says what is done with
/// the recipient and when. No I/O. Called by the outcome loop only.
/// </summary>
/// <param name="classifier">Reads replies.</param>
/// <param name="planner">Says when again.</param>
/// <param name="breaker">Stops suppression when too much of it would happen at once.</param>
/// <param name="helm">Is told what every attempt says; knows until when a way is closed.</param>
internal sealed class OutcomeJudge(ReplyClassifier classifier, RetryPlanner planner, SuppressionBreaker breaker, Helm helm)
{
    /// <summary>Where another source may take it at once, it need not wait for the one that was refused; long enough for what control does to hold.</summary>
    private static readonly TimeSpan OtherSourceDelay = TimeSpan.FromSeconds(60);

    /// <summary>Raised when so much would be suppressed that the replies are doubted: a provider's incident, or a broken rule.</summary>
    public event Action<FuseOpened>? Doubted;

    public OutcomeDecision Judge(in Outcome outcome, in OutcomeFacts facts)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Delivered:
                Observe(outcome, facts, default, ObservationKind.Delivered);
                Watch(outcome, facts, default);
                return new OutcomeDecision(OutcomeAction.Settle, default, default);
            case OutcomeKind.Discarded:
                return new OutcomeDecision(OutcomeAction.Settle, default, default);
            case OutcomeKind.Local:
                return new OutcomeDecision(OutcomeAction.Return, facts.Now + planner.DelayAfter(Configuration.RetryKind.Short, 1, facts.Retry), default);
            case OutcomeKind.Suppressed:
                return new OutcomeDecision(OutcomeAction.Suppress, default, default);
            case OutcomeKind.Expired:
                return new OutcomeDecision(OutcomeAction.Expire, default, classifier.Judge(outcome, facts.Provider));
            case OutcomeKind.Failed or OutcomeKind.Unroutable:
                return new OutcomeDecision(OutcomeAction.Fail, default, classifier.Judge(outcome, facts.Provider));
            default:
                return JudgeReply(outcome, facts);
        }
    }

    private OutcomeDecision JudgeReply(in Outcome outcome, in OutcomeFacts facts)
    {
        var judgement = classifier.Judge(outcome, facts.Provider);
        if (outcome.Relay is not null && outcome.Kind is not OutcomeKind.Uncertain)
        {
            // A relay's no is the recipient's end, and nothing more: it says nothing that anybody could be suppressed for.
            return new OutcomeDecision(OutcomeAction.Fail, default, judgement.Softened() with { Disposition = Disposition.Fail });
        }

        if (outcome.Command is SmtpCommand.Connect or SmtpCommand.Ehlo or SmtpCommand.StartTls)
        {
            // The server has not heard of the recipient yet: whatever it says, and however often, the recipient is tried again.
            judgement = judgement.IsRetry
                ? judgement with { MaxFurtherAttempts = null }
                : judgement.Softened() with { Disposition = Disposition.RetryOtherSource, Schedule = Configuration.RetryKind.Blocked, MaxFurtherAttempts = null };
        }

        if (outcome.Relay is null)
        {
            judgement = Watch(outcome, facts, judgement);
            var kind = outcome.Kind is OutcomeKind.Unreachable or OutcomeKind.Uncertain ? ObservationKind.Unreachable
                : judgement.IsRetry ? ObservationKind.Deferred : ObservationKind.Failed;
            Observe(outcome, facts, judgement, kind);
        }

        return judgement.Disposition switch
        {
            // The peer takes fewer at once, and took some. Without progress it would be a loop.
            Disposition.Split when facts.OthersDelivered => new OutcomeDecision(OutcomeAction.Return, facts.Now, judgement),

            // The connection had its fill, and took some before.
            Disposition.Reconnect when facts.MessagesOnConnection > 1 => new OutcomeDecision(OutcomeAction.Return, facts.Now, judgement),
            _ when !judgement.IsRetry || IsSpent(judgement, facts) => new OutcomeDecision(OutcomeAction.Fail, default, judgement),
            _ => Defer(judgement, facts),
        };
    }

    private OutcomeDecision Defer(in Judgement judgement, in OutcomeFacts facts)
    {
        var isOtherFree = false;
        var resumes = facts.Operator is { } operatorId ? helm.ResumesAt(facts.Pool, operatorId, facts.Flow, out isOtherFree) : null;
        var due = planner.DueAfter(judgement, facts.Attempts + 1, facts.Retry, facts.Now, resumes);
        if (judgement.Disposition is Disposition.RetryOtherSource && isOtherFree && resumes is null)
        {
            due = facts.Now + OtherSourceDelay < due ? facts.Now + OtherSourceDelay : due;
        }

        return new OutcomeDecision(OutcomeAction.Defer, due < facts.GiveUpAt ? due : facts.GiveUpAt, judgement, judgement.Schedule is Configuration.RetryKind.Greylist)
        {
            IsUncounted = judgement.Schedule is Configuration.RetryKind.Throttled && resumes > facts.Now,
        };
    }

    // A 5xx that is tried again is not tried for ever: counted by the category the recipient was last deferred for.
    private static bool IsSpent(in Judgement judgement, in OutcomeFacts facts) =>
        judgement.MaxFurtherAttempts is { } most && facts.Attempts >= most && facts.LastCategory == judgement.Category;

    private Judgement Watch(in Outcome outcome, in OutcomeFacts facts, in Judgement judgement)
    {
        if (outcome.Relay is not null || (outcome.Kind is not OutcomeKind.Delivered && outcome.Command is not SmtpCommand.Rcpt && !judgement.IsHard))
        {
            return judgement;
        }

        var passed = breaker.Pass(judgement, facts.Operator ?? string.Empty, facts.Flow.Account, facts.Now, out var opened);
        if (opened is { } fuse)
        {
            Doubted?.Invoke(fuse);
        }

        return passed;
    }

    private void Observe(in Outcome outcome, in OutcomeFacts facts, in Judgement judgement, ObservationKind kind)
    {
        if (outcome.Relay is not null || facts.Operator is null || facts.Source is null)
        {
            return;
        }

        helm.Observe(new Observation
        {
            At = facts.Now,
            Source = facts.Source,
            Operator = facts.Operator,
            SenderDomain = facts.Flow.SenderDomain.Name ?? string.Empty,
            Account = facts.Flow.Account,
            Campaign = facts.Flow.Campaign,
            Class = facts.Flow.Class,
            Kind = kind,
            Category = judgement.Category,
            CategoryClass = judgement.CategoryClass,
            Rule = kind is ObservationKind.Delivered ? null : judgement.Rule,
            Actions = judgement.Actions,
            Command = outcome.Command,
            MessagesOnConnection = facts.MessagesOnConnection,
            RecipientsInTransaction = outcome.Recipients,
        });
    }
}
