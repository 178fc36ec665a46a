using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;

namespace Engine.Queue.Waiting;

/// <summary>
/// The messages that have recipients left: where each stands, what it has in common with others, which slots its recipients have. A
/// machine without clock, disk or lock. It keeps the segments its messages stand in.
/// </summary>
/// <remarks>The slot of a message is freed with the slots of its recipients: when all have ended and come back.</remarks>
internal sealed class MessageTable
{
    private const int FrameBits = 21;
    private const int MaxExtra = (1 << (32 - FrameBits)) - 1;

    private readonly Slots<MessageEntry> _entries = new();
    private readonly Slots<MessageGroup> _groups = new();
    private readonly Dictionary<int, OddMessage> _odd = [];
    private readonly Interner<Terms> _terms = new();
    private readonly MessageMap _map;
    private readonly SegmentLedger _ledger;
    private readonly int _segmentBits;
    private readonly long[] _living = new long[Generations.Count];

    public MessageTable(SegmentLedger ledger, int segmentBits)
    {
        _ledger = ledger;
        Heads = new RewrittenHeads(ledger, segmentBits);
        _segmentBits = segmentBits;
        _map = new MessageMap(_entries);
    }

    public Interner<Flow> Flows { get; } = new();

    public RewrittenHeads Heads { get; }

    /// <summary>Octets of heads and contents of living messages.</summary>
    public long Bytes { get; private set; }

    public long Count { get; private set; }

    /// <summary>Every slot in use is below.</summary>
    public int High => _entries.High;

    /// <summary>Octets living messages take in the log of a generation.</summary>
    public long LivingIn(int generation) => _living[generation];

    /// <summary>Enters a message. Its first segment is pinned already.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="id">Not in the table.</param>
    /// <param name="flow">Interned flow, held for it until it ends.</param>
    /// <param name="accepted">Seconds since 1970.</param>
    /// <param name="giveUp">Seconds since 1970; 0 for none.</param>
    /// <param name="first">Slot of its first recipient.</param>
    /// <param name="count">Recipients it was accepted with.</param>
    /// <param name="live">Recipients that have not ended.</param>
    /// <returns>Its slot.</returns>
    public int Add(in MessagePlace place, MessageId id, int flow, uint accepted, uint giveUp, int first, int count, int live)
    {
        var slot = _entries.Take();
        ref var message = ref _entries[slot];
        message.Id = id.Value;
        message.Accepted = accepted;
        message.Terms = _terms.Hold(new Terms(flow, LifetimeOf(accepted, giveUp)));
        message.Group = first;
        if (count > 1)
        {
            var group = _groups.Take();
            _groups[group] = new MessageGroup { First = first, Count = (ushort)count, Live = (ushort)live };
            message.Group = ~group;
        }

        SetPlace(slot, ref message, place);
        _map.Add(slot);
        Count++;
        Bytes += place.Size;
        _living[SpoolAddress.GenerationOf(place.Address)] += Taken(place);
        return slot;
    }

    /// <summary>Before an empty table is filled with so many.</summary>
    public void Reserve(long count) => _map.Reserve(count);

    public bool TryFind(MessageId id, out int slot) => _map.TryFind(id.Value, out slot);

    /// <summary>The message of a slot; id 0 when nobody lives there. For walks: any number below <see cref="High"/>.</summary>
    public MessageId IdAt(int slot) => new(_entries.Has(slot) ? _entries[slot].Id : 0);

    public MessageId IdOf(int slot) => new(_entries[slot].Id);

    public int FlowNumber(int slot) => _terms.Of(_entries[slot].Terms).Flow;

    public Flow FlowOf(int slot) => Flows.Of(FlowNumber(slot));

    /// <summary>Seconds since 1970.</summary>
    public uint AcceptedSecond(int slot) => _entries[slot].Accepted;

    /// <summary>To the millisecond where the id tells it, which is made at the accept; else to the second.</summary>
    public DateTimeOffset Accepted(int slot)
    {
        ref var message = ref _entries[slot];
        var second = Seconds.ToTime(message.Accepted);
        var given = new MessageId(message.Id).Given;
        return (given - second).Duration() <= TimeSpan.FromSeconds(1) ? given : second;
    }

    /// <summary>Seconds since 1970; 0 for none.</summary>
    public uint GiveUp(int slot) => _terms.Of(_entries[slot].Terms).Lifetime is var lifetime and > 0 ? _entries[slot].Accepted + lifetime - 1 : 0;

