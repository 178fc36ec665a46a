using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Engine.Configuration;
using Engine.Mail;
using Microsoft.Win32.SafeHandles;

namespace Engine.Suppression.Storing;

/// <summary>Writes a run, record by record in the order of keys. Until <see cref="Finish"/> it is a temporary file, and its disposal leaves nothing.</summary>
internal sealed class RunWriter : IDisposable
{
    private const int BufferPages = 256;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = new byte[BufferPages * RunFormat.PageLength];
    private readonly List<ulong> _index = [];
    private readonly BlockFilter _filter;
    private readonly long _blocks;
    private readonly ulong _key;
    private readonly long _number;
    private long _records;
    private long _tombstones;
    private long _offset = RunFormat.PageLength;
    private int _page;
    private int _inPage;
    private bool _finished;

    /// <param name="directory">Where.</param>
    /// <param name="number">Its number, never used before.</param>
    /// <param name="key">Id of the list's key.</param>
    /// <param name="atMost">Records that may come; the filter is made for so many.</param>
    /// <param name="bits">Bits of filter a key.</param>
    public RunWriter(string directory, long number, ulong key, long atMost, double bits)
    {
        _path = Path.Join(directory, RunFormat.NameOf(number));
        (_key, _number) = (key, number);
        _blocks = BlockFilter.BlocksFor(atMost, bits);
        _filter = new BlockFilter(_blocks);
        _file = File.OpenHandle(_path + ".new", FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
    }

    public long Records => _records;

    public void Add(in StoredRecord record)
    {
        if (_inPage == 0)
        {
            _index.Add(record.High);
        }

        MemoryMarshal.Write(_buffer.AsSpan((_page * RunFormat.PageLength) + (_inPage * StoredRecord.Length)), record);
        _filter.Add(record.Key);
        _records++;
        _tombstones += record.IsTombstone ? 1 : 0;
        if (++_inPage == RunFormat.RecordsPerPage)
        {
            EndPage();
        }
    }

    /// <summary>Ends the run: it has its name, and is on stable storage.</summary>
    public Run Finish()
    {
        if (_inPage > 0)
        {
            EndPage();
        }

        Flush();
        var index = _index.ToArray();
        var octets = MemoryMarshal.AsBytes(index.AsSpan());
        var footer = new RunFormat(RunFormat.Mark, _key, _number, _records, _tombstones, index.Length, _blocks, Crc32C.Of(octets), 0, 0, 0);
        RandomAccess.Write(_file, octets, footer.IndexOffset);
        footer = (footer with { FilterChecksum = WriteFilter(footer.FilterOffset) }).Summed();
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(new ReadOnlySpan<RunFormat>(in footer)), footer.FooterOffset);
        RandomAccess.Write(_file, Header(), 0);
        RandomAccess.FlushToDisk(_file);
        File.Move(_path + ".new", _path, overwrite: true);
        DurableFile.SyncDirectory(Path.GetDirectoryName(_path)!);
        _finished = true;
        return new Run(_path, File.OpenHandle(_path), footer, index, _filter);
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_finished)
        {
            File.Delete(_path + ".new");
        }
    }

    private byte[] Header()
    {
        var header = new byte[RunFormat.PageLength];
        BinaryPrimitives.WriteUInt64LittleEndian(header, RunFormat.Mark);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), _key);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), _number);
        return header;
    }

    private unsafe uint WriteFilter(long at)
    {
        var checksum = 0U;
        for (var offset = 0L; offset < _filter.Octets; offset += BlockFilter.PieceLength)
        {
            _filter.Piece(offset, (start, length) =>
            {
                var piece = new ReadOnlySpan<byte>((void*)start, length);
                checksum = Crc32C.Append(checksum, piece);
                RandomAccess.Write(_file, piece, at + offset);
            });
        }

        return checksum;
    }

    // What the last page does not fill are zeros: a record of all zeros is none, for it has no reason and stands behind the count.
    private void EndPage()
    {
        var page = _buffer.AsSpan(_page * RunFormat.PageLength, RunFormat.PageLength);
        page[(_inPage * StoredRecord.Length)..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(page[RunFormat.ChecksumOffset..], Crc32C.Of(page[..RunFormat.ChecksumOffset]));
        _inPage = 0;
        if (++_page == BufferPages)
        {
            Flush();
        }
    }

    private void Flush()
    {
        RandomAccess.Write(_file, _buffer.AsSpan(0, _page * RunFormat.PageLength), _offset);
        _offset += _page * RunFormat.PageLength;
        _page = 0;
    }
}
