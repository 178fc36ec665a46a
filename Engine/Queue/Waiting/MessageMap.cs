namespace Engine.Queue.Waiting;

/// <summary>Finds a message's slot by its id: open addressing, linear probes, 4 octets a place; the ids stand in the slots.</summary>
internal sealed class MessageMap(Slots<MessageEntry> messages)
{
    private int[] _places = new int[1_024]; // slot + 1; 0 is empty
    private int _count;

    public bool TryFind(ulong id, out int slot)
    {
        for (var place = PlaceOf(id); _places[place] is var held && held != 0; place = Next(place))
        {
            if (messages[held - 1].Id == id)
            {
                slot = held - 1;
                return true;
            }
        }

        slot = -1;
        return false;
    }

    /// <summary>The slot's entry holds its id, and the id is not in the map.</summary>
    public void Add(int slot)
    {
        if (++_count > _places.Length / 3 * 2)
        {
            Grow();
        }

        Put(slot);
    }

    /// <summary>To be called while the slot still holds its id.</summary>
    public void Remove(int slot)
    {
        var place = PlaceOf(messages[slot].Id);
        while (_places[place] != slot + 1)
        {
            place = Next(place);
        }

        _count--;
        CloseGap(place);
    }

    // Moves later entries of the run back, so that no probe ends too early.
    private void CloseGap(int gap)
    {
        for (var place = Next(gap); _places[place] is var held && held != 0; place = Next(place))
        {
            var home = PlaceOf(messages[held - 1].Id);
            var mask = _places.Length - 1;
            if (((place - home) & mask) >= ((place - gap) & mask))
            {
                _places[gap] = held;
                gap = place;
            }
        }

        _places[gap] = 0;
    }

    private void Put(int slot)
    {
        var place = PlaceOf(messages[slot].Id);
        while (_places[place] != 0)
        {
            place = Next(place);
        }

        _places[place] = slot + 1;
    }

    private void Grow()
    {
        var old = _places;
        _places = new int[old.Length * 2];
        foreach (var held in old)
        {
            if (held != 0)
            {
                Put(held - 1);
            }
        }
    }

    private int Next(int place) => (place + 1) & (_places.Length - 1);

    // Fibonacci hashing: the upper bits of the product are the well-mixed ones.
    private int PlaceOf(ulong id) => (int)((id * 0x9E37_79B9_7F4A_7C15) >> 32) & (_places.Length - 1);
}
