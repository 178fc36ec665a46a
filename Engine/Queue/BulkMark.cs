using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>An order being carried out: written down, honoured wherever a recipient is met, and brought to all by a walk behind it.</summary>
/// <param name="order">What.</param>
/// <param name="at">Seconds since 1970.</param>
/// <param name="affected">Collects whom it changed; null for nobody.</param>
internal sealed class BulkMark(BulkOrder order, uint at, AffectedRecipients? affected)
{
    private readonly HashSet<int> _early = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Mail accepted behind this address is not meant. Not known before the order is in the log; what is queued until then is older.</summary>
    public long Address { get; set; } = long.MaxValue;

    /// <summary>Slots before it are done.</summary>
    public int Cursor { get; private set; }

    /// <summary>The order is on stable storage: the walk may begin.</summary>
    public bool IsStable { get; set; }

    /// <summary>Completes when it has come to all.</summary>
    public Task Done => _done.Task;

    /// <summary>Carries it out on one recipient that is met before the walk comes by. Under the lock.</summary>
    /// <returns>True when the recipient is to be started anew.</returns>
    public bool Meet(QueueIndex index, int slot)
    {
        if (slot < Cursor || _early.Contains(slot) || Act(index, slot) is not { } again)
        {
            return false;
        }

        _early.Add(slot);
        return again;
    }

    /// <summary>The next piece of the walk. Under the lock.</summary>
    /// <param name="index">What it changes.</param>
    /// <param name="count">Slots to look at.</param>
    /// <param name="again">Gets the recipients that are to be started anew.</param>
    /// <returns>False at the end.</returns>
    public bool Walk(QueueIndex index, int count, List<int> again)
    {
        var end = Math.Min(Cursor + count, index.Recipients.High);
        for (; Cursor < end; Cursor++)
        {
            if (!_early.Remove(Cursor) && Act(index, Cursor) is true)
            {
                again.Add(Cursor);
            }
        }

        return Cursor < index.Recipients.High;
    }

    /// <summary>Another recipient has come into a slot, accepted before the order stood in the log.</summary>
    public void Forget(int slot) => _early.Remove(slot);

    public void Finish() => _done.TrySetResult();

    // Null when the recipient is not meant.
    private bool? Act(QueueIndex index, int slot)
    {
        if (!index.IsQueued(slot))
        {
            return null;
        }

        var recipient = index.Look(slot);
        var place = index.Messages.PlaceOf(index.Recipients[slot].Message);
        if ((SpoolAddress.GenerationOf(place.Address) == 0 && place.Address >= Address)
            || !order.Selector.Matches(recipient, index.Messages.Flows.Of(recipient.Flow), index.Domains.Of(recipient.Domain)))
        {
            return null;
        }

        var changed = RecipientActs.Act(index, order.Action, order.Pool, at, slot, recipient.State, out var again);
        if (changed)
        {
            affected?.Add(new(recipient.Id, recipient.Index, recipient.State == RecipientState.InFlight, place.Address, place.FrameLength));
        }

        return changed && again;
    }
}
