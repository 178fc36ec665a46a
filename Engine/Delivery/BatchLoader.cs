using System.Diagnostics.CodeAnalysis;
using Engine.Mail;
using Engine.Queue;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>Makes batches of what a worker pulled, and gives back what it could not send. One for each worker.</summary>
internal sealed class BatchLoader(WorkerParts parts, Lane lane, CancellationToken stop)
{
    /// <summary>What differs where the lane leads to a relay; null for any other.</summary>
    public RelayLane? Relay { get; } = parts.Relays.LaneOf(lane.Destination.Name);

    /// <param name="batch">Filled.</param>
    /// <param name="pulled">What was pulled.</param>
    /// <param name="items">The recipients pulled; the first <c>pulled.Count</c> count.</param>
    /// <returns>False when nobody is left of it: cancelled or held meanwhile.</returns>
    public async ValueTask<bool> LoadAsync(Batch batch, Pulled pulled, ReadOnlyMemory<ReadyItem> items)
    {
        batch.Clear(pulled);
        for (var index = 0; index < pulled.Count; index++)
        {
            var slot = items.Span[index].Slot;
            var recipient = parts.Queue.Look(slot);
            if ((recipient.State is RecipientState.Ready && !parts.MayGo(recipient)) || Relay?.TryTake() is false)
            {
                parts.Queue.PutBack(slot, parts.Clock.GetUtcNow());
            }
            else if (parts.Queue.TryBegin(slot))
            {
                batch.Add(slot, recipient.Index);
            }
            else
            {
                Relay?.GiveBack();
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
                Relay?.GiveBack();
            }

            return batch.Count == 0 || parts.Renewal is not { IsActive: true } || await batch.RenewAsync(parts, GiveBack, stop).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            DeliveryLog.NotRead(parts.Log, batch.SlotAt(0), fault);
            batch.Release()?.Dispose();
            PutBackAll(batch, parts.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
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

    /// <summary>Recipients whose message was not sent wait again.</summary>
    public void GiveBack(Batch batch, DateTimeOffset due)
    {
        if (batch.Release() is not { } message)
        {
            return;
        }

        message.Dispose();
        PutBackAll(batch, due);
    }

    // Who was taken out no longer counts for the relay.
    private void PutBackAll(Batch batch, DateTimeOffset due)
    {
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
        Relay?.GiveBack();
        parts.Queue.PutBack(slot, due);
    }

    /// <summary>To feedback.</summary>
    public void Hand(Attempt attempt)
    {
        if (!parts.Attempts.TryWrite(attempt))
        {
            // Never: the channel is unbounded until it is complete, and it is completed after the last worker.
            attempt.Message?.Dispose();
        }
    }
}
