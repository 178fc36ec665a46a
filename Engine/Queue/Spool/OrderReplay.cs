using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Transfer;

namespace Engine.Queue.Spool;

/// <summary>Brings orders for many at once to one message that is taken out of a spool.</summary>
/// <param name="orders">In the order in which they were given.</param>
internal sealed class OrderReplay(IReadOnlyList<KeptOrder> orders)
{
    /// <summary>The envelope and its queued recipients as the orders left them.</summary>
    public (Envelope Envelope, List<TransferredRecipient> States) Apply(Envelope envelope, List<TransferredRecipient> states, LedgerMessage message)
    {
        foreach (var kept in orders)
        {
            // Of a message whose accept is gone only the time is known.
            var isLater = message.Accepted > 0 ? kept.Sequence > message.Accepted : Seconds.ToTime(kept.At) >= envelope.Accepted;
            if (!isLater)
            {
                continue;
            }

            var flow = Flow.Of(envelope);
            var meant = states.Where(state => IsMeant(kept.Order.Selector, envelope, flow, state)).ToHashSet();
            if (meant.Count == 0)
            {
                continue;
            }

            (envelope, states) = kept.Order.Action switch
            {
                BulkAction.Cancel or BulkAction.Fail => (envelope, states.FindAll(state => !meant.Contains(state))),
                BulkAction.Hold => (envelope, SetHeld(states, meant, message, kept, isHeld: true)),
                BulkAction.Release => (envelope, SetHeld(states, meant, message, kept, isHeld: false)),
                BulkAction.Expire => (envelope with { GiveUp = Seconds.ToTime(kept.At) }, states),
                BulkAction.Reroute => (envelope with { Pool = kept.Order.Pool }, states),
                _ => (envelope, states),
            };
        }

        return (envelope, states);
    }

    private static bool IsMeant(RecipientSelector selector, Envelope envelope, Flow flow, TransferredRecipient state)
    {
        var recipient = new QueuedRecipient
        {
            Id = envelope.Id,
            Index = (ushort)state.Index,
            State = state.IsHeld ? RecipientState.Held : RecipientState.Waiting,
            Attempts = (ushort)Math.Min(state.Attempts, ushort.MaxValue),
            Accepted = envelope.Accepted,
            Category = state.Last?.Deferral.Category ?? default,
        };
        return selector.Matches(recipient, flow, envelope.Recipients[state.Index].Address.Domain);
    }

    // What was held or released one by one thereafter stays as it was left.
    private static List<TransferredRecipient> SetHeld(
        List<TransferredRecipient> states, HashSet<TransferredRecipient> meant, LedgerMessage message, KeptOrder kept, bool isHeld) =>
        [.. states.Select(state => meant.Contains(state) && IsLast(message.Look(state.Index), kept.Sequence) ? state with { IsHeld = isHeld } : state)];

    private static bool IsLast(RecipientTrace trace, ulong sequence) => sequence > trace.Held && sequence > trace.Released;
}
