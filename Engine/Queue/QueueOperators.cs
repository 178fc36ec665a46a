using System.Runtime.CompilerServices;
using System.Text;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>What operators ask of the queue and change in it. Walks go by pieces, so that the mail goes on meanwhile.</summary>
internal sealed class QueueOperators(
    Lock gate, QueueIndex index, DuePump pump, SegmentLedger ledger, MessageReader reader, TimeProvider clock, Journal journal, BulkMarks marks)
{
    private const int Piece = 4_096;

    /// <summary>Reads an envelope for each that the index lets through.</summary>
    public async IAsyncEnumerable<QueuedView> FindAsync(RecipientSelector selector, [EnumeratorCancellation] CancellationToken stop)
    {
        using var keep = new AffectedRecipients(ledger, reader);
        var found = new List<Match>();
        var given = 0;
        for (var walk = new Walk(0); walk.From >= 0 && given < (selector.Limit ?? int.MaxValue);)
        {
            stop.ThrowIfCancellationRequested();
            found.Clear();
            walk = Collect(selector, walk, found);
            foreach (var match in found)
            {
                if (given < (selector.Limit ?? int.MaxValue) && View(selector, match) is { } view)
                {
                    given++;
                    yield return view;
                }
            }

            // A long walk shares its thread.
            await Task.Yield();
        }
    }

    /// <summary>How many are meant.</summary>
    public async Task<long> CountAsync(RecipientSelector selector, CancellationToken stop)
    {
        var count = 0L;
        if (selector.NeedsEnvelope)
        {
            await foreach (var _ in FindAsync(selector, stop))
            {
                count++;
            }

            return count;
        }

        var found = new List<Match>();
        for (var walk = new Walk(0); walk.From >= 0; count += found.Count)
        {
            stop.ThrowIfCancellationRequested();
            found.Clear();
            walk = Collect(selector, walk, found);
            await Task.Yield();
        }

        return Math.Min(count, selector.Limit ?? long.MaxValue);
    }

    /// <summary>Slots of a message's recipients that are queued.</summary>
    public IReadOnlyList<int> SlotsOf(MessageId id)
    {
        lock (gate)
        {
            return index.TryFind(id, out var first, out var count)
                ? [.. Enumerable.Range(first, count).Where(index.IsQueued)]
                : [];
        }
    }

    /// <summary>Reads a queued message, whoever may be sending it; null when it has ended. The caller disposes it.</summary>
    /// <exception cref="QueueDamagedException">The octets are not those that were written.</exception>
    public StoredMessage? Read(MessageId id)
    {
        AffectedRecipients? keep = new(ledger, reader);
        try
        {
            MessagePlace entry;
            HeadPlace[] rewritten;
            lock (gate)
            {
                if (!index.TryFind(id, out entry))
                {
                    return null;
                }

                rewritten = index.Messages.Heads.Of(id.Value);
            }

            var message = reader.Read(id, entry.Address, entry.FrameLength, rewritten);
            (message.Keep, keep) = (keep, null);
            return message;
        }
        finally
        {
            keep?.Dispose();
        }
    }

    /// <summary>Waiting → Ready at once, its place in <see cref="MailQueue.Due"/> as if its time had come. Nothing happens in another state. Not written to the log.</summary>
    public void Wake(int slot)
    {
        lock (gate)
        {
            if (index.IsQueued(slot) && index.Recipients[slot].State == RecipientState.Waiting)
            {
                index.Reschedule(slot, Seconds.Passed(clock.GetUtcNow()));
                pump.Start(slot, pump.Now);
                pump.Arm();
            }
        }
    }

    /// <summary>Makes those that wait due now. Limits hold; no attempt is counted. Stable when it returns.</summary>
    public Task<AffectedRecipients> RetryNowAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, BulkAction.Retry, stop);

    /// <summary>Keeps them from being sent until released; those in flight when the attempt returns. Stable when it returns.</summary>
    public Task<AffectedRecipients> HoldAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, BulkAction.Hold, stop);

    /// <summary>Lets them go again. Stable when it returns.</summary>
    public Task<AffectedRecipients> ReleaseAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, BulkAction.Release, stop);

    /// <summary>Takes them out without notice (<c>queue rm</c>). Stable when it returns.</summary>
    public Task<AffectedRecipients> CancelAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, BulkAction.Cancel, stop);

    /// <summary>Ends them as bounced (<c>queue fail</c>); the caller sends the notices. Stable when it returns.</summary>
    public Task<AffectedRecipients> FailAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, BulkAction.Fail, stop);

    private async Task<AffectedRecipients> ChangeAsync(RecipientSelector selector, BulkAction action, CancellationToken stop)
    {
        var affected = new AffectedRecipients(ledger, reader);
        try
        {
            var found = new List<Match>();
            for (var walk = new Walk(0); walk.From >= 0;)
            {
                stop.ThrowIfCancellationRequested();
                found.Clear();
                walk = Collect(selector, walk, found);
                Change(selector, action, found, affected);
            }

            await journal.FlushAsync(stop);
            return affected;
        }
        catch
        {
            affected.Dispose();
            throw;
        }
    }

    private void Change(RecipientSelector selector, BulkAction action, List<Match> found, AffectedRecipients affected)
    {
        if (selector.NeedsEnvelope)
        {
            found.RemoveAll(match => View(selector, match) is null);
        }

        lock (gate)
        {
            foreach (var match in found)
            {
                var now = index.Look(match.Slot);
                if (affected.Count < (selector.Limit ?? int.MaxValue) && now.Id == match.Recipient.Id && now.Index == match.Recipient.Index
                    && Act(action, match.Slot, now))
                {
                    affected.Add(new(now.Id, now.Index, now.State == RecipientState.InFlight, match.Address, match.FrameLength));
                }
            }

            pump.Arm();
        }
    }

    private bool Act(BulkAction action, int slot, in QueuedRecipient recipient)
    {
        var now = clock.GetUtcNow();
        if (!RecipientActs.Act(index, action, string.Empty, Seconds.Passed(now), slot, recipient.State, out var again))
        {
            return false;
        }

        Post(action, recipient.Id, (now, recipient.Index));
        if (again)
        {
            pump.Start(slot, pump.Now);
        }

        return true;
    }

    private void Post(BulkAction action, MessageId id, (DateTimeOffset Now, ushort Index) recipient)
    {
        switch (action)
        {
            case BulkAction.Retry:
                journal.Post(FrameKind.Retry, id, null, -1, recipient, static (octets, mark) => Records.WriteRetry(octets, mark.Now, mark.Now, mark.Index));
                break;
            case BulkAction.Fail:
                journal.Post(FrameKind.Settle, id, null, -1, recipient, static (octets, mark) =>
                    Records.WriteSettle(octets, mark.Now, mark.Index, EndKind.Bounced, 0));
                break;
            default:
                journal.Post(KindOf(action), id, null, -1, recipient, static (octets, mark) => Records.WriteMark(octets, mark.Now, mark.Index));
                break;
        }
    }

    private static FrameKind KindOf(BulkAction action) => action switch
    {
        BulkAction.Cancel => FrameKind.Cancel,
        BulkAction.Hold => FrameKind.Hold,
        BulkAction.Release => FrameKind.Release,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "an order for many only"),
    };

    // One piece of the walk; by ids when there are some, else over all slots.
    private Walk Collect(RecipientSelector selector, Walk walk, List<Match> found)
    {
        lock (gate)
        {
            if (selector.Ids is { } ids)
            {
                foreach (var id in ids.Distinct())
                {
                    if (index.TryFind(id, out var first, out var count))
                    {
                        Collect(selector, first, first + count, found);
                    }
                }

                return new Walk(-1);
            }

            var end = Math.Min(walk.From + Piece, index.Recipients.High);
            Collect(selector, walk.From, end, found);
            return new Walk(end < index.Recipients.High ? end : -1);
        }
    }

    private void Collect(RecipientSelector selector, int from, int end, List<Match> found)
    {
        for (var slot = from; slot < end; slot++)
        {
            marks.Meet(slot);
            if (!index.IsQueued(slot))
            {
                continue;
            }

            var recipient = index.Look(slot);
            if (selector.Matches(recipient, index.Messages.Flows.Of(recipient.Flow), index.Domains.Of(recipient.Domain)))
            {
                var place = index.Messages.PlaceOf(index.Recipients[slot].Message);
                found.Add(new Match(
                    slot,
                    recipient,
                    index.Messages.Flows.Of(recipient.Flow),
                    index.Domains.Of(recipient.Domain),
                    place.Address,
                    place.FrameLength,
                    index.Details[slot]));
            }
        }
    }

    // What cannot be read is shown as that, unless the selector asks for what stands there.
    private QueuedView? View(RecipientSelector selector, in Match match)
    {
        try
        {
            return Read(selector, match);
        }
        catch (QueueDamagedException fault)
        {
            return selector.NeedsEnvelope
                ? null
                : new QueuedView(match.Slot, match.Recipient, match.Flow, match.Domain, string.Empty, string.Empty, null) { Fault = fault.Message };
        }
    }

    private QueuedView? Read(RecipientSelector selector, in Match match)
    {
        using var message = reader.Read(match.Recipient.Id, match.Address, match.FrameLength, []);
        var sender = Encoding.UTF8.GetString(message.Sender.Span);
        var address = Encoding.UTF8.GetString(message.AddressOf(match.Recipient.Index).Span);
        if (!selector.MatchesAddresses(sender, address))
        {
            return null;
        }

        var last = reader.ReadDeferral(match.Recipient.Id, match.Recipient.Index, match.Detail);
        return new QueuedView(match.Slot, match.Recipient, match.Flow, match.Domain, sender, address, last);
    }

    private readonly record struct Walk(int From);

    private readonly record struct Match(
        int Slot, QueuedRecipient Recipient, Flow Flow, DomainName Domain, long Address, int FrameLength, uint Detail);
}
