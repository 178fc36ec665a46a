using System.Numerics;

namespace Engine.Queue.Waiting;

/// <summary>
/// A timer wheel of four levels with 256 slots each over 32-bit ticks. Insert and remove cost the same whatever waits; a fire costs at
/// most three moves an item. It asks for no clock: <see cref="NextTick"/> says when to call <see cref="Advance"/> again.
/// </summary>
/// <remarks>
/// An item lies on the level of the highest octet in which its due tick differs from now, in the slot of that octet. When now reaches
/// a slot of a higher level, its items move down. Not thread-safe.
/// </remarks>
internal sealed class DueWheel<TItems>(TItems items, uint now)
    where TItems : IWheelItems
{
    private const int Levels = 4;
    private const int LevelBits = 8;
    private const int LevelSlots = 1 << LevelBits;
    private const int None = -1;

    // Previous of the first item of a list is ~slot; of an item in no list, Idle.
    private const int Idle = int.MinValue;

    private readonly int[] _heads = NewHeads();
    private readonly ulong[] _occupied = new ulong[Levels * LevelSlots / 64];
    private readonly TItems _items = items;

    /// <summary>The tick up to which everything has fired.</summary>
    public uint Now { get; private set; } = now;

    public long Count { get; private set; }

    /// <summary>When something is to be done next; null when nothing waits. Never later than the first due item.</summary>
    public uint? NextTick
    {
        get
        {
            for (var level = 0; level < Levels; level++)
            {
                var shift = level * LevelBits;
                var current = (int)(Now >> shift) & (LevelSlots - 1);
                if (FirstOccupied(level, current + 1) is { } slot)
                {
                    var above = shift + LevelBits == 32 ? 0 : Now >> (shift + LevelBits) << (shift + LevelBits);
                    return above | ((uint)slot << shift);
                }
            }

            return null;
        }
    }

    /// <summary>To be called once for a new item, before anything else.</summary>
    public void Prepare(int item) => _items.Previous(item) = Idle;

    /// <summary>An item that lies in a list leaves it. What is due already fires at the next tick.</summary>
    public void Insert(int item)
    {
        Remove(item);
        Count++;
        Link(item, Math.Max(_items.DueOf(item), Now == uint.MaxValue ? Now : Now + 1));
    }

    /// <summary>No error when the item is in no list.</summary>
    public void Remove(int item)
    {
        var previous = _items.Previous(item);
        if (previous == Idle)
        {
            return;
        }

        Count--;
        var next = _items.Next(item);
        if (next != None)
        {
            _items.Previous(next) = previous;
        }

        if (previous >= 0)
        {
            _items.Next(previous) = next;
        }
        else
        {
            _heads[~previous] = next;
            if (next == None)
            {
                _occupied[~previous >> 6] &= ~(1UL << (~previous & 63));
            }
        }

        _items.Previous(item) = Idle;
    }

    /// <summary>Moves to a tick and adds every item due by then, tick by tick.</summary>
    public void Advance(uint now, List<int> fired)
    {
        while (NextTick is { } tick && tick <= now)
        {
            Now = tick;
            for (var level = Levels - 1; level > 0; level--)
            {
                if ((tick & ((1U << (level * LevelBits)) - 1)) == 0)
                {
                    MoveDown(SlotOf(level, tick));
                }
            }

            Fire(SlotOf(0, tick), fired);
        }

        Now = Math.Max(Now, now);
    }

    private static int[] NewHeads()
    {
        var heads = new int[Levels * LevelSlots];
        Array.Fill(heads, None);
        return heads;
    }

    private static int SlotOf(int level, uint tick) => (level * LevelSlots) + ((int)(tick >> (level * LevelBits)) & (LevelSlots - 1));

    private void Link(int item, uint due)
    {
        var differs = due ^ Now;
        var level = differs == 0 ? 0 : BitOperations.Log2(differs) / LevelBits;
        var slot = SlotOf(level, due);
        var next = _heads[slot];
        _items.Next(item) = next;
        _items.Previous(item) = ~slot;
        if (next != None)
        {
            _items.Previous(next) = item;
        }

        _heads[slot] = item;
        _occupied[slot >> 6] |= 1UL << (slot & 63);
    }

    private void MoveDown(int slot)
    {
        for (var item = TakeList(slot); item != None;)
        {
            var next = _items.Next(item);
            Link(item, Math.Max(_items.DueOf(item), Now));
            item = next;
        }
    }

    private void Fire(int slot, List<int> fired)
    {
        var first = fired.Count;
        for (var item = TakeList(slot); item != None; item = _items.Next(item))
        {
            _items.Previous(item) = Idle;
            fired.Add(item);
            Count--;
        }

        // Lists are last in, first out: the longer waiting goes first.
        fired.Reverse(first, fired.Count - first);
    }

    private int TakeList(int slot)
    {
        var item = _heads[slot];
        _heads[slot] = None;
        _occupied[slot >> 6] &= ~(1UL << (slot & 63));
        return item;
    }

    private int? FirstOccupied(int level, int from)
    {
        for (var slot = from; slot < LevelSlots; slot = (slot | 63) + 1)
        {
            var at = (level * LevelSlots) + slot;
            var bits = _occupied[at >> 6] >> (at & 63);
            if (bits != 0)
            {
                return slot + BitOperations.TrailingZeroCount(bits);
            }
        }

        return null;
    }
}
