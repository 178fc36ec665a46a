using System.Diagnostics.CodeAnalysis;
using Engine.Delivery.Smtp;
using Engine.Delivery.Trust;
using Engine.Mail;
using Engine.Queue;
using Engine.Routing;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>
/// One worker of a lane, with at most one connection: pulls, opens, sends, reports, until there is nothing to pull. While one
/// message ends, the next may already be pulled and its envelope be on the wire behind it.
/// </summary>
internal sealed class LaneWorker(WorkerParts parts, Lane lane, CancellationToken drain, CancellationToken stop) : INextJob
{
    /// <summary>Fresh connections in a row that broke before any message was through: then the lane is paused.</summary>
    private const int MaxBroken = 3;

    /// <summary>Connections in a row that were of no use to the mail they were opened for: then the lane is paused. Such mail must not knock at a receiver for ever.</summary>
    private const int MaxPassed = 3;

    private readonly ReadyItem[] _items = new ReadyItem[Batch.MaxRecipients];
    private readonly Batch[] _batches = [new(), new()];
    private readonly BatchLoader _loader = new(parts, lane, stop);
    private Batch? _ahead;
    private ValueTask<bool>? _loading;
    private PullKind _kind = PullKind.First;
    private Opened? _open;
    private Destination? _destination;
    private int _sent;
    private int _broken;
    private int _passed;
    private bool _isRetired;

    private enum Opening : byte
    {
        /// <summary>There is a connection for the batch.</summary>
        Open,

        /// <summary>The batch is reported; it was about its own wish, and others may go.</summary>
        Passed,

