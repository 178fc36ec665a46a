using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Engine.Observability;

/// <summary>Reads what <see cref="EventIndexWriter"/> wrote. The entries stay on disk and are searched there.</summary>
internal sealed class EventIndex : IDisposable
{
    private const int FooterLength = 40;

    private readonly SafeFileHandle _file;
    private readonly (long Compressed, long Raw)[] _blocks;
    private readonly (long Offset, long Count)[] _runs;

    private EventIndex(SafeFileHandle file, (long, long)[] blocks, (long, long)[] runs) => (_file, _blocks, _runs) = (file, blocks, runs);

    public int BlockCount => _blocks.Length - 1;

    /// <summary>Null when there is no such file or it is not whole: then everything must be read.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The index owns the file; without an index it is closed here.")]
    public static EventIndex? Open(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var file = File.OpenHandle(path);
        Span<byte> footer = stackalloc byte[FooterLength];
        var length = RandomAccess.GetLength(file);
        if (length >= FooterLength && RandomAccess.Read(file, footer, length - FooterLength) == FooterLength
            && BinaryPrimitives.ReadUInt64LittleEndian(footer[32..]) == EventIndexWriter.Magic
            && Pairs(file, footer, length) is { Length: > 0 } blocks
            && Pairs(file, footer[16..], length) is { } runs)
        {
            return new EventIndex(file, blocks, runs);
        }

        file.Dispose();
        return null;
    }

    /// <summary>Where a block stands: in the compressed file from Start, Length octets; in the lines from Raw, RawLength octets.</summary>
    public (long Start, int Length, long Raw, int RawLength) Block(int number)
    {
        var ((start, raw), (end, rawEnd)) = (_blocks[number], _blocks[number + 1]);
        return (start, (int)(end - start), raw, (int)(rawEnd - raw));
    }

    /// <summary>The block in which an octet of the lines stands; <see cref="BlockCount"/> when it is behind all.</summary>
    public int BlockAt(long raw)
    {
        var found = Array.FindLastIndex(_blocks, block => block.Raw <= raw);
        return Math.Max(found, 0);
    }

    /// <summary>Numbers of the blocks that hold a key, ascending. One in 200 000 searches names a block too many.</summary>
    public IReadOnlyCollection<int> Find(ulong hash)
    {
        var first = (hash >> EventIndexWriter.BlockBits) << EventIndexWriter.BlockBits;
        var last = first | ((1UL << EventIndexWriter.BlockBits) - 1);
        var found = new SortedSet<int>();
        foreach (var (offset, count) in _runs)
        {
            for (var at = LowerBound(offset, count, first); at < count && Entry(offset, at) is var entry && entry <= last; at++)
            {
                found.Add((int)(entry & ((1UL << EventIndexWriter.BlockBits) - 1)));
            }
        }

        return found;
    }

    public void Dispose() => _file.Dispose();

    private static (long, long)[]? Pairs(SafeFileHandle file, ReadOnlySpan<byte> place, long length)
    {
        var offset = BinaryPrimitives.ReadInt64LittleEndian(place);
        var count = BinaryPrimitives.ReadInt64LittleEndian(place[8..]);
        if (offset < 0 || count < 0 || count > length / 16 || offset > length - (count * 16))
        {
            return null;
        }

        var octets = new byte[count * 16];
        var pairs = new (long, long)[count];
        if (RandomAccess.Read(file, octets, offset) != octets.Length)
        {
            return null;
        }

        for (var at = 0; at < pairs.Length; at++)
        {
            pairs[at] = (BinaryPrimitives.ReadInt64LittleEndian(octets.AsSpan(at * 16)), BinaryPrimitives.ReadInt64LittleEndian(octets.AsSpan((at * 16) + 8)));
        }

        return pairs;
    }

    private long LowerBound(long offset, long count, ulong wanted)
    {
        var (low, high) = (0L, count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Entry(offset, middle) < wanted ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private ulong Entry(long offset, long number)
    {
        Span<byte> entry = stackalloc byte[8];
        RandomAccess.Read(_file, entry, offset + (number * 8));
        return BinaryPrimitives.ReadUInt64LittleEndian(entry);
    }
}
