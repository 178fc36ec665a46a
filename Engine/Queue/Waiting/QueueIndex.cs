using System.Runtime.CompilerServices;
using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue.Waiting;

/// <summary>
/// Everything queued, in arrays of structs, and what may happen to it: a plain machine without clock, disk or lock. The queue holds
/// its lock around every call.
/// </summary>
/// <remarks>
/// <code>
/// state     Start/fire   Begin      Defer      PutBack    Hold       Release    Retry      End
/// Waiting   Ready, out   –          –          –          Held       –          Waiting    gone
/// Ready     –            InFlight   –          Waiting    Held       –          –          gone, lingers
/// InFlight  –            –          Waiting    Waiting    later      undone     –          gone
/// Held      –            false      –          –          –          Waiting    –          gone, lingers if out
/// </code>
/// A slot that went out by the due channel is not used again until it came back by Begin, Defer, PutBack or End: whoever holds its
/// number can never meet another recipient there.
/// </remarks>
internal sealed class QueueIndex
{
    private readonly long[] _counts = new long[(int)RecipientState.Held + 1];
    private readonly SegmentLedger _ledger;
    private readonly int _segmentBits;
    private readonly MessageMap _map;
    private long _scheduled;

    public QueueIndex(SegmentLedger ledger, int segmentBits, uint now)
    {
        _ledger = ledger;
        _segmentBits = segmentBits;
        _map = new MessageMap(Messages);
        Wheel = new DueWheel<Links>(new Links(Recipients), now);
        Categories.Hold(default);
    }

    public Slots<RecipientEntry> Recipients { get; } = new();

    public Slots<MessageEntry> Messages { get; } = new();

    public Interner<Flow> Flows { get; } = new();

    public RewrittenHeads Heads { get; } = new();

    public Interner<DomainName> Domains { get; } = new();

    /// <summary>Categories seen; never released, there are a few dozen. Number 0 is none.</summary>
    public Interner<Category> Categories { get; } = new();

    public DueWheel<Links> Wheel { get; }

    /// <summary>Octets of heads and contents of living messages.</summary>
    public long Bytes { get; private set; }

    public long MessageCount { get; private set; }

    public QueueCounts Counts
    {
        get
        {
            var (waiting, ready, flying, held) = (
                _counts[(int)RecipientState.Waiting],
                _counts[(int)RecipientState.Ready],
                _counts[(int)RecipientState.InFlight],
                _counts[(int)RecipientState.Held]);
            return new QueueCounts(waiting + ready + flying + held, ready, waiting - _scheduled, held, flying, _scheduled);
        }
    }

    public bool Knows(MessageId id) => _map.TryFind(id.Value, out _);

    /// <summary>Enters a message; its recipients wait, but in no list: <see cref="Start"/> each. The segment is pinned already.</summary>
    /// <returns>Slot of the first recipient; the others follow.</returns>
    public int Insert(in MessagePlace place, Envelope envelope)
    {
        var count = envelope.Recipients.Count;
        var first = Recipients.Take(count);
        var slot = Messages.Take();
        ref var message = ref Messages[slot];
        message.Id = envelope.Id.Value;
        message.Address = place.Address;
        message.FrameLength = place.FrameLength;
        message.PartSegments = checked((ushort)((int)(place.Address >> _segmentBits) - place.FirstSegment));
        message.Size = (uint)Math.Min(place.Size, uint.MaxValue);
        message.Flow = Flows.Hold(FlowOf(envelope));
        message.First = first;
        message.Accepted = Seconds.Passed(envelope.Accepted);
        message.AcceptedMilliseconds = (ushort)envelope.Accepted.Millisecond;
        message.GiveUp = envelope.GiveUp is { } end ? Math.Max(1, Seconds.Of(end)) : 0;
        message.Live = (ushort)count;
        message.Copy = place.Copy;
        _map.Add(slot);
        MessageCount++;
        Bytes += message.Size;
        var due = Seconds.Of(envelope.NotBefore > envelope.Accepted ? envelope.NotBefore : DateTimeOffset.UnixEpoch);
        for (var index = 0; index < count; index++)
        {
            ref var recipient = ref Recipients[first + index];
            recipient.Message = slot;
            recipient.Index = (ushort)index;
            recipient.Domain = Domains.Hold(envelope.Recipients[index].Address.Domain);
            recipient.Due = due;
            Wheel.Prepare(first + index);
            Enter(ref recipient, RecipientState.Waiting);
        }

        Recipients[first].Count = (ushort)count;
        return first;
    }

