using System.Runtime.InteropServices;

namespace Engine.Observability;

/// <summary>Writes the index of one compressed file: for the hash of each message, recipient and Message-ID, the blocks it stands in.</summary>
/// <remarks>
/// Layout, little-endian: runs of sorted 64-bit entries (40 bits of hash, 24 of block number); for each block, and for the end of
/// all, its offset in the compressed file and in the lines; for each run its offset and count; footer. A run is sorted in memory and
/// holds at most <see cref="MaxRun"/> entries (32 MiB), so an hour of any size can be indexed.
/// </remarks>
internal sealed class EventIndexWriter : IDisposable
{
    public const ulong Magic = 0x3130_5844_4956_4531;

    /// <summary>Bits of an entry that name the block.</summary>
    public const int BlockBits = 24;

    public const int MaxRun = 4 << 20;

    private readonly int _maxRun;

    private readonly BinaryWriter _target;
    private readonly List<ulong> _entries = [];
    private readonly List<(long Compressed, long Raw)> _blocks = [(0, 0)];
    private readonly List<(long Offset, long Count)> _runs = [];

    /// <param name="target">Owned; written from its start.</param>
    /// <param name="maxRun">Entries sorted at once.</param>
    public EventIndexWriter(Stream target, int maxRun = MaxRun)
    {
        _target = new BinaryWriter(target);
        _maxRun = maxRun;
    }

    /// <summary>A key that stands in the block which comes to its end next.</summary>
    public void Add(ulong hash)
    {
        _entries.Add(((hash >> BlockBits) << BlockBits) | (uint)(_blocks.Count - 1));
        if (_entries.Count >= _maxRun)
        {
            EndRun();
        }
    }

    /// <summary>The block ends here: octets so far in the compressed file, and in the lines.</summary>
    public void EndBlock(long compressed, long raw)
    {
        if (_blocks.Count >= 1 << BlockBits)
        {
            throw new InvalidOperationException("More blocks than an index can name.");
        }

        _blocks.Add((compressed, raw));
    }

    public void Finish()
    {
        EndRun();
        var blocks = _target.BaseStream.Position;
        Write(_blocks);
        var runs = _target.BaseStream.Position;
        Write(_runs);
        _target.Write(blocks);
        _target.Write((long)_blocks.Count);
        _target.Write(runs);
        _target.Write((long)_runs.Count);
        _target.Write(Magic);
        _target.Flush();
    }

    public void Dispose() => _target.Dispose();

    private void Write(List<(long First, long Second)> pairs)
    {
        foreach (var (first, second) in pairs)
        {
            _target.Write(first);
            _target.Write(second);
        }
    }

    private void EndRun()
    {
        var entries = CollectionsMarshal.AsSpan(_entries);
        entries.Sort();
        var (start, last, count) = (_target.BaseStream.Position, ulong.MaxValue, 0L);
        foreach (var entry in entries)
        {
            if (entry != last || count == 0)
            {
                _target.Write(entry);
                (last, count) = (entry, count + 1);
            }
        }

        if (count > 0)
        {
            _runs.Add((start, count));
        }

        _entries.Clear();
    }
}
