using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Engine.Configuration;
using Microsoft.Win32.SafeHandles;

namespace Engine.Suppression.Storing;

/// <summary>A journal that is written: a frame a commit, on stable storage when <see cref="Append"/> returns. For the writer's thread.</summary>
internal sealed class JournalFile : IDisposable
{
    /// <summary>Octets before the first frame: magic, key id, number, zeros.</summary>
    public const int HeaderLength = 32;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private byte[] _buffer = new byte[64 << 10];

    private JournalFile(SafeFileHandle file, string path, long number, long length)
    {
        _file = file;
        _path = path;
        Number = number;
        Length = length;
    }

    /// <summary>Why it takes nothing more until a restart; null while it does.</summary>
    public Exception? Fault { get; private set; }

    public static ReadOnlySpan<byte> Magic => "ENGSUPJ1"u8;

    public long Number { get; }

    /// <summary>Octets that are stable.</summary>
    public long Length { get; private set; }

    public static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"journal-{number:d10}");

    /// <summary>Makes a journal; its name and header are stable when this returns.</summary>
    public static JournalFile Create(string directory, long number, ulong key)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), key);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), number);
        var path = Path.Join(directory, NameOf(number));
        DurableFile.Replace(path, header);
        return Continue(directory, number, HeaderLength);
    }

    /// <summary>Goes on behind the last good frame; what stands there is cut off.</summary>
    public static JournalFile Continue(string directory, long number, long length)
    {
        var path = Path.Join(directory, NameOf(number));
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        if (RandomAccess.GetLength(file) != length)
        {
            RandomAccess.SetLength(file, length);
            RandomAccess.FlushToDisk(file);
        }

        return new JournalFile(file, path, number, length);
    }

    /// <summary>Writes one frame and waits until it is stable.</summary>
    /// <param name="records">At most <see cref="JournalFrame.MaxRecords"/>.</param>
    /// <param name="addresses">Batches of <see cref="AddressBatch"/>; empty for none.</param>
    /// <param name="seal">Seals them.</param>
    /// <exception cref="IOException">Nothing was added. After a failed flush nothing can be added any more: what is on the disk is not known.</exception>
    public void Append(ReadOnlySpan<StoredRecord> records, ReadOnlySpan<byte> addresses, AddressSeal seal)
    {
        if (Fault is not null)
        {
            throw new IOException($"{_path}: a flush failed before, nothing is taken until a restart: {Fault.Message}", Fault);
        }

        var frame = Frame(records, addresses, seal);
        try
        {
            RandomAccess.Write(_file, frame, Length);
        }
        catch (IOException)
        {
            CutBack();
            throw;
        }

        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (IOException fault)
        {
            Fault = fault;
            throw;
        }

        Length += frame.Length;
    }

    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Frame(ReadOnlySpan<StoredRecord> records, ReadOnlySpan<byte> addresses, AddressSeal seal)
    {
        var head = new JournalFrame(JournalFrame.Magic, (uint)records.Length, (uint)(addresses.IsEmpty ? 0 : addresses.Length + AddressSeal.Overhead), 0, Length, Number);
        if (_buffer.Length < head.Length)
        {
            _buffer = new byte[head.Length * 2];
        }

        var frame = _buffer.AsSpan(0, (int)head.Length);
        frame[^8..].Clear();
        var body = frame[JournalFrame.HeadLength..];
        MemoryMarshal.AsBytes(records).CopyTo(body);
        if (!addresses.IsEmpty)
        {
            seal.Seal(addresses, Number, Length, body.Slice(records.Length * StoredRecord.Length, (int)head.Sealed));
        }

        head.Write(frame);
        return frame;
    }

    // The disk was full, most likely. What was half written must go, or a later frame could not be told from damage.
    private void CutBack()
    {
        try
        {
            RandomAccess.SetLength(_file, Length);
        }
        catch (IOException fault)
        {
            Fault = fault;
        }
    }
}