    /// <summary>Puts a waiting recipient that is in no list where its due time says.</summary>
    /// <returns>True when it is ready: its number goes out by the due channel.</returns>
    public bool Start(int slot, uint now)
    {
        ref var recipient = ref Recipients[slot];
        if (recipient.State != RecipientState.Waiting)
        {
            return false;
        }

        if (recipient.Due > now)
        {
            Wheel.Insert(slot);
            return false;
        }

        return MakeReady(ref recipient);
    }

    /// <summary>Fires what is due.</summary>
    /// <param name="now">Seconds since 1970, rounded down.</param>
    /// <param name="ready">Gets the numbers that go out.</param>
    public void Advance(uint now, List<int> ready)
    {
        var first = ready.Count;
        Wheel.Advance(now, ready);
        for (var at = first; at < ready.Count; at++)
        {
            MakeReady(ref Recipients[ready[at]]);
        }
    }

    /// <summary>Ready → InFlight; false frees a slot that ended meanwhile.</summary>
    public bool Begin(int slot)
    {
        if (!IsSlot(slot))
        {
            return false;
        }

        ref var recipient = ref Recipients[slot];
        if (recipient.State == RecipientState.Ready)
        {
            Leave(ref recipient);
            Enter(ref recipient, RecipientState.InFlight);
            return true;
        }

        if (recipient.State != RecipientState.InFlight)
        {
            ComeBack(slot, ref recipient);
        }

        return false;
    }

    /// <summary>False when there is nobody in the slot, or it had ended.</summary>
    public bool IsQueued(int slot) => IsSlot(slot) && Recipients[slot].State != RecipientState.None;

    /// <summary>Takes a recipient out for good.</summary>
    /// <param name="slot">In any state but None.</param>
    /// <param name="comesBack">Whether its holder gives it back by this call: it settles, defers or puts back.</param>
    public void End(int slot, bool comesBack)
    {
        ref var recipient = ref Recipients[slot];
        Wheel.Remove(slot);
        Leave(ref recipient);
        recipient.State = RecipientState.None;
        Domains.Release(recipient.Domain);
        var lingers = !comesBack && (recipient.Marks & SlotMarks.Out) != 0;
        recipient.Marks = lingers ? SlotMarks.Out | SlotMarks.Ended : SlotMarks.Ended;
        ref var first = ref Recipients[slot - recipient.Index];
        first.Lingering += lingers ? (ushort)1 : (ushort)0;
        ref var message = ref Messages[recipient.Message];
        if (--message.Live == 0)
        {
            EndMessage(recipient.Message, ref message);
            if (first.Lingering == 0)
            {
                Recipients.Free(slot - recipient.Index, first.Count);
            }
        }
    }

    /// <summary>InFlight → Waiting, in no list yet: <see cref="Start"/> follows. Marks set during the attempt are the caller's to honour first.</summary>
    public void Return(int slot, uint due)
    {
        ref var recipient = ref Recipients[slot];
        Leave(ref recipient);
        recipient.Due = due;
        recipient.Marks &= ~SlotMarks.Out;
        var hold = (recipient.Marks & SlotMarks.HoldLater) != 0;
        recipient.Marks &= ~SlotMarks.HoldLater;
        Enter(ref recipient, hold ? RecipientState.Held : RecipientState.Waiting);
    }

    public void Hold(int slot)
    {
        ref var recipient = ref Recipients[slot];
        if (recipient.State == RecipientState.InFlight)
        {
            recipient.Marks |= SlotMarks.HoldLater;
            return;
        }

        Wheel.Remove(slot);
        Leave(ref recipient);
        Enter(ref recipient, RecipientState.Held);
    }

    /// <summary>Held → Waiting, in no list; or Ready when its number is still out: it needs no second one.</summary>
    public void Unhold(int slot)
    {
        ref var recipient = ref Recipients[slot];
        recipient.Marks &= ~SlotMarks.HoldLater;
        if (recipient.State == RecipientState.Held)
        {
            Leave(ref recipient);
            Enter(ref recipient, (recipient.Marks & SlotMarks.Out) != 0 ? RecipientState.Ready : RecipientState.Waiting);
        }
    }

    /// <summary>A new due time; one that waits is in no list then: <see cref="Start"/> follows. No attempt is counted.</summary>
    public void Reschedule(int slot, uint due)
    {
        Wheel.Remove(slot);
        Recipients[slot].Due = due;
    }

    /// <summary>Counts an attempt. The recipient is not in a list.</summary>
    public void CountAttempt(int slot, ushort attempts, Category category, bool isUncertain)
    {
        ref var recipient = ref Recipients[slot];
        var state = recipient.State;
        Leave(ref recipient);
        recipient.Attempts = attempts;
        recipient.Category = Categories.TryFind(category, out var number) ? (ushort)number : checked((ushort)Categories.Hold(category));
        recipient.Marks = isUncertain ? recipient.Marks | SlotMarks.Uncertain : recipient.Marks & ~SlotMarks.Uncertain;
        Enter(ref recipient, state);
    }

