using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Suppression.Storing;

/// <summary>
/// What was added since the last run was written: open addressing over records that never change once they are reachable. One writer; readers take no lock. About 32 octets an entry.
/// </summary>
/// <remarks>A change of an entry is a new record and one write of its place, so that no reader sees half of one. The old record stays until the table goes.</remarks>
internal sealed class DeltaTable
{
    private const int ChunkShift = 11;
    private const int ChunkMask = (1 << ChunkShift) - 1;

    private StoredRecord[][] _chunks = new StoredRecord[16][];
    private int[] _places = new int[1 << 10];
    private int _written;

    /// <summary>Records written, those that were replaced included: what memory and the journal hold.</summary>
    public int Written => Volatile.Read(ref _written);

    /// <summary>Keys in it.</summary>
    public int Count { get; private set; }

    /// <summary>How much the list grew by what is in it; negative when it shrank.</summary>
    public long Net { get; private set; }

    /// <summary>Writer only.</summary>
    public void Put(in StoredRecord record)
    {
        var index = _written;
        var chunk = index >> ChunkShift;
        if (chunk == _chunks.Length)
        {
            var more = new StoredRecord[chunk * 2][];
            _chunks.CopyTo(more, 0);
            Volatile.Write(ref _chunks, more);
        }

        (_chunks[chunk] ??= new StoredRecord[ChunkMask + 1])[index & ChunkMask] = record;
        Net += record.IsTombstone ? -1 : record.Replaces ? 0 : 1;
        Place(record.Key, index + 1);
        Volatile.Write(ref _written, index + 1);
    }

    public bool TryGet(StoredKey key, out StoredRecord record)
    {
        var places = Volatile.Read(ref _places);
        for (var at = (int)key.Low & (places.Length - 1); ; at = (at + 1) & (places.Length - 1))
        {
            var place = Volatile.Read(ref places[at]);
            if (place == 0)
            {
                record = default;
                return false;
            }

            record = At(place);
            if (record.Key == key)
            {
                return true;
            }
        }
    }

    /// <summary>Brings the place of a key near, for a look that follows.</summary>
    public unsafe void Prefetch(StoredKey key)
    {
        if (Sse.IsSupported)
        {
            var places = Volatile.Read(ref _places);
            Sse.Prefetch0(Unsafe.AsPointer(ref places[(int)key.Low & (places.Length - 1)]));
        }
    }

    /// <summary>The newest record of every key, in the order of keys. The table must no longer be written to.</summary>
    public StoredRecord[] Sorted()
    {
        var records = new StoredRecord[Count];
        var count = 0;
        foreach (var place in _places)
        {
            if (place != 0)
            {
                records[count++] = At(place).Settled();
            }
        }

        records.AsSpan().Sort(default(ByKey));
        return records;
    }

    private ref readonly StoredRecord At(int place) => ref Volatile.Read(ref _chunks)[(place - 1) >> ChunkShift][(place - 1) & ChunkMask];

    private void Place(StoredKey key, int place)
    {
        var at = Slot(_places, key);
        if (_places[at] == 0 && ++Count > _places.Length / 4 * 3)
        {
            Grow();
            at = Slot(_places, key);
        }

        Volatile.Write(ref _places[at], place);
    }

    private int Slot(int[] places, StoredKey key)
    {
        var at = (int)key.Low & (places.Length - 1);
        while (places[at] != 0 && At(places[at]).Key != key)
        {
            at = (at + 1) & (places.Length - 1);
        }

        return at;
    }

    private void Grow()
    {
        var more = new int[_places.Length * 2];
        foreach (var place in _places)
        {
            if (place != 0)
            {
                more[Slot(more, At(place).Key)] = place;
            }
        }

        Volatile.Write(ref _places, more);
    }
}
