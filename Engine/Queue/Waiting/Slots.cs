using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Queue.Waiting;

/// <summary>A growing array of structs with places that stay. It grows by chunks: nothing is copied, no reference is lost.</summary>
/// <remarks>Not thread-safe. Runs of slots are given in sizes that are powers of two; a freed run serves the next of its size.</remarks>
internal sealed class Slots<T>
    where T : struct
{
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;
    private const int Sizes = 17;

    private readonly Stack<int>[] _free = [.. Enumerable.Range(0, Sizes).Select(_ => new Stack<int>())];
    private T[][] _chunks = new T[16][];
    private int _chunkCount;

    /// <summary>Every slot in use is below.</summary>
    public int High { get; private set; }

    public ref T this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[slot >> ChunkBits][slot & (ChunkSize - 1)];
    }

    /// <summary>The first of <paramref name="count"/> neighbours, all of the default value.</summary>
    /// <param name="count">From 1 to 65 536.</param>
    public int Take(int count = 1)
    {
        var size = SizeOf(count);
        if (_free[size].TryPop(out var slot))
        {
            return slot;
        }

        slot = High;
        High += 1 << size;
        while (High > _chunkCount << ChunkBits)
        {
            AddChunk();
        }

        return slot;
    }

    /// <summary>Gives back what <see cref="Take"/> gave, with the same count.</summary>
    public void Free(int slot, int count = 1)
    {
        for (var at = slot; at < slot + count; at++)
        {
            this[at] = default;
        }

        _free[SizeOf(count)].Push(slot);
    }

    private static int SizeOf(int count) => BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)count));

    private void AddChunk()
    {
        if (_chunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunks.Length * 2);
        }

        _chunks[_chunkCount++] = new T[ChunkSize];
    }
}
