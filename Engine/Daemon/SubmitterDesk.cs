using System.Diagnostics.CodeAnalysis;
using System.Net;
using Engine.Configuration;
using Engine.Feedback;
using Engine.Feedback.Reading;
using Engine.Feedback.Reports;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Daemon;

/// <summary>
/// Tells submitters by mail of bounces that come after their message has left the queue, where <c>accounts.*.notices</c> is <c>dsn</c>: the return path on the wire was ours, so
/// they would not hear of it otherwise. What NOTIFY asked for is not known any more. Bounded; what is too much stays an event.
/// </summary>
internal sealed class SubmitterDesk(CurrentSnapshot current, StreamNames names, SubmitterSearch search, NoticeDesk notices, Func<Task> flushEvents, TimeProvider clock, ILogger log)
{
    // A bounce may come back before the event of the acceptance is in the file.
    private const int Tries = 3;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    // Each reads an hour of the event log.
    private readonly ClientBudget _budget = new(rate: 5, burst: 100, clock);

    /// <summary>Begins to; returns at once.</summary>
    public void Tell(ReturnToken token, ReportedRecipient bounce)
    {
        if (current.Value.NoticesOf(names.Of(token.Stream).Account) is Notices.Dsn && _budget.TryTake(IPAddress.None))
        {
            _ = Task.Run(() => TellNowAsync(token, bounce));
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of a task: a notice that cannot be made is a courtesy lost; the event tells the same.")]
    private async Task TellNowAsync(ReturnToken token, ReportedRecipient bounce)
    {
        try
        {
            for (var turn = 0; turn < Tries; turn++)
            {
                await flushEvents().ConfigureAwait(false);
                if (search.Find(token) is { } found)
                {
                    notices.Write(new Notice(NoticeKind.Failure, NoticeDesk.Settled, token.Id, found.Envelope, found.Recipient, BounceOutcome.Of(bounce, clock.GetUtcNow()), EndKind.Bounced, Line: null) { Place = 0 });
                    return;
                }

                await Task.Delay(Between, clock).ConfigureAwait(false);
            }
        }
        catch (Exception fault)
        {
            DaemonLog.SubmitterNotTold(log, token.Id, fault);
        }
    }
}