    public MessagePlace PlaceOf(int slot)
    {
        ref var message = ref _entries[slot];
        if (message.Lengths == uint.MaxValue)
        {
            var odd = _odd[slot];
            return new MessagePlace(message.Address, odd.FrameLength, odd.FirstSegment, odd.Size);
        }

        var frame = (int)(message.Lengths & ((1 << FrameBits) - 1));
        return new MessagePlace(message.Address, frame, message.Address >> _segmentBits, frame - (message.Lengths >> FrameBits));
    }

    /// <summary>Slot of the first recipient and how many there are.</summary>
    public (int First, int Count) RunOf(int slot)
    {
        var group = _entries[slot].Group;
        return group >= 0 ? (group, 1) : (_groups[~group].First, _groups[~group].Count);
    }

    /// <summary>Moves a message to a copy of it, in which its rewritten heads stand. The copy's segment is pinned already; the old one is the caller's to unpin. Its heads' segments are let go.</summary>
    public void Relocate(int slot, in MessagePlace place)
    {
        var old = PlaceOf(slot);
        _living[SpoolAddress.GenerationOf(old.Address)] -= Taken(old);
        _living[SpoolAddress.GenerationOf(place.Address)] += Taken(place);
        Bytes += place.Size - old.Size;
        SetPlace(slot, ref _entries[slot], place);
        Heads.Forget(_entries[slot].Id);
    }

    /// <summary>Gives a message another flow.</summary>
    public void Reroute(int slot, Flow flow)
    {
        ref var message = ref _entries[slot];
        var old = message.Terms;
        var terms = _terms.Of(old);
        message.Terms = _terms.Hold(terms with { Flow = Flows.Hold(flow) });
        _terms.Release(old);
        Flows.Release(terms.Flow);
    }

    /// <summary>Counts an end. With the last one the message is gone.</summary>
    /// <param name="slot">Of the message.</param>
    /// <param name="lingers">Whether the recipient's slot is still out.</param>
    /// <returns>True when the slots of its recipients are free now: <see cref="Free"/> follows.</returns>
    public bool End(int slot, bool lingers)
    {
        var group = _entries[slot].Group;
        if (group >= 0)
        {
            EndMessage(slot);
            return !lingers;
        }

        ref var several = ref _groups[~group];
        several.Lingering += lingers ? (ushort)1 : (ushort)0;
        if (--several.Live > 0)
        {
            return false;
        }

        EndMessage(slot);
        return several.Lingering == 0;
    }

    /// <summary>A recipient that ended while out has come back. True when the slots are free now.</summary>
    public bool ComeBack(int slot)
    {
        var group = _entries[slot].Group;
        if (group >= 0)
        {
            return true;
        }

        ref var several = ref _groups[~group];
        return --several.Lingering == 0 && several.Live == 0;
    }

    public void Free(int slot)
    {
        var group = _entries[slot].Group;
        if (group < 0)
        {
            _groups.Free(~group);
        }

        _entries.Free(slot);
    }

    private static uint LifetimeOf(uint accepted, uint giveUp) => giveUp == 0 ? 0 : giveUp - Math.Min(giveUp, accepted) + 1;

    private static long Taken(in MessagePlace place) => Math.Max(place.Size, place.FrameLength);

    private void SetPlace(int slot, ref MessageEntry message, in MessagePlace place)
    {
        message.Address = place.Address;
        var extra = place.FrameLength - place.Size;
        if (place.FirstSegment == place.Address >> _segmentBits && extra is >= 0 and < MaxExtra && place.FrameLength < 1 << FrameBits)
        {
            message.Lengths = (uint)place.FrameLength | ((uint)extra << FrameBits);
            _odd.Remove(slot);
            return;
        }

        message.Lengths = uint.MaxValue;
        _odd[slot] = new OddMessage(place.FrameLength, place.FirstSegment, place.Size);
    }

    private void EndMessage(int slot)
    {
        ref var message = ref _entries[slot];
        var place = PlaceOf(slot);
        _map.Remove(slot);
        var terms = _terms.Of(message.Terms);
        _terms.Release(message.Terms);
        Flows.Release(terms.Flow);
        Heads.Forget(message.Id);
        Bytes -= place.Size;
        Count--;
        _living[SpoolAddress.GenerationOf(place.Address)] -= Taken(place);
        _ledger.Unpin(place.FirstSegment);
        _odd.Remove(slot);
        message.Id = 0;
    }
}
