using System.Numerics;

namespace Engine.Queue.Logs;

/// <summary>Sizes of a log, as powers of two. Page and segment size must stay as they are while the log lives.</summary>
/// <param name="PageBits">A page; no frame spans two.</param>
/// <param name="SegmentBits">A file; the unit in which disk is given back.</param>
/// <param name="MemoryBits">Pages kept in memory: what may be appended and not yet be on disk.</param>
internal readonly record struct LogLayout(int PageBits, int SegmentBits, int MemoryBits)
{
    /// <summary>The largest piece of a message in one frame.</summary>
    public const int MaxInline = 1 << 20;

    /// <summary>4 MiB pages, 64 MiB files; a file is small enough to give disk back soon, and large enough to be few.</summary>
    public static LogLayout For(long memory) => new(22, 26, Math.Clamp(BitOperations.Log2((ulong)Math.Max(memory, 1)), 24, 36));

    public int PageSize => 1 << PageBits;

    public long SegmentSize => 1L << SegmentBits;

    public long MemorySize => 1L << MemoryBits;

    /// <summary>Octets of a message that go into one frame.</summary>
    public int Inline => Math.Min(MaxInline, PageSize / 4);

    public int SegmentOf(long address) => (int)(address >> SegmentBits);

    public long StartOf(int segment) => (long)segment << SegmentBits;

    public long OffsetOf(long address) => address & (SegmentSize - 1);
}
