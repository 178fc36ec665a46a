using System.Diagnostics.CodeAnalysis;
using Engine.Delivery.Smtp;
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

    private readonly ReadyItem[] _items = new ReadyItem[Batch.MaxRecipients];
    private readonly Batch[] _batches = [new(), new()];
    private readonly RelayLane? _relay = parts.Relays.LaneOf(lane.Destination.Name);
    private Batch? _ahead;
    private ValueTask<bool>? _loading;
    private PullKind _kind = PullKind.First;
    private Opened? _open;
    private Destination? _destination;
    private int _sent;
    private int _broken;
    private bool _isRetired;

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

            foreach (var batch in _batches)
            {
                GiveBack(batch, parts.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
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
        var loading = LoadAsync(batch, pulled);
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
            if (!await OpenAsync(batch).ConfigureAwait(false))
            {
                return;
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
                var isLoaded = _loading is not { } loading || await loading.ConfigureAwait(false);
                (_ahead, _loading) = (null, null);
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
            if (await LoadAsync(batch, pulled).ConfigureAwait(false))
            {
                return batch;
            }
        }
    }

    // False when nobody is left of it: cancelled or held meanwhile.
    private async ValueTask<bool> LoadAsync(Batch batch, Pulled pulled)
    {
        batch.Clear(pulled);
        for (var index = 0; index < pulled.Count; index++)
        {
            var slot = _items[index].Slot;
            var recipient = parts.Queue.Look(slot);
            if ((recipient.State is RecipientState.Ready && !parts.MayGo(recipient)) || _relay?.TryTake() is false)
            {
                parts.Queue.PutBack(slot, parts.Clock.GetUtcNow());
            }
            else if (parts.Queue.TryBegin(slot))
            {
                batch.Add(slot, recipient.Index);
            }
            else
            {
                _relay?.GiveBack();
            }
        }

        return batch.Count > 0 && await ReadAsync(batch).ConfigureAwait(false) && IsLeft(batch);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A message, or a suppression list, that cannot be read must not strand its recipients in flight, whatever the fault: they wait a minute, and the log says why.")]
    private async ValueTask<bool> ReadAsync(Batch batch)
    {
        try
        {
            batch.Attach(await parts.Queue.ReadAsync(batch.SlotAt(0), stop).ConfigureAwait(false), parts, slot => PutBack(slot, parts.Clock.GetUtcNow()));
            for (var dropped = await batch.DropAsync(parts, stop).ConfigureAwait(false); dropped > 0; dropped--)
            {
                _relay?.GiveBack();
            }

            return batch.Count == 0 || parts.Renewal is not { IsActive: true } || await batch.RenewAsync(parts, GiveBack, stop).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            DeliveryLog.NotRead(parts.Log, batch.SlotAt(0), fault);
            batch.Release()?.Dispose();
            for (var position = 0; position < batch.Count; position++)
            {
                PutBack(batch.SlotAt(position), parts.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
            }

            batch.Clear(default);
            return false;
        }
    }

    // False when all of it are suppressed: then that is reported, and nothing goes.
    private bool IsLeft(Batch batch)
    {
        if (batch.Count > 0)
        {
            return true;
        }

        Hand(new Attempt(batch.Release(), [.. batch.TakeDropped(lane.Source.Id, parts.Clock.GetUtcNow())], batch.Pulled.Pool));
        return false;
    }

    private async ValueTask<bool> OpenAsync(Batch batch)
    {
        if (_open is not null)
        {
            return true;
        }

        _destination = parts.Destinations.Find(new DestinationId(lane.Destination.Id.Value));
        if (_destination is null)
        {
            GiveBack(batch, parts.Clock.GetUtcNow());
            return false;
        }

        var opened = await parts.Opener.OpenAsync(parts.Needs, lane.Source, _destination, stop).ConfigureAwait(false);
        if (opened.Session is null)
        {
            var verdict = opened.Verdict;
            Report(batch, opened, TimeSpan.Zero, _ => (opened.Failure, verdict));
            Pause(verdict.Text ?? "no exchanger could be reached");
            return false;
        }

        (_open, _sent) = (opened, opened.IsReused ? opened.Session.Messages : 0);
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

        return true;
    }

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
        _broken = result.State is SessionState.Reusable or SessionState.Closing or SessionState.NeedsSmtpUtf8 or SessionState.Unreadable ? 0 : _broken + 1;
        var isClean = result.State is SessionState.Reusable or SessionState.NeedsSmtpUtf8;
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
        var outcomes = open.OutcomesOf(batch, lane.Source.Id, _relay, duration, now, judge);
        parts.Meter.Attempted(duration, _destination?.Provider);
        var attempt = new Attempt(batch.Release(), outcomes, batch.Pulled.Pool)
        {
            Provider = _destination?.Provider,
            Operator = _destination?.Operator ?? lane.Destination.Name,
            MessagesOnConnection = open.Session is null ? 0 : _sent,
        };
        Hand(attempt);
    }

    private void Hand(Attempt attempt)
    {
        if (!parts.Attempts.TryWrite(attempt))
        {
            // Never: the channel is unbounded until it is complete, and it is completed after the last worker.
            attempt.Message?.Dispose();
        }
    }

    private void Pause(string trouble)
    {
        _isRetired = true;
        var pause = LanePause.After(lane.Failures + 1, parts.Chance);
        DeliveryLog.LanePaused(parts.Log, lane.Source.Name, lane.Destination.Name, pause, trouble);
        var drained = parts.Scheduler.Fail(lane, pause, trouble, wasConnecting: _kind is PullKind.First);
        _relay?.Paused();

        // What waited for a relay need not wait for its trouble to end: it is judged anew.
        var due = parts.Clock.GetUtcNow() + (_relay is null ? pause : TimeSpan.Zero);
        foreach (var item in drained)
        {
            parts.Queue.PutBack(item.Slot, due);
        }
    }

    private void GiveBack(Batch batch, DateTimeOffset due)
    {
        if (batch.Release() is not { } message)
        {
            return;
        }

        message.Dispose();
        for (var position = 0; position < batch.Count; position++)
        {
            PutBack(batch.SlotAt(position), due);
        }

        foreach (var dropped in batch.TakeDropped(SourceId.None, due))
        {
            parts.Queue.PutBack(dropped.Slot, due);
        }
    }

    private void PutBack(int slot, DateTimeOffset due)
    {
        _relay?.GiveBack();
        parts.Queue.PutBack(slot, due);
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

    private async ValueTask LeaveAsync()
    {
        if (_ahead is { } ahead)
        {
            GiveBack(ahead, parts.Clock.GetUtcNow());
        }

        if (_open is { Session: { } session } open)
        {
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

        if (!_isRetired)
        {
            parts.Scheduler.End(lane, wasConnecting: _kind is PullKind.First);
        }
    }
}