        /// <summary>The worker has nothing more to do.</summary>
        Over,
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Top of the worker's loop: a fault of ours ends this worker only; its place is given back and its recipients are tried again.")]
    public async Task RunAsync()
    {
        try
        {
            await WorkAsync().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            if (fault is not OperationCanceledException)
            {
                DeliveryLog.WorkerFailed(parts.Log, lane.Source.Name, lane.Destination.Name, fault);
            }

            await EndLoadingAsync().ConfigureAwait(false);
            foreach (var batch in _batches)
            {
                _loader.GiveBack(batch, parts.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
            }
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    public bool TryTake(out SmtpJob job, out Memory<Verdict> verdicts)
    {
        (job, verdicts) = (default, default);
        if (_ahead is not null || _sent + 2 > Limit(_batches[0].Pulled) || drain.IsCancellationRequested)
        {
            return false;
        }

        var batch = _batches[0].Message is null ? _batches[0] : _batches[1];
        if (batch.Message is not null || !parts.Scheduler.TryPull(lane, PullKind.Ahead, Room, out var pulled))
        {
            return false;
        }

        _ahead = batch;
        var loading = _loader.LoadAsync(batch, pulled, _items);
        if (!loading.IsCompletedSuccessfully)
        {
            _loading = loading;
            return false;
        }

        if (!loading.Result)
        {
            _ahead = null;
            return false;
        }

        if (!IsOpenFor(batch))
        {
            // It asks something else of TLS, or we do by now: it goes on a connection of its own.
            return false;
        }

        batch.IsOnWire = true;
        (job, verdicts) = (batch.Job, batch.Verdicts);
        return true;
    }

    private Span<ReadyItem> Room => _items.AsSpan(0, parts.MostRecipients(lane.Source.Name, lane.Destination.Operator));

    private int Limit(Pulled pulled) => Math.Min(parts.Needs.MessagesPerConnection, pulled.MessagesPerConnection);

    private async ValueTask WorkAsync()
    {
        while (await NextAsync().ConfigureAwait(false) is { } batch)
        {
            var opening = await OpenAsync(batch).ConfigureAwait(false);
            if (opening is Opening.Over)
            {
                return;
            }

            if (opening is Opening.Passed)
            {
                continue;
            }

            await SendAsync(batch).ConfigureAwait(false);
            if (_broken >= MaxBroken)
            {
                Pause("its connections break before a message is through");
                return;
            }
        }
    }

    private async ValueTask<Batch?> NextAsync()
    {
        while (true)
        {
            if (_ahead is { } ahead)
            {
                var loading = _loading;
                _loading = null;
                var isLoaded = loading is not { } pending || await pending.ConfigureAwait(false);
                _ahead = null;
                if (isLoaded)
                {
                    return ahead;
                }
            }

            if (drain.IsCancellationRequested)
            {
                return null;
            }

            if (!parts.Scheduler.TryPull(lane, _kind, Room, out var pulled))
            {
                _isRetired = true;
                return null;
            }

            var batch = _batches[0].Message is null ? _batches[0] : _batches[1];
            if (await _loader.LoadAsync(batch, pulled, _items).ConfigureAwait(false))
            {
                return batch;
            }
        }
    }

    private async ValueTask<Opening> OpenAsync(Batch batch)
    {
        if (IsOpenFor(batch))
        {
            return Opening.Open;
        }

        // An envelope of it that went ahead goes with the connection: nothing of it was accepted.
        await SetAsideAsync().ConfigureAwait(false);
        batch.IsOnWire = false;

        _destination = parts.Destinations.Find(new DestinationId(lane.Destination.Id.Value));
        if (_destination is null)
        {
            _loader.GiveBack(batch, parts.Clock.GetUtcNow());
            return Opening.Over;
        }

        var opened = await parts.Opener.OpenAsync(parts.Needs, lane.Source, _destination, WishOf(batch), stop).ConfigureAwait(false);
        if (opened.Session is null)
        {
            var verdict = opened.Verdict;
            Report(batch, opened, TimeSpan.Zero, _ => (opened.Failure, verdict));
            if (opened.IsOwnWish && MayPass(opened))
            {
                return Opening.Passed;
            }

            Pause(verdict.Text ?? "no exchanger could be reached");
            return Opening.Over;
        }

        (_open, _passed, _sent) = (opened, 0, opened.IsReused ? opened.Session.Messages : 0);
        parts.Meter.Connected(lane.Source.Name, _destination?.Provider, 1);
        if (_kind is PullKind.First)
        {
            _kind = PullKind.Next;
            parts.Scheduler.Connected(lane, opened.IsReused);
        }
        else if (!opened.IsReused)
        {
            parts.Scheduler.Reconnected(lane);
        }

        return Opening.Open;
    }

    // Who was not connected to was not bothered. Others count as any connection does; the token of the start goes with the last one.
    private bool MayPass(Opened opened)
    {
        if (!opened.HasConnected)
        {
            return true;
        }

        if (++_passed >= MaxPassed)
        {
            return false;
        }

        parts.Scheduler.Reconnected(lane);
        return true;
    }

    private SessionWish WishOf(Batch batch) => new(batch.Wish, parts.Queue.DomainOf(parts.Queue.Look(batch.SlotAt(0)).Domain));

    private bool IsOpenFor(Batch batch) =>
        _open is { } open && _destination is { } destination && parts.Opener.IsInForce(open, parts.Needs, destination)
        && open.Serves(batch.Wish is TlsWish.Required ? WishOf(batch) : new SessionWish(batch.Wish, default));

    private async ValueTask SendAsync(Batch batch)
    {
        var open = _open!;
        var session = open.Session!;
        var begun = parts.Clock.GetTimestamp();
        var result = batch.IsOnWire
            ? await session.SendNextAsync(this, stop).ConfigureAwait(false)
            : await session.SendAsync(batch.Job, batch.Verdicts, this, stop).ConfigureAwait(false);
        var duration = parts.Clock.GetElapsedTime(begun);
        if (result.State is SessionState.Stale && open.IsReused && _sent == session.Messages)
        {
            // The idle connection had gone before anything was sent: the same message goes on the next one.
            await CloseAsync(isClean: false).ConfigureAwait(false);
            batch.IsOnWire = false;
            _ahead = batch;
            return;
        }

        if (result.State is SessionState.Unreadable)
        {
            DeliveryLog.NotReadOn(parts.Log, batch.Message!.Id, result.Remark!);
        }

        _sent++;
        session.Messages = _sent;
        Report(batch, open, duration, verdict => SendOutcome.Of(verdict, result));
        _broken = result.State is SessionState.Reusable or SessionState.Closing or SessionState.NeedsSmtpUtf8 or SessionState.NeedsRequireTls or SessionState.Unreadable ? 0 : _broken + 1;
        var isClean = result.State is SessionState.Reusable or SessionState.NeedsSmtpUtf8 or SessionState.NeedsRequireTls;
        if (!isClean || (_sent >= Limit(batch.Pulled) && !session.HasNext))
        {
            await CloseAsync(isClean).ConfigureAwait(false);
            if (_ahead is { } ahead)
            {
                // Nothing of it was accepted: it goes on the next connection as if it had never been on this one.
                ahead.IsOnWire = false;
            }
        }
    }

    private void Report(Batch batch, Opened open, TimeSpan duration, Func<Verdict, (OutcomeKind Kind, Verdict Verdict)> judge)
    {
        var now = parts.Clock.GetUtcNow();
        var outcomes = open.OutcomesOf(batch, lane.Source.Id, _loader.Relay, duration, now, judge);
        parts.Meter.Attempted(duration, _destination?.Provider);
        var attempt = new Attempt(batch.Release(), outcomes, batch.Pulled.Pool)
        {
            Provider = _destination?.Provider,
            Operator = _destination?.Operator ?? lane.Destination.Name,
            MessagesOnConnection = open.Session is null ? 0 : _sent,
        };
        _loader.Hand(attempt);
    }

    private void Pause(string trouble)
    {
        _isRetired = true;
        var pause = LanePause.After(lane.Failures + 1, parts.Chance);
        DeliveryLog.LanePaused(parts.Log, lane.Source.Name, lane.Destination.Name, pause, trouble);
        var drained = parts.Scheduler.Fail(lane, pause, trouble, wasConnecting: _kind is PullKind.First);
        _loader.Relay?.Paused();

        // What waited for a relay need not wait for its trouble to end: it is judged anew.
        var due = parts.Clock.GetUtcNow() + (_loader.Relay is null ? pause : TimeSpan.Zero);
        foreach (var item in drained)
        {
            parts.Queue.PutBack(item.Slot, due);
        }
    }

    private async ValueTask CloseAsync(bool isClean)
    {
        if (_open is not { Session: { } session })
        {
            return;
        }

        _open = null;
        parts.Meter.Connected(lane.Source.Name, _destination?.Provider, -1);
        if (isClean)
        {
            await session.CloseAsync().ConfigureAwait(false);
        }
        else
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Whoever needs the same finds it in the cache.
    private async ValueTask SetAsideAsync()
    {
        if (_open is not { Session: { } session } open)
        {
            return;
        }

        _open = null;
        parts.Meter.Connected(lane.Source.Name, _destination?.Provider, -1);
        if (session.IsHealthy)
        {
            await parts.Cache.PutAsync(open.Key, session).ConfigureAwait(false);
        }
        else
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Only a batch that is loaded, or was put back by the loader, can be given back: what is read after that is in flight, and nobody's.
    private async ValueTask EndLoadingAsync()
    {
        if (_loading is { } loading)
        {
            _loading = null;
            await ((Task)loading.AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask LeaveAsync()
    {
        await EndLoadingAsync().ConfigureAwait(false);
        if (_ahead is { } ahead)
        {
            _loader.GiveBack(ahead, parts.Clock.GetUtcNow());
        }

        await SetAsideAsync().ConfigureAwait(false);
        if (!_isRetired)
        {
            parts.Scheduler.End(lane, wasConnecting: _kind is PullKind.First);
        }
    }
}