    /// <summary>Slots of a message's recipients.</summary>
    public bool TryFind(MessageId id, out int first, out int count)
    {
        (first, count) = (0, 0);
        if (!_map.TryFind(id.Value, out var slot))
        {
            return false;
        }

        first = Messages[slot].First;
        count = Recipients[first].Count;
        return true;
    }

    public bool TryFind(MessageId id, out MessageEntry message)
    {
        var found = _map.TryFind(id.Value, out var slot);
        message = found ? Messages[slot] : default;
        return found;
    }

    /// <summary>Remembers where the last defer frame of a recipient stands, if it is still the one.</summary>
    public void SetDetail(int slot, MessageId id, long address)
    {
        if (IsQueued(slot) && Messages[Recipients[slot].Message].Id == id.Value)
        {
            Recipients[slot].Detail = address;
        }
    }

    public QueuedRecipient Look(int slot)
    {
        if (!IsQueued(slot))
        {
            return default;
        }

        ref var recipient = ref Recipients[slot];
        ref var message = ref Messages[recipient.Message];
        return new QueuedRecipient
        {
            Id = new MessageId(message.Id),
            Index = recipient.Index,
            State = recipient.State,
            Attempts = recipient.Attempts,
            IsUncertain = (recipient.Marks & SlotMarks.Uncertain) != 0,
            Flow = message.Flow,
            Domain = recipient.Domain,
            Accepted = Seconds.ToTime(message.Accepted).AddMilliseconds(message.AcceptedMilliseconds),
            Due = Seconds.ToTime(recipient.Due),
            GiveUp = message.GiveUp == 0 ? null : Seconds.ToTime(message.GiveUp),
            Category = Categories.Of(recipient.Category),
            Size = message.Size,
        };
    }

    private static Flow FlowOf(Envelope envelope) => new(
        envelope.Class,
        envelope.Account,
        envelope.Stream,
        envelope.Campaign,
        envelope.HeaderFrom.IsEmpty ? envelope.Sender.Domain : envelope.HeaderFrom,
        envelope.Pool);

    private bool IsSlot(int slot) => (uint)slot < (uint)Recipients.High;

    private bool MakeReady(ref RecipientEntry recipient)
    {
        Leave(ref recipient);
        recipient.Marks |= SlotMarks.Out;
        Enter(ref recipient, RecipientState.Ready);
        return true;
    }

    private void ComeBack(int slot, ref RecipientEntry recipient)
    {
        if ((recipient.Marks & SlotMarks.Out) == 0)
        {
            return;
        }

        recipient.Marks &= ~SlotMarks.Out;
        if ((recipient.Marks & SlotMarks.Ended) == 0)
        {
            return;
        }

        var first = slot - recipient.Index;
        if (--Recipients[first].Lingering == 0 && AllEnded(first))
        {
            Recipients.Free(first, Recipients[first].Count);
        }
    }

    private bool AllEnded(int first)
    {
        for (var at = first; at < first + Recipients[first].Count; at++)
        {
            if (Recipients[at].State != RecipientState.None)
            {
                return false;
            }
        }

        return true;
    }

    private void EndMessage(int slot, ref MessageEntry message)
    {
        _map.Remove(slot);
        Flows.Release(message.Flow);
        Heads.Forget(message.Id);
        Bytes -= message.Size;
        MessageCount--;
        _ledger.Unpin((int)(message.Address >> _segmentBits) - message.PartSegments);
        Messages.Free(slot);
    }

    private void Leave(ref RecipientEntry recipient)
    {
        _counts[(int)recipient.State]--;
        _scheduled -= IsScheduled(recipient) ? 1 : 0;
    }

    private void Enter(ref RecipientEntry recipient, RecipientState state)
    {
        recipient.State = state;
        _counts[(int)state]++;
        _scheduled += IsScheduled(recipient) ? 1 : 0;
    }

    private static bool IsScheduled(in RecipientEntry recipient) => recipient is { State: RecipientState.Waiting, Attempts: 0 };

    /// <summary>The wheel's links, in the recipients.</summary>
    internal readonly struct Links(Slots<RecipientEntry> recipients) : IWheelItems
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint DueOf(int item) => recipients[item].Due;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref int Next(int item) => ref recipients[item].Next;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ref int Previous(int item) => ref recipients[item].Previous;
    }
}
