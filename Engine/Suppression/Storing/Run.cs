using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Engine.Mail;
using Microsoft.Win32.SafeHandles;

namespace Engine.Suppression.Storing;

/// <summary>
/// A run that is read: index and filter in memory, records on disk, one page read for each key that the filter does not rule out. Immutable; thread-safe. Nobody disposes of it: the file's handle and the
/// filter go when the last reader has let go of the set of runs that holds it.
/// </summary>
internal sealed class Run
{
    private readonly SafeFileHandle _file;
    private readonly RunFormat _format;
    private readonly ulong[] _index;
    private readonly BlockFilter _filter;

    public Run(string path, SafeFileHandle file, in RunFormat format, ulong[] index, BlockFilter filter)
    {
        FilePath = path;
        _file = file;
        _format = format;
        _index = index;
        _filter = filter;
    }

    public string FilePath { get; }

    public long Number => _format.Number;

    public long Records => _format.Records;

    public long Tombstones => _format.Tombstones;

    /// <summary>Octets of memory: filter and index.</summary>
    public long Memory => _filter.Octets + (_index.Length * sizeof(ulong));

    /// <summary>Octets of the file.</summary>
    public long FileLength => _format.FooterOffset + RunFormat.FooterLength;

    /// <summary>Opens a run and reads what stays in memory.</summary>
    /// <exception cref="SuppressionDamagedException">It is missing, damaged, or another key's.</exception>
    public static Run Open(string directory, long number, ulong key)
    {
        var path = Path.Join(directory, RunFormat.NameOf(number));
        if (!File.Exists(path))
        {
            throw new SuppressionDamagedException(path, "is missing");
        }

        var file = File.OpenHandle(path);
        try
        {
            var format = Footer(path, file, number, key);
            var index = new ulong[format.Pages];
            var octets = MemoryMarshal.AsBytes(index.AsSpan());
            Fill(path, file, octets, format.IndexOffset);
            if (Crc32C.Of(octets) != format.IndexChecksum)
            {
                throw new SuppressionDamagedException(path, $"its index at offset {format.IndexOffset} is damaged");
            }

            return new Run(path, file, format, index, Filter(path, file, format));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Prefetch(StoredKey key) => _filter.Prefetch(key);

    /// <summary>False when the key is not in it for certain.</summary>
    public bool MayHold(StoredKey key) => _filter.MayHold(key);

    /// <summary>Reads the page that would hold the key; the caller's thread waits for the disk.</summary>
    public bool TryRead(StoredKey key, out StoredRecord record)
    {
        var page = ArrayPool<byte>.Shared.Rent(RunFormat.PageLength);
        try
        {
            var number = PageOf(key);
            while (number >= 0)
            {
                Fill(FilePath, _file, page.AsSpan(0, RunFormat.PageLength), OffsetOf(number));
                if (Search(page, number, key, out record))
                {
                    return true;
                }

                number = Before(number, key);
            }

            record = default;
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(page);
        }
    }

    /// <summary>The same without a thread that waits; null when it is not there.</summary>
    public async ValueTask<StoredRecord?> ReadAsync(StoredKey key, CancellationToken stop)
    {
        var page = ArrayPool<byte>.Shared.Rent(RunFormat.PageLength);
        try
        {
            var number = PageOf(key);
            while (number >= 0)
            {
                var length = await RandomAccess.ReadAsync(_file, page.AsMemory(0, RunFormat.PageLength), OffsetOf(number), stop).ConfigureAwait(false);
                if (length < RunFormat.PageLength)
                {
                    throw new SuppressionDamagedException(FilePath, $"ends within the page at offset {OffsetOf(number)}");
                }

                if (Search(page, number, key, out var record))
                {
                    return record;
                }

                number = Before(number, key);
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(page);
        }
    }

    /// <summary>All records, in order of keys.</summary>
    public RunCursor Read() => new(this);

    /// <summary>Fills a buffer with whole pages, checked; for those who read all.</summary>
    /// <param name="first">The first page.</param>
    /// <param name="buffer">A multiple of the page length.</param>
    /// <returns>Pages read.</returns>
    public int ReadPages(long first, Span<byte> buffer)
    {
        var pages = (int)Math.Min(buffer.Length / RunFormat.PageLength, _format.Pages - first);
        Fill(FilePath, _file, buffer[..(pages * RunFormat.PageLength)], OffsetOf(first));
        for (var page = 0; page < pages; page++)
        {
            Check(buffer.Slice(page * RunFormat.PageLength, RunFormat.PageLength), first + page);
        }

        return pages;
    }

    /// <summary>Records on a page: 170 on all but the last.</summary>
    public int RecordsOn(long page) => (int)Math.Min(RunFormat.RecordsPerPage, _format.Records - (page * RunFormat.RecordsPerPage));

    private static long OffsetOf(long page) => RunFormat.PageLength * (1 + page);

    private static RunFormat Footer(string path, SafeFileHandle file, long number, ulong key)
    {
        var length = RandomAccess.GetLength(file);
        var format = default(RunFormat);
        if (length >= RunFormat.PageLength + RunFormat.FooterLength)
        {
            Fill(path, file, MemoryMarshal.AsBytes(new Span<RunFormat>(ref format)), length - RunFormat.FooterLength);
        }

        if (format.Magic != RunFormat.Mark || format.Summed() != format || format.Number != number || format.FooterOffset + RunFormat.FooterLength != length)
        {
            throw new SuppressionDamagedException(path, $"its footer at offset {Math.Max(0, length - RunFormat.FooterLength)} is damaged");
        }

        return format.Key == key ? format : throw new SuppressionDamagedException(path, $"was written with the key {format.Key:x16}, and this one is {key:x16}");
    }

    private static unsafe BlockFilter Filter(string path, SafeFileHandle file, RunFormat format)
    {
        var filter = new BlockFilter(format.Blocks);
        var checksum = 0U;
        for (var offset = 0L; offset < filter.Octets; offset += BlockFilter.PieceLength)
        {
            filter.Piece(offset, (start, length) =>
            {
                var piece = new Span<byte>((void*)start, length);
                Fill(path, file, piece, format.FilterOffset + offset);
                checksum = Crc32C.Append(checksum, piece);
            });
        }

        return checksum == format.FilterChecksum ? filter : throw new SuppressionDamagedException(path, $"its filter at offset {format.FilterOffset} is damaged");
    }

    private static void Fill(string path, SafeFileHandle file, Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            var length = RandomAccess.Read(file, target, offset);
            if (length == 0)
            {
                throw new SuppressionDamagedException(path, $"ends at offset {offset}");
            }

            target = target[length..];
            offset += length;
        }
    }

    // The last page that begins at or before the key; -1 when the first begins behind it.
    private long PageOf(StoredKey key)
    {
        var (low, high) = (0, _index.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _index[middle] <= key.High ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    // The index holds half a key: a page that begins with the same half may not be the first.
    private long Before(long page, StoredKey key) => _index[page] == key.High ? page - 1 : -1;

    private bool Search(ReadOnlySpan<byte> page, long number, StoredKey key, out StoredRecord record)
    {
        Check(page[..RunFormat.PageLength], number);
        var records = MemoryMarshal.Cast<byte, StoredRecord>(page[..(RecordsOn(number) * StoredRecord.Length)]);
        var place = records.BinarySearch(new StoredRecord(key.High, key.Low, 0, 0, 0, 0), default(ByKey));
        record = place < 0 ? default : records[place];
        return place >= 0;
    }

    private void Check(ReadOnlySpan<byte> page, long number)
    {
        if (Crc32C.Of(page[..RunFormat.ChecksumOffset]) != BinaryPrimitives.ReadUInt32LittleEndian(page[RunFormat.ChecksumOffset..]))
        {
            throw new SuppressionDamagedException(FilePath, $"the page at offset {OffsetOf(number)} is damaged");
        }
    }
}
