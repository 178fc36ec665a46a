namespace Engine.Queue.Waiting;

/// <summary>
/// Finds a message's slot by its id: open addressing, linear probes, 4 octets a place; the ids stand in the slots. It is made of many
/// small tables that grow one at a time, so that no insert waits for a rehash of everything.
/// </summary>
internal sealed class MessageMap(Slots<MessageEntry> messages)
{
    private const int TableBits = 10;
    private const int FirstPlaces = 16;

    private readonly Table[] _tables = new Table[1 << TableBits];

    public bool TryFind(ulong id, out int slot)
    {
        var hash = Hash(id);
        ref var table = ref TableOf(hash);
        slot = -1;
        if (table.Places is not { } places)
        {
            return false;
        }

        for (var place = PlaceOf(hash, places.Length); places[place] is var held && held != 0; place = Next(place, places.Length))
        {
            if (messages[held - 1].Id == id)
            {
                slot = held - 1;
                return true;
            }
        }

        return false;
    }

    /// <summary>The slot's entry holds its id, and the id is not in the map.</summary>
    public void Add(int slot)
    {
        var hash = Hash(messages[slot].Id);
        ref var table = ref TableOf(hash);
        table.Places ??= new int[FirstPlaces];
        if (++table.Count > table.Places.Length / 3 * 2)
        {
            Resize(ref table, table.Places.Length + (table.Places.Length / 3));
        }

        Put(table.Places!, slot, hash);
    }

    /// <summary>Makes the tables of an empty map large enough for so many, so that filling it moves nothing.</summary>
    public void Reserve(long count)
    {
        // Ids spread evenly; a little more for those that do not.
        var places = (int)Math.Min(Array.MaxLength, (count >> TableBits) * 7 / 4);
        for (var table = 0; places > FirstPlaces && table < _tables.Length; table++)
        {
            _tables[table].Places ??= new int[places];
        }
    }

    /// <summary>To be called while the slot still holds its id.</summary>
    public void Remove(int slot)
    {
        var hash = Hash(messages[slot].Id);
        ref var table = ref TableOf(hash);
        var places = table.Places!;
        var place = PlaceOf(hash, places.Length);
        while (places[place] != slot + 1)
        {
            place = Next(place, places.Length);
        }

        CloseGap(places, place);
        if (--table.Count < places.Length / 4 && places.Length > FirstPlaces)
        {
            Resize(ref table, Math.Max(FirstPlaces, places.Length / 2));
        }
    }

    // Moves later entries of the run back, so that no probe ends too early.
    private void CloseGap(int[] places, int gap)
    {
        for (var place = Next(gap, places.Length); places[place] is var held && held != 0; place = Next(place, places.Length))
        {
            var home = PlaceOf(Hash(messages[held - 1].Id), places.Length);
            if (Distance(home, place, places.Length) >= Distance(gap, place, places.Length))
            {
                places[gap] = held;
                gap = place;
            }
        }

        places[gap] = 0;
    }

    private void Resize(ref Table table, int size)
    {
        var old = table.Places!;
        table.Places = new int[size];
        foreach (var held in old)
        {
            if (held != 0)
            {
                Put(table.Places, held - 1, Hash(messages[held - 1].Id));
            }
        }
    }

    private static void Put(int[] places, int slot, ulong hash)
    {
        var place = PlaceOf(hash, places.Length);
        while (places[place] != 0)
        {
            place = Next(place, places.Length);
        }

        places[place] = slot + 1;
    }

    private static int Next(int place, int size) => ++place == size ? 0 : place;

    private static int Distance(int from, int to, int size) => to >= from ? to - from : to - from + size;

    // Fibonacci hashing: the upper bits of the product are the well-mixed ones. The topmost choose the table, the next 32 the place.
    private static ulong Hash(ulong id) => id * 0x9E37_79B9_7F4A_7C15;

    private static int PlaceOf(ulong hash, int size) => (int)(((hash << TableBits >> 32) * (ulong)size) >> 32);

    private ref Table TableOf(ulong hash) => ref _tables[hash >> (64 - TableBits)];

    private struct Table
    {
        public int[]? Places;
        public int Count;
    }
}
