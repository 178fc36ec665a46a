using System.Collections.Concurrent;
using Engine.Feedback;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Daemon;

/// <summary>Carries out what operators order on queued mail, and tells it: one <c>admin</c> event, one event a recipient, notices where the policy wants them.</summary>
/// <remarks>What a selector of the index alone means, the queue takes as one order, whatever its size; the events follow behind.</remarks>
internal sealed class OperatorDesk(MailQueue queue, NoticeDesk notices, IEvents events, TimeProvider clock) : IAsyncDisposable
{
    // An operator who changes little learns how much; one who changes millions is not kept.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // What is not told by then is left out: the events of orders are few, but for those over millions.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _telling = new();

    /// <summary>Why a request cannot be carried out, before anything is counted; null when it can.</summary>
    public static string? Refuse(string verb, RecipientSelector selector) =>
        verb is "expire" or "route" && !BulkOrder.CanMark(selector) ? OnlyOrders(verb) : null;

    /// <param name="request">What.</param>
    /// <param name="stop">Ends a long walk between two pieces; what was changed stays changed.</param>
    /// <exception cref="ArgumentException">The verb cannot be carried out on such a selector.</exception>
    public Task<OperatorChange> ChangeAsync(OperatorRequest request, CancellationToken stop) =>
        request.Verb != "fail" && BulkOrder.CanMark(request.Selector) ? OrderAsync(request, stop) : WalkAsync(request, stop);

    /// <summary>Ends the telling of orders, after a while; what they changed stays changed.</summary>
    public async ValueTask DisposeAsync()
    {
        var telling = Task.WhenAll(_telling.Keys);
        await Task.WhenAny(telling, Task.Delay(Farewell, clock)).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static BulkAction ActionOf(string verb) => verb switch
    {
        "retry" => BulkAction.Retry,
        "hold" => BulkAction.Hold,
        "release" => BulkAction.Release,
        "fail" => BulkAction.Fail,
        "rm" => BulkAction.Cancel,
        "expire" => BulkAction.Expire,
        "route" => BulkAction.Reroute,
        _ => throw new ArgumentOutOfRangeException(nameof(verb), verb, "no such verb"),
    };

    private static string OnlyOrders(string verb) =>
        $"'{verb}' takes only --to @DOMAIN, --domain, --account, --stream, --class, --campaign, --older and --newer";

    private async Task<OperatorChange> OrderAsync(OperatorRequest request, CancellationToken stop)
    {
        var change = await queue.Orders.GiveAsync(new BulkOrder(ActionOf(request.Verb), request.Selector, request.Pool)).ConfigureAwait(false);
        var telling = Task.Run(async () => TellAll(await change.WaitAsync().ConfigureAwait(false), request, _stop.Token), CancellationToken.None);
        _telling.TryAdd(telling, true);
        _ = telling.ContinueWith(ended => _telling.TryRemove(ended, out _), TaskScheduler.Default);
        await Task.WhenAny(telling, Task.Delay(Patience, clock, stop)).ConfigureAwait(false);
        return telling.IsCompleted ? await telling.ConfigureAwait(false) : new OperatorChange(null, 0);
    }

    private async Task<OperatorChange> WalkAsync(OperatorRequest request, CancellationToken stop)
    {
        var operators = queue.Operators;
        Func<RecipientSelector, CancellationToken, Task<AffectedRecipients>> order = request.Verb switch
        {
            "retry" => operators.RetryNowAsync,
            "hold" => operators.HoldAsync,
            "release" => operators.ReleaseAsync,
            "fail" => operators.FailAsync,
            "rm" => operators.CancelAsync,
            _ => throw new ArgumentException(OnlyOrders(request.Verb)),
        };
        return TellAll(await order(request.Selector, stop).ConfigureAwait(false), request, _stop.Token);
    }

    private OperatorChange TellAll(AffectedRecipients affected, OperatorRequest request, CancellationToken stop)
    {
        using var keep = affected;
        var now = clock.GetUtcNow();
        events.TellAdmin(now, $"queue {request.Verb}", request.Words, request.Reason, affected.Count);
        var later = 0;
        foreach (var one in affected.Recipients)
        {
            later += one.IsLater ? 1 : 0;
            if (!one.IsLater && KindOf(request.Verb) is { } kind)
            {
                Tell(affected, one, kind, request.Reason, now);
            }

            if (stop.IsCancellationRequested)
            {
                break;
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

    private void Tell(AffectedRecipients affected, in AffectedRecipients.Affected one, EventKind kind, string reason, DateTimeOffset now)
    {
        try
        {
            Tell(affected.EnvelopeOf(one), one.Index, kind, reason, now);
        }
        catch (QueueDamagedException fault)
        {
            events.Write(new Event { Kind = kind, Time = now, Id = one.Id, RecipientIndex = one.Index, Who = "operator", Reason = $"{reason} ({fault.Message})" });
        }
    }

    private void Tell(Envelope envelope, int index, EventKind kind, string reason, DateTimeOffset now)
    {
        var line = EndedRecipient.Of(envelope, index, kind, AdminEvents.Operator, reason, now);
        if (kind is EventKind.Bounced)
        {
            var outcome = new Outcome { Slot = NoticeDesk.Settled, Kind = OutcomeKind.Failed, Enhanced = new EnhancedCode(5, 0, 0), Text = reason.Length > 0 ? reason : "ended by an operator", Source = SourceId.None, At = now };
            notices.Tell(envelope, index, outcome, line);
        }
        else
        {
            events.Write(line);
        }
    }
}
