using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;
using Engine.Reputation;
using Engine.Routing;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>
/// Takes recipients whose time has come, finds where their mail goes, and hands them to the scheduler. What has no answer at once
/// waits for the resolver beside the loop, all recipients of one domain together.
/// </summary>
internal sealed class Dispatcher(
    MailQueue queue,
    Router router,
    Scheduler scheduler,
    SourceMap sources,
    SourceHints hints,
    RelayDesk relays,
    CurrentSnapshot snapshot,
    ChannelWriter<Attempt> attempts,
    TimeProvider clock,
    ILogger log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan WhileInDoubt = TimeSpan.FromMinutes(5);

    private readonly Dictionary<DomainName, List<int>> _asking = [];
    private readonly PlainFlows _plain = new();
    private readonly RouteDoubt _doubt = new();
    private readonly Lock _gate = new();
    private Pauses _pauses = Pauses.None;

    public Parking Parking { get; } = new(queue);

    /// <summary>Whether a source may send to an operator at all now. Asked for each recipient that is due; must not block.</summary>
    public Func<Source, string, bool> MaySend { get; init; } = static (_, _) => true;

    /// <summary>The resolver says of most domains that they do not exist: it is not believed for now. For an alert.</summary>
    public Action? Doubted { get; init; }

    /// <summary>Swaps the pauses and looks again at everything parked.</summary>
    public void Load(Pauses pauses)
    {
        Volatile.Write(ref _pauses, pauses);
        Parking.WakeAll();
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the loop: one recipient that cannot be dispatched must not stop all others; it is looked at again.")]
    public async Task RunAsync(CancellationToken stop)
    {
        await foreach (var slot in queue.Due.ReadAllAsync(stop).ConfigureAwait(false))
        {
            try
            {
                Dispatch(slot, stop);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                DeliveryLog.NotDispatched(log, slot, fault);
                queue.PutBack(slot, clock.GetUtcNow() + LookAgain);
            }
        }
    }

    /// <summary>Whether a recipient that waited in READY may still go: neither paused nor expired meanwhile. If not, put it back: it is judged anew.</summary>
    public bool MayGo(in QueuedRecipient recipient)
    {
        var flow = queue.FlowOf(recipient.Flow);
        var options = snapshot.Value.Options;
        return options.Delivery.Mode is DeliveryMode.Send
            && sources.PoolFor(flow.Pool, flow.Class, flow.Account) is { } pool
            && !Volatile.Read(ref _pauses).Holds(flow, pool.Name)
            && clock.GetUtcNow() < GiveUp.Of(recipient, flow, options);
    }

    private void Dispatch(int slot, CancellationToken stop)
    {
        var recipient = queue.Look(slot);
        if (recipient.State is not RecipientState.Ready)
        {
            // Cancelled or held meanwhile: this gives the slot's number back.
            queue.TryBegin(slot);
            return;
        }

        var epoch = Parking.Epoch;
        var flow = queue.FlowOf(recipient.Flow);
        var options = snapshot.Value.Options;
        var giveUp = GiveUp.Of(recipient, flow, options);
        if (clock.GetUtcNow() >= giveUp)
        {
            End(slot, OutcomeKind.Expired, "the time given for its delivery is over", stop);
            return;
        }

        var pool = sources.PoolFor(flow.Pool, flow.Class, flow.Account);
        if (pool is null || options.Delivery.Mode is DeliveryMode.Hold || Volatile.Read(ref _pauses).Holds(flow, pool.Name))
        {
            Parking.Park(slot, recipient.Id, giveUp, epoch);
        }
        else if (options.Delivery.Mode is DeliveryMode.Discard)
        {
            End(slot, OutcomeKind.Discarded, "discarded: delivery.mode", stop);
        }
        else
        {
            Route(slot, queue.DomainOf(recipient.Domain), epoch, stop);
        }
    }

    private void Route(int slot, DomainName domain, int epoch, CancellationToken stop)
    {
        lock (_gate)
        {
            if (_asking.TryGetValue(domain, out var waiting))
            {
                waiting.Add(slot);
                return;
            }
        }

        var asked = router.RouteAsync(domain, stop);
        if (asked.IsCompletedSuccessfully)
        {
            Follow(slot, asked.Result, epoch, stop);
            return;
        }

        lock (_gate)
        {
            _asking.Add(domain, [slot]);
        }

        _ = AwaitRouteAsync(domain, asked, epoch, stop);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of a task of its own: whatever went wrong, the recipients that wait for this domain are looked at again.")]
    private async Task AwaitRouteAsync(DomainName domain, ValueTask<RouteDecision> asked, int epoch, CancellationToken stop)
    {
        RouteDecision decision;
        try
        {
            decision = await asked.ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            DeliveryLog.NotRouted(log, domain, fault);
            decision = new RouteDecision(RouteVerdict.TryLater, null, default, fault.Message, clock.GetUtcNow() + LookAgain);
        }

        List<int> slots;
        lock (_gate)
        {
            _asking.Remove(domain, out slots!);
        }

        if (decision.Verdict is RouteVerdict.TryLater)
        {
            DeliveryLog.RouteUnknown(log, domain, slots.Count, decision.Text);
        }

        foreach (var slot in slots)
        {
            try
            {
                Follow(slot, decision, epoch, stop);
            }
            catch (Exception fault)
            {
                DeliveryLog.NotDispatched(log, slot, fault);
                queue.PutBack(slot, clock.GetUtcNow() + LookAgain);
            }
        }
    }

    private void Follow(int slot, RouteDecision decision, int epoch, CancellationToken stop)
    {
        var recipient = queue.Look(slot);
        if (recipient.State is not RecipientState.Ready)
        {
            queue.TryBegin(slot);
            return;
        }

        var flow = queue.FlowOf(recipient.Flow);
        switch (decision.Verdict)
        {
            case RouteVerdict.Send when sources.PoolFor(flow.Pool, flow.Class, flow.Account) is { } pool:
                _doubt.Found(queue.DomainOf(recipient.Domain), clock.GetUtcNow());
                Send(slot, recipient, flow, pool, decision, stop);
                break;
            case RouteVerdict.Hold:
                Parking.Park(slot, recipient.Id, GiveUp.Of(recipient, flow, snapshot.Value.Options), epoch);
                break;
            case RouteVerdict.Discard:
                End(slot, OutcomeKind.Discarded, decision.Text, stop);
                break;
            case RouteVerdict.Unroutable when _doubt.Missing(queue.DomainOf(recipient.Domain), clock.GetUtcNow(), out var isNews):
                if (isNews)
                {
                    DeliveryLog.ResolverDoubted(log);
                    Doubted?.Invoke();
                }

                queue.PutBack(slot, clock.GetUtcNow() + WhileInDoubt);
                break;
            case RouteVerdict.Unroutable:
                End(slot, OutcomeKind.Unroutable, decision.Text, stop, decision.Enhanced);
                break;
            default:
                queue.PutBack(slot, clock.GetUtcNow() + LookAgain);
                break;
        }
    }

    private void Send(int slot, in QueuedRecipient recipient, Flow flow, Pool pool, RouteDecision decision, CancellationToken stop)
    {
        var destination = decision.Destination!;
        var serving = sources.Serving(pool, destination.Operator, MaySend);
        if (!decision.IsOwnRoute && TryRelay(slot, recipient, flow, serving.Pool is null ? sources.HostPool : pool, serving.Relay, stop))
        {
            return;
        }

        // Where nobody may send, it waits in READY for whoever may first.
        pool = serving.Pool ?? pool;
        var hint = hints.TryTake(recipient.Id, recipient.Index, out var source, out var until) ? new SourceHint(source, Clocks.TimestampOf(clock, until)) : default;
        var paused = scheduler.Add(destination.Id, destination.Name, destination.Operator, pool, _plain.Of(flow), new ReadyItem(slot, recipient.Id, flow.Engagement), hint, destination.Set);
        if (paused > 0)
        {
            queue.PutBack(slot, Clocks.WallOf(clock, paused));
        }
    }

    // True when it is dealt with. A relay that no lane gets through to is closed for the pool, and the next one asked: so this ends.
    private bool TryRelay(int slot, in QueuedRecipient recipient, Flow flow, Pool pool, string? onEmpty, CancellationToken stop)
    {
        while (relays.Decide(recipient, flow, pool.Name, onEmpty) is { Verdict: not RelayVerdict.None } decision)
        {
            var relay = decision.Relay!;
            switch (decision.Verdict)
            {
                case RelayVerdict.Expired:
                    End(slot, OutcomeKind.Expired, $"the time given for its delivery by the relay {relay.Name} is over", stop);
                    return true;
                case RelayVerdict.Wait:
                    queue.PutBack(slot, clock.GetUtcNow() + LookAgain);
                    return true;
                default:
                    var destination = router.Destinations.Intern(relay);
                    var until = scheduler.Add(destination.Id, destination.Name, destination.Operator, pool, _plain.Of(flow), new ReadyItem(slot, recipient.Id, flow.Engagement));
                    if (until == 0)
                    {
                        return true;
                    }

                    relays.Pause(relay, pool.Name, Clocks.WallOf(clock, until));
                    break;
            }
        }

        return false;
    }

    // Ends without a connection; the message is read for its addresses.
    private void End(int slot, OutcomeKind kind, string text, CancellationToken stop, EnhancedCode enhanced = default)
    {
        if (queue.TryBegin(slot))
        {
            _ = ReadAndEndAsync(slot, kind, text, enhanced, stop);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of a task of its own: a message that cannot be read still ends, without its addresses in the event.")]
    private async Task ReadAndEndAsync(int slot, OutcomeKind kind, string text, EnhancedCode enhanced, CancellationToken stop)
    {
        StoredMessage? message = null;
        try
        {
            message = await queue.ReadAsync(slot, stop).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            DeliveryLog.NotRead(log, slot, fault);
        }

        var outcome = new Outcome { Slot = slot, Kind = kind, Text = text, Enhanced = enhanced, Source = SourceId.None, Recipients = 1, At = clock.GetUtcNow() };
        await attempts.WriteAsync(new Attempt(message, [outcome], null), CancellationToken.None).ConfigureAwait(false);
    }
}
