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
    private readonly int _segmentBits;
    private long _scheduled;

    public QueueIndex(SegmentLedger ledger, int segmentBits, uint now)
    {
        _segmentBits = segmentBits;
        Messages = new MessageTable(ledger, segmentBits);
        Wheel = new DueWheel<Links>(new Links(Recipients), now);
        Categories.Hold(default);
    }

    public Slots<RecipientEntry> Recipients { get; } = new();

    public MessageTable Messages { get; }

    public Interner<DomainName> Domains { get; } = new();

    /// <summary>Categories seen; never released, there are a few dozen. Number 0 is none, and stands for any beyond 255.</summary>
    public Interner<Category> Categories { get; } = new();

    /// <summary>Where last defer frames stand.</summary>
    public Details Details { get; } = new();

    public DueWheel<Links> Wheel { get; }

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

    /// <summary>The segment an address lies in.</summary>
    public long SegmentOf(long address) => address >> _segmentBits;

    public bool Knows(MessageId id) => Messages.TryFind(id, out _);

    /// <summary>Enters a message; its recipients wait, but in no list: <see cref="Start"/> each. The segment is pinned already.</summary>
    /// <returns>Slot of the first recipient; the others follow.</returns>
    public int Insert(in MessagePlace place, Envelope envelope)
    {
        var count = envelope.Recipients.Count;
        var first = Recipients.Take(count);
        var message = Messages.Add(
            place,
            envelope.Id,
            Messages.Flows.Hold(Flow.Of(envelope)),
            Seconds.Passed(envelope.Accepted),
            envelope.GiveUp is { } end ? Math.Max(1, Seconds.Of(end)) : 0,
            first,
            count,
            live: count);
        var due = Seconds.Of(envelope.NotBefore > envelope.Accepted ? envelope.NotBefore : DateTimeOffset.UnixEpoch);
        for (var slot = first; slot < first + count; slot++)
        {
            ref var recipient = ref Recipients[slot];
            recipient.Message = message;
            recipient.Domain = Domains.Hold(envelope.Recipients[slot - first].Address.Domain);
            recipient.Due = due;
            Wheel.Prepare(slot);
            Enter(ref recipient, RecipientState.Waiting);
        }

        return first;
    }

    /// <summary>Enters a message of a snapshot: as <see cref="Insert"/>, with the state its recipients had.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="id">Not in the index.</param>
    /// <param name="flow">Interned flow, held for it.</param>
    /// <param name="accepted">Seconds since 1970.</param>
    /// <param name="giveUp">Seconds since 1970; 0 for none.</param>
    /// <param name="recipients">At least one of them has not ended.</param>
    public void Restore(in MessagePlace place, MessageId id, int flow, uint accepted, uint giveUp, ReadOnlySpan<SavedRecipient> recipients)
    {
        var first = Recipients.Take(recipients.Length);
        var live = 0;
        foreach (var saved in recipients)
        {
            live += saved.State == RecipientState.None ? 0 : 1;
        }

        var message = Messages.Add(place, id, flow, accepted, giveUp, first, recipients.Length, live);
        for (var index = 0; index < recipients.Length; index++)
        {
            var saved = recipients[index];
            ref var recipient = ref Recipients[first + index];
            recipient.Message = message;
            Wheel.Prepare(first + index);
            if (saved.State == RecipientState.None)
            {
                recipient.Marks = SlotMarks.Ended;
                continue;
            }

            recipient.Domain = saved.Domain;
            recipient.Due = saved.Due;
            recipient.Attempts = saved.Attempts;
            recipient.Category = NumberOf(saved.Category);
            recipient.Marks = saved.Marks;
            Details.Set(first + index, saved.Detail);
            Enter(ref recipient, saved.State);
        }
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
        if (!Recipients.Has(slot))
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
            ComeBack(ref recipient);
        }

        return false;
    }

    /// <summary>False when there is nobody in the slot, or it had ended.</summary>
    public bool IsQueued(int slot) => Recipients.Has(slot) && Recipients[slot].State != RecipientState.None;

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
        Details.Set(slot, 0);
        var lingers = !comesBack && (recipient.Marks & SlotMarks.Out) != 0;
        recipient.Marks = lingers ? SlotMarks.Out | SlotMarks.Ended : SlotMarks.Ended;
        if (Messages.End(recipient.Message, lingers))
        {
            Free(recipient.Message);
        }
    }

    /// <summary>InFlight → Waiting, in no list yet: <see cref="Start"/> follows. Marks set during the attempt are the caller's to honour first.</summary>
    public void Return(int slot, uint due)
    {
        ref var recipient = ref Recipients[slot];
        Leave(ref recipient);
        recipient.Due = due;
        recipient.Marks &= ~(SlotMarks.Out | SlotMarks.Again);
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
        recipient.Attempts = (byte)Math.Min(attempts, byte.MaxValue);
        recipient.Category = NumberOf(category);
        recipient.Marks = isUncertain ? recipient.Marks | SlotMarks.Uncertain : recipient.Marks & ~SlotMarks.Uncertain;
        Enter(ref recipient, state);
    }

    /// <summary>Slots of a message's recipients.</summary>
    public bool TryFind(MessageId id, out int first, out int count)
    {
        var found = Messages.TryFind(id, out var slot);
        (first, count) = found ? Messages.RunOf(slot) : (0, 0);
        return found;
    }

    /// <summary>Where a message stands.</summary>
    public bool TryFind(MessageId id, out MessagePlace place)
    {
        var found = Messages.TryFind(id, out var slot);
        place = found ? Messages.PlaceOf(slot) : default;
        return found;
    }

    public MessageId IdOf(int slot) => Messages.IdOf(Recipients[slot].Message);

    /// <summary>The recipient's index in its envelope.</summary>
    public ushort IndexOf(int slot) => (ushort)(slot - Messages.RunOf(Recipients[slot].Message).First);

    /// <summary>Remembers where the last defer frame of a recipient stands, if it is still the one.</summary>
    public void SetDetail(int slot, MessageId id, long address)
    {
        if (IsQueued(slot) && IdOf(slot) == id)
        {
            Details.Set(slot, Details.Of(address));
        }
    }

    public QueuedRecipient Look(int slot)
    {
        if (!IsQueued(slot))
        {
            return default;
        }

        ref var recipient = ref Recipients[slot];
        var message = recipient.Message;
        var giveUp = (recipient.Marks & SlotMarks.GivenUp) != 0 ? Messages.AcceptedSecond(message) : Messages.GiveUp(message);
        return new QueuedRecipient
        {
            Id = Messages.IdOf(message),
            Index = IndexOf(slot),
            State = recipient.State,
            Attempts = recipient.Attempts,
            IsUncertain = (recipient.Marks & SlotMarks.Uncertain) != 0,
            Flow = Messages.FlowNumber(message),
            Domain = recipient.Domain,
            Accepted = Messages.Accepted(message),
            Due = Seconds.ToTime(recipient.Due),
            GiveUp = giveUp == 0 ? null : Seconds.ToTime(giveUp),
            Category = Categories.Of(recipient.Category),
            Size = Messages.PlaceOf(message).Size,
        };
    }

    private bool MakeReady(ref RecipientEntry recipient)
    {
        Leave(ref recipient);
        recipient.Marks |= SlotMarks.Out;
        Enter(ref recipient, RecipientState.Ready);
        return true;
    }

    private void ComeBack(ref RecipientEntry recipient)
    {
        if ((recipient.Marks & SlotMarks.Out) == 0)
        {
            return;
        }

        recipient.Marks &= ~SlotMarks.Out;
        if ((recipient.Marks & SlotMarks.Ended) != 0 && Messages.ComeBack(recipient.Message))
        {
            Free(recipient.Message);
        }
    }

    private void Free(int message)
    {
        var (first, count) = Messages.RunOf(message);
        Recipients.Free(first, count);
        Messages.Free(message);
    }

    private byte NumberOf(Category category)
    {
        if (!Categories.TryFind(category, out var number))
        {
            number = Categories.Count <= byte.MaxValue ? Categories.Hold(category) : 0;
        }

        return (byte)number;
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
