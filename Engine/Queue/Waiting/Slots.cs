using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Queue.Waiting;

/// <summary>A growing array of structs with places that stay: nothing is copied, no reference is lost, and chunks without anybody in them go back to the collector.</summary>
/// <remarks>
/// Not thread-safe. Runs of slots are given in sizes that are powers of two; a chunk holds runs of one size, and a run above a chunk
/// has chunks of its own. A free run keeps the number of the next in the first four octets of its first slot.
/// </remarks>
internal sealed class Slots<T>
    where T : struct
{
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;
    private const int Sizes = 17;
    private const int None = -1;

    // Chunks with room by size of run, and numbers of dropped chunks by size of their block.
    private readonly Stack<int>[] _room = NewStacks(ChunkBits + 1);
    private readonly Stack<int>[] _dropped = NewStacks(Sizes - ChunkBits);
    private T[]?[] _items = new T[16][];
    private Chunk[] _chunks = new Chunk[16];
    private int _count;

    /// <summary>Every slot in use is below.</summary>
    public int High => _count << ChunkBits;

    /// <summary>Octets of the chunks there are.</summary>
    public long Octets { get; private set; }

    public ref T this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _items[slot >> ChunkBits]![slot & (ChunkSize - 1)];
    }

    /// <summary>Whether there is memory behind a number: false for what was never taken, and for a chunk that was dropped.</summary>
    public bool Has(int slot) => (uint)slot < (uint)High && _items[slot >> ChunkBits] is not null;

    /// <summary>The first of <paramref name="count"/> neighbours, all of the default value.</summary>
    /// <param name="count">From 1 to 65 536.</param>
    public int Take(int count = 1)
    {
        var size = SizeOf(count);
        if (size > ChunkBits)
        {
            return TakeBlock(size - ChunkBits, ChunkBits) << ChunkBits;
        }

        var number = ChunkWithRoom(size);
        ref var chunk = ref _chunks[number];
        chunk.Used++;
        if (chunk.Free == None)
        {
            return (number << ChunkBits) + (chunk.Fresh++ << size);
        }

        var at = chunk.Free;
        ref var item = ref _items[number]![at];
        chunk.Free = Unsafe.As<T, int>(ref item);
        item = default;
        return (number << ChunkBits) + at;
    }

    /// <summary>Gives back what <see cref="Take"/> gave, with the same count.</summary>
    public void Free(int slot, int count = 1)
    {
        var size = SizeOf(count);
        var number = slot >> ChunkBits;
        if (size > ChunkBits)
        {
            Drop(number, size - ChunkBits);
            return;
        }

        var at = slot & (ChunkSize - 1);
        _items[number].AsSpan(at, count).Clear();
        ref var chunk = ref _chunks[number];
        if (--chunk.Used == 0 && _room[size].Count > (chunk.IsListed ? 1 : 0))
        {
            Drop(number, 0);
            return;
        }

        Unsafe.As<T, int>(ref _items[number]![at]) = chunk.Free;
        chunk.Free = at;
        if (!chunk.IsListed)
        {
            chunk.IsListed = true;
            _room[size].Push(number);
        }
    }

    private static int SizeOf(int count) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)count));

    private static Stack<int>[] NewStacks(int count) => [.. Enumerable.Range(0, count).Select(static _ => new Stack<int>())];

    // A listed chunk may have filled or been dropped since; it leaves the list when it is met.
    private int ChunkWithRoom(int size)
    {
        var room = _room[size];
        while (room.TryPeek(out var listed))
        {
            ref var chunk = ref _chunks[listed];
            var isOurs = _items[listed] is not null && chunk.Size == size;
            if (isOurs && chunk.IsListed && (chunk.Free != None || chunk.Fresh < ChunkSize >> size))
            {
                return listed;
            }

            room.Pop();
            chunk.IsListed &= !isOurs;
        }

        var number = TakeBlock(0, size);
        _chunks[number].IsListed = true;
        room.Push(number);
        return number;
    }

    private int TakeBlock(int blockBits, int size)
    {
        if (!_dropped[blockBits].TryPop(out var first))
        {
            first = _count;
            _count += 1 << blockBits;
            while (_count > _items.Length)
            {
                Array.Resize(ref _items, _items.Length * 2);
                Array.Resize(ref _chunks, _chunks.Length * 2);
            }
        }

        for (var number = first; number < first + (1 << blockBits); number++)
        {
            _items[number] = new T[ChunkSize];
            _chunks[number] = new Chunk { Size = (byte)size, Free = None };
        }

        Octets += ((long)Unsafe.SizeOf<T>() * ChunkSize) << blockBits;
        return first;
    }

    private void Drop(int first, int blockBits)
    {
        _items.AsSpan(first, 1 << blockBits).Clear();
        _chunks.AsSpan(first, 1 << blockBits).Clear();
        _dropped[blockBits].Push(first);
        Octets -= ((long)Unsafe.SizeOf<T>() * ChunkSize) << blockBits;
    }

    // Used: runs taken. Fresh: runs ever taken. Free: place of the first run given back.
    private struct Chunk
    {
        public int Used;
        public int Fresh;
        public int Free;
        public byte Size;
        public bool IsListed;
    }
}
