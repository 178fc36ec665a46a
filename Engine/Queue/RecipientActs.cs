using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>What an operator does to one recipient in the index: the same by an order for many, one by one, and when the log is replayed.</summary>
internal static class RecipientActs
{
    /// <summary>Under the lock.</summary>
    /// <param name="index">Changed.</param>
    /// <param name="action">What.</param>
    /// <param name="pool">New pool of <see cref="BulkAction.Reroute"/>.</param>
    /// <param name="at">When it was given, in seconds since 1970.</param>
    /// <param name="slot">Queued.</param>
    /// <param name="state">Its state.</param>
    /// <param name="again">Whether the recipient waits in no list now: it is to be started.</param>
    /// <returns>False when there was nothing to change.</returns>
    public static bool Act(QueueIndex index, BulkAction action, string pool, uint at, int slot, RecipientState state, out bool again)
    {
        again = action is BulkAction.Release or BulkAction.Retry or BulkAction.Expire;
        return action switch
        {
            BulkAction.Cancel => End(index, slot, state, SlotMarks.CancelLater),
            BulkAction.Fail => End(index, slot, state, SlotMarks.FailLater),
            BulkAction.Hold => Hold(index, slot, state),
            BulkAction.Release => Release(index, slot, state),
            BulkAction.Retry => Retry(index, at, slot, state),
            BulkAction.Expire => Expire(index, at, slot, state),
            BulkAction.Reroute => Reroute(index, pool, slot),
            _ => throw new InvalidDataException("an order of an unknown kind: a newer engine wrote it"),
        };
    }

    private static bool End(QueueIndex index, int slot, RecipientState state, SlotMarks later)
    {
        if (state == RecipientState.InFlight)
        {
            ref var marks = ref index.Recipients[slot].Marks;
            marks = (marks & ~SlotMarks.EndLater) | later;
        }
        else
        {
            index.End(slot, comesBack: false);
        }

        return true;
    }

    private static bool Hold(QueueIndex index, int slot, RecipientState state)
    {
        if (state == RecipientState.Held)
        {
            return false;
        }

        index.Hold(slot);
        return true;
    }

    private static bool Release(QueueIndex index, int slot, RecipientState state)
    {
        if (state != RecipientState.Held && (index.Recipients[slot].Marks & SlotMarks.HoldLater) == 0)
        {
            return false;
        }

        index.Unhold(slot);
        return true;
    }

    private static bool Retry(QueueIndex index, uint at, int slot, RecipientState state)
    {
        if (state != RecipientState.Waiting)
        {
            return false;
        }

        index.Reschedule(slot, at);
        return true;
    }

    private static bool Expire(QueueIndex index, uint at, int slot, RecipientState state)
    {
        index.Recipients[slot].Marks |= SlotMarks.GivenUp;
        if (state == RecipientState.Waiting)
        {
            index.Reschedule(slot, at);
        }

        return true;
    }

    // Who is ready stands in a line of its old flow: it goes back when its turn comes.
    private static bool Reroute(QueueIndex index, string pool, int slot)
    {
        ref var recipient = ref index.Recipients[slot];
        var flow = index.Messages.FlowOf(recipient.Message);
        if (flow.Pool != pool)
        {
            index.Messages.Reroute(recipient.Message, flow with { Pool = pool });
        }

        recipient.Marks |= recipient.State == RecipientState.Ready ? SlotMarks.Again : SlotMarks.None;
        return true;
    }
}
