using Engine.Mail;

namespace Engine.Queue.Transfer;

/// <summary>Writes queued mail of a running queue as an export. It changes nothing in the queue but what <paramref name="hold"/> asks.</summary>
/// <param name="queue">Goes on meanwhile.</param>
/// <param name="hold">Holds what is selected first and leaves out what is being delivered at that moment: none of what is written is then sent from here.</param>
internal sealed class QueueExport(MailQueue queue, bool hold)
{
    private readonly HashSet<(MessageId Id, ushort Index)> _heldNow = [];
    private long _inFlight;
    private long _unreadable;

    /// <param name="selector">Which recipients.</param>
    /// <param name="target">Where to.</param>
    /// <param name="stop">The export is then of no use; what was held stays held.</param>
    public async Task<TransferManifest> RunAsync(RecipientSelector selector, TransferWriter target, CancellationToken stop)
    {
        if (hold)
        {
            using var affected = await queue.Operators.HoldAsync(selector, stop).ConfigureAwait(false);
            _heldNow.UnionWith(affected.Recipients.Select(static one => (one.Id, one.Index)));
        }

        await target.BeginAsync(stop).ConfigureAwait(false);
        var group = new List<QueuedView>();
        await foreach (var view in queue.Operators.FindAsync(selector, stop).ConfigureAwait(false))
        {
            if (group.Count > 0 && group[0].Recipient.Id != view.Recipient.Id)
            {
                await WriteAsync(group, target, stop).ConfigureAwait(false);
                group.Clear();
            }

            Take(view, group);
        }

        await WriteAsync(group, target, stop).ConfigureAwait(false);
        return await target.FinishAsync(_inFlight, _unreadable, stop).ConfigureAwait(false);
    }

    // Mail that was accepted after the hold is not held: it is left for the next export.
    private void Take(QueuedView view, List<QueuedView> group)
    {
        if (!hold || view.Recipient.State is RecipientState.Held)
        {
            group.Add(view);
        }
        else if (_heldNow.Contains((view.Recipient.Id, view.Recipient.Index)))
        {
            _inFlight++;
        }
    }

    private async ValueTask WriteAsync(List<QueuedView> group, TransferWriter target, CancellationToken stop)
    {
        if (group.Count == 0)
        {
            return;
        }

        try
        {
            // Null when it has ended since it was found.
            using var message = queue.Operators.Read(group[0].Recipient.Id);
            if (message is not null)
            {
                var states = group.Select(view => StateOf(view)).ToList();
                await target.AddAsync(TransferredMessage.Of(message.Envelope, states, message.HeadDetails), PiecesOf(message), stop).ConfigureAwait(false);
            }
        }
        catch (QueueDamagedException)
        {
            _unreadable++;
        }
    }

    private TransferredRecipient StateOf(QueuedView view)
    {
        var recipient = view.Recipient;
        var isHeld = recipient.State is RecipientState.Held && !_heldNow.Contains((recipient.Id, recipient.Index));
        var due = recipient.Due > recipient.Accepted ? recipient.Due : (DateTimeOffset?)null;
        return new TransferredRecipient(recipient.Index, recipient.Attempts, due, isHeld, view.Last);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> PiecesOf(StoredMessage message)
    {
        foreach (var piece in message.Content.First)
        {
            yield return piece;
        }

        for (var piece = 0; piece < (message.Content.Pieces?.Count ?? 0); piece++)
        {
            yield return message.Content.Pieces!.Read(piece);
        }
    }
}
