using System.Collections.Concurrent;

namespace Engine.Submission;

/// <summary>Memory for content, counted against one budget for all sessions. Thread-safe.</summary>
/// <param name="budget">Octets out at once.</param>
internal sealed class BlockPool(long budget)
{
    // 16 MiB: what stays for the next message after a peak.
    private const int MaxKept = 1_024;

    private readonly ConcurrentQueue<Block> _free = new();
    private long _used;

    /// <summary>Octets out.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Whether new content is better not begun: fifteen sixteenths are out, and what is being received needs the rest.</summary>
    public bool IsTight => Used > budget - (budget >> 4);

    /// <summary>Null when the budget is used up.</summary>
    public Block? Rent()
    {
        if (!TryReserve(Block.Size))
        {
            return null;
        }

        return _free.TryDequeue(out var block) ? block : new Block();
    }

    public void Return(Block block)
    {
        block.Clear();
        if (_free.Count < MaxKept)
        {
            _free.Enqueue(block);
        }

        Release(Block.Size);
    }

    /// <summary>Counts memory that is not in blocks.</summary>
    public bool TryReserve(int octets)
    {
        if (Interlocked.Add(ref _used, octets) <= budget)
        {
            return true;
        }

        Release(octets);
        return false;
    }

    public void Release(int octets) => Interlocked.Add(ref _used, -octets);
}
