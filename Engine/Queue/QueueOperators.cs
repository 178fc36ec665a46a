using System.Runtime.CompilerServices;
using System.Text;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>What operators ask of the queue and change in it. Walks go by pieces, so that the mail goes on meanwhile.</summary>
internal sealed class QueueOperators
{
    private const int Piece = 4_096;

    private readonly Lock _gate;
    private readonly QueueIndex _index;
    private readonly DuePump _pump;
    private readonly SegmentLedger _ledger;
    private readonly MessageReader _reader;
    private readonly TimeProvider _clock;
    private readonly Journal _journal;
    private readonly BulkMarks _marks;

    internal QueueOperators(
        Lock gate, QueueIndex index, DuePump pump, SegmentLedger ledger, MessageReader reader, TimeProvider clock, Journal journal, BulkMarks marks)
    {
        _gate = gate;
        _index = index;
        _pump = pump;
        _ledger = ledger;
        _reader = reader;
        _clock = clock;
        _journal = journal;
        _marks = marks;
    }

    /// <summary>Reads an envelope for each that the index lets through.</summary>
    public async IAsyncEnumerable<QueuedView> FindAsync(RecipientSelector selector, [EnumeratorCancellation] CancellationToken stop)
    {
        using var keep = new AffectedRecipients(_ledger, _reader);
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
        lock (_gate)
        {
            return _index.TryFind(id, out var first, out var count)
                ? [.. Enumerable.Range(first, count).Where(_index.IsQueued)]
                : [];
        }
    }

    /// <summary>Reads a queued message, whoever may be sending it; null when it has ended. The caller disposes it.</summary>
    /// <exception cref="QueueDamagedException">The octets are not those that were written.</exception>
    public StoredMessage? Read(MessageId id)
    {
        AffectedRecipients? keep = new(_ledger, _reader);
        try
        {
            MessagePlace entry;
            HeadPlace[] rewritten;
            lock (_gate)
            {
                if (!_index.TryFind(id, out entry))
                {
                    return null;
                }

                rewritten = _index.Messages.Heads.Of(id.Value);
            }

            var message = _reader.Read(id, entry.Address, entry.FrameLength, rewritten);
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
        lock (_gate)
        {
            if (_index.IsQueued(slot) && _index.Recipients[slot].State == RecipientState.Waiting)
            {
                _index.Reschedule(slot, Seconds.Passed(_clock.GetUtcNow()));
                _pump.Start(slot, _pump.Now);
                _pump.Arm();
            }
        }
    }

    /// <summary>Makes those that wait due now. Limits hold; no attempt is counted. Stable when it returns.</summary>
    public Task<AffectedRecipients> RetryNowAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, Retry, stop);

