using System.Buffers.Binary;
using Engine.Configuration;
using Engine.Mail;
using Microsoft.Win32.SafeHandles;

namespace Engine.Suppression.Storing;

/// <summary>
/// Writes the addresses of a run's entries, in the order of keys, sealed in batches of up to 64 KiB: length, batch; at the end a length of zero and the number of addresses. Beside the run as <c>run-N.addresses</c>.
/// </summary>
internal sealed class AddressWriter : IDisposable
{
    private const int MaxBatch = 64 << 10;

    private readonly string _path;
    private readonly long _number;
    private readonly AddressSeal _seal;
    private readonly SafeFileHandle _file;
    private readonly byte[] _plain = new byte[MaxBatch];
    private readonly byte[] _batch = new byte[sizeof(int) + MaxBatch + AddressSeal.Overhead];
    private int _length;
    private long _offset = AddressFile.HeaderLength;
    private bool _finished;

    public AddressWriter(string directory, long number, ulong key, AddressSeal seal)
    {
        _path = Path.Join(directory, AddressFile.NameOf(number));
        _number = number;
        _seal = seal;
        _file = File.OpenHandle(_path + ".new", FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        RandomAccess.Write(_file, AddressFile.Header(number, key), 0);
    }

    /// <summary>Addresses written.</summary>
    public long Count { get; private set; }

    public void Add(StoredKey key, ReadOnlySpan<byte> address)
    {
        if (_length + AddressBatch.HeadLength + address.Length > MaxBatch)
        {
            Flush();
        }

        _length += AddressBatch.Write(key, address, _plain.AsSpan(_length));
        Count++;
    }

    /// <summary>Gives the file its name; it is on stable storage. Replaces one of this number.</summary>
    public void Finish()
    {
        if (_length > 0)
        {
            Flush();
        }

        Span<byte> end = stackalloc byte[AddressFile.EndLength];
        end.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(end[sizeof(int)..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[^4..], Crc32C.Of(end[..^4]));
        RandomAccess.Write(_file, end, _offset);
        RandomAccess.FlushToDisk(_file);
        File.Move(_path + ".new", _path, overwrite: true);
        DurableFile.SyncDirectory(Path.GetDirectoryName(_path)!);
        _finished = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_finished)
        {
            File.Delete(_path + ".new");
        }
    }

    private void Flush()
    {
        var length = _length + AddressSeal.Overhead;
        BinaryPrimitives.WriteInt32LittleEndian(_batch, length);
        _seal.Seal(_plain.AsSpan(0, _length), _number, _offset, _batch.AsSpan(sizeof(int), length));
        RandomAccess.Write(_file, _batch.AsSpan(0, sizeof(int) + length), _offset);
        _offset += sizeof(int) + length;
        _length = 0;
    }
}