    /// <summary>Keeps them from being sent until released; those in flight when the attempt returns. Stable when it returns.</summary>
    public Task<AffectedRecipients> HoldAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, Hold, stop);

    /// <summary>Lets them go again. Stable when it returns.</summary>
    public Task<AffectedRecipients> ReleaseAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, Release, stop);

    /// <summary>Takes them out without notice (<c>queue rm</c>). Stable when it returns.</summary>
    public Task<AffectedRecipients> CancelAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, Cancel, stop);

    /// <summary>Ends them as bounced (<c>queue fail</c>); the caller sends the notices. Stable when it returns.</summary>
    public Task<AffectedRecipients> FailAsync(RecipientSelector selector, CancellationToken stop) => ChangeAsync(selector, Fail, stop);

    private async Task<AffectedRecipients> ChangeAsync(RecipientSelector selector, Func<int, QueuedRecipient, bool> change, CancellationToken stop)
    {
        var affected = new AffectedRecipients(_ledger, _reader);
        try
        {
            var found = new List<Match>();
            for (var walk = new Walk(0); walk.From >= 0;)
            {
                stop.ThrowIfCancellationRequested();
                found.Clear();
                walk = Collect(selector, walk, found);
                Change(selector, change, found, affected);
            }

            await _journal.FlushAsync(stop);
            return affected;
        }
        catch
        {
            affected.Dispose();
            throw;
        }
    }

    private void Change(RecipientSelector selector, Func<int, QueuedRecipient, bool> change, List<Match> found, AffectedRecipients affected)
    {
        if (selector.NeedsEnvelope)
        {
            found.RemoveAll(match => View(selector, match) is null);
        }

        lock (_gate)
        {
            foreach (var match in found)
            {
                var now = _index.Look(match.Slot);
                if (affected.Count < (selector.Limit ?? int.MaxValue) && now.Id == match.Recipient.Id && now.Index == match.Recipient.Index
                    && change(match.Slot, now))
                {
                    affected.Add(new(now.Id, now.Index, now.State == RecipientState.InFlight, match.Address, match.FrameLength));
                }
            }

            _pump.Arm();
        }
    }

    private bool Retry(int slot, QueuedRecipient recipient)
    {
        if (recipient.State != RecipientState.Waiting)
        {
            return false;
        }

        var now = _clock.GetUtcNow();
        _journal.Post(FrameKind.Retry, recipient.Id, null, -1, (now, recipient.Index), static (octets, mark) =>
            Records.WriteRetry(octets, mark.now, mark.now, mark.Index));
        _index.Reschedule(slot, Seconds.Passed(now));
        Start(slot);
        return true;
    }

    private bool Hold(int slot, QueuedRecipient recipient)
    {
        if (recipient.State == RecipientState.Held)
        {
            return false;
        }

        PostMark(FrameKind.Hold, recipient);
        _index.Hold(slot);
        return true;
    }

    private bool Release(int slot, QueuedRecipient recipient)
    {
        if (recipient.State != RecipientState.Held && (_index.Recipients[slot].Marks & SlotMarks.HoldLater) == 0)
        {
            return false;
        }

        PostMark(FrameKind.Release, recipient);
        _index.Unhold(slot);
        Start(slot);
        return true;
    }

    private bool Cancel(int slot, QueuedRecipient recipient)
    {
        PostMark(FrameKind.Cancel, recipient);
        EndNowOrLater(slot, recipient, SlotMarks.CancelLater);
        return true;
    }

    private bool Fail(int slot, QueuedRecipient recipient)
    {
        _journal.Post(FrameKind.Settle, recipient.Id, null, -1, (Now: _clock.GetUtcNow(), recipient.Index), static (octets, settle) =>
            Records.WriteSettle(octets, settle.Now, settle.Index, EndKind.Bounced, 0));
        EndNowOrLater(slot, recipient, SlotMarks.FailLater);
        return true;
    }

    private void EndNowOrLater(int slot, in QueuedRecipient recipient, SlotMarks later)
    {
        if (recipient.State == RecipientState.InFlight)
        {
            ref var marks = ref _index.Recipients[slot].Marks;
            marks = (marks & ~SlotMarks.EndLater) | later;
        }
        else
        {
            _index.End(slot, comesBack: false);
        }
    }

    private void PostMark(FrameKind kind, in QueuedRecipient recipient) =>
        _journal.Post(kind, recipient.Id, null, -1, (Now: _clock.GetUtcNow(), recipient.Index), static (octets, mark) =>
            Records.WriteMark(octets, mark.Now, mark.Index));

    private void Start(int slot)
    {
        _pump.Start(slot, _pump.Now);
    }

    // One piece of the walk; by ids when there are some, else over all slots.
    private Walk Collect(RecipientSelector selector, Walk walk, List<Match> found)
    {
        lock (_gate)
        {
            if (selector.Ids is { } ids)
            {
                foreach (var id in ids.Distinct())
                {
                    if (_index.TryFind(id, out var first, out var count))
                    {
                        Collect(selector, first, first + count, found);
                    }
                }

                return new Walk(-1);
            }

            var end = Math.Min(walk.From + Piece, _index.Recipients.High);
            Collect(selector, walk.From, end, found);
            return new Walk(end < _index.Recipients.High ? end : -1);
        }
    }

    private void Collect(RecipientSelector selector, int from, int end, List<Match> found)
    {
        for (var slot = from; slot < end; slot++)
        {
            _marks.Meet(slot);
            if (!_index.IsQueued(slot))
            {
                continue;
            }

            var recipient = _index.Look(slot);
            if (selector.Matches(recipient, _index.Messages.Flows.Of(recipient.Flow), _index.Domains.Of(recipient.Domain)))
            {
                var place = _index.Messages.PlaceOf(_index.Recipients[slot].Message);
                found.Add(new Match(
                    slot,
                    recipient,
                    _index.Messages.Flows.Of(recipient.Flow),
                    _index.Domains.Of(recipient.Domain),
                    place.Address,
                    place.FrameLength,
                    _index.Details[slot]));
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
        using var message = _reader.Read(match.Recipient.Id, match.Address, match.FrameLength, []);
        var sender = Encoding.UTF8.GetString(message.Sender.Span);
        var address = Encoding.UTF8.GetString(message.AddressOf(match.Recipient.Index).Span);
        if (!selector.MatchesAddresses(sender, address))
        {
            return null;
        }

        var last = _reader.ReadDeferral(match.Recipient.Id, match.Recipient.Index, match.Detail);
        return new QueuedView(match.Slot, match.Recipient, match.Flow, match.Domain, sender, address, last);
    }

    private readonly record struct Walk(int From);

    private readonly record struct Match(
        int Slot, QueuedRecipient Recipient, Flow Flow, DomainName Domain, long Address, int FrameLength, uint Detail);
}
