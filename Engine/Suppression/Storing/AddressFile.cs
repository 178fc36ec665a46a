using System.Buffers.Binary;
using System.Security.Cryptography;
using Engine.Mail;
using Microsoft.Win32.SafeHandles;

namespace Engine.Suppression.Storing;

/// <summary>Reads the addresses beside a run from the first to the last, in the order of keys. For one thread.</summary>
internal sealed class AddressFile : IDisposable
{
    public const int HeaderLength = 32;

    /// <summary>Octets of the end: zero, the count, a checksum.</summary>
    public const int EndLength = 16;

    private readonly string _path;
    private readonly long _number;
    private readonly AddressSeal _seal;
    private readonly SafeFileHandle _file;
    private long _offset = HeaderLength;
    private long _read;
    private ReadOnlyMemory<byte> _batch;
    private ReadOnlyMemory<byte> _address;

    private AddressFile(string path, long number, AddressSeal seal)
    {
        _path = path;
        _number = number;
        _seal = seal;
        _file = File.OpenHandle(path);
    }

    /// <summary>The key at the cursor.</summary>
    public StoredKey Key { get; private set; }

    /// <summary>Its address; good until the cursor moves.</summary>
    public ReadOnlySpan<byte> Address => _address.Span;

    private static ReadOnlySpan<byte> Magic => "ENGSUPA1"u8;

    public static string NameOf(long number) => RunFormat.NameOf(number) + ".addresses";

    public static byte[] Header(long number, ulong key)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), key);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), number);
        return header;
    }

    /// <summary>Opens the addresses of a run; null when it has none.</summary>
    /// <exception cref="SuppressionDamagedException">Its header is wrong.</exception>
    public static AddressFile? Open(string directory, long number, ulong key, AddressSeal seal)
    {
        var path = Path.Join(directory, NameOf(number));
        if (!File.Exists(path))
        {
            return null;
        }

        var file = new AddressFile(path, number, seal);
        var header = new byte[HeaderLength];
        if (RandomAccess.Read(file._file, header, 0) == HeaderLength && header.AsSpan().SequenceEqual(Header(number, key)))
        {
            return file;
        }

        file.Dispose();
        throw new SuppressionDamagedException(path, "its header is damaged");
    }

    public bool MoveNext()
    {
        if (_batch.IsEmpty && !NextBatch())
        {
            return false;
        }

        Key = AddressBatch.Read(ref _batch, out _address);
        _read++;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private bool NextBatch()
    {
        Span<byte> end = stackalloc byte[EndLength];
        var there = RandomAccess.Read(_file, end, _offset);
        var length = there < EndLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(end);
        if (length == 0 && BinaryPrimitives.ReadInt64LittleEndian(end[sizeof(int)..]) == _read && Crc32C.Of(end[..^4]) == BinaryPrimitives.ReadUInt32LittleEndian(end[^4..]))
        {
            return false;
        }

        if (length <= AddressSeal.Overhead || length > RandomAccess.GetLength(_file) - _offset)
        {
            throw new SuppressionDamagedException(_path, $"is damaged at offset {_offset}");
        }

        var sealedOctets = new byte[length];
        RandomAccess.Read(_file, sealedOctets, _offset + sizeof(int));
        _batch = Opened(sealedOctets);
        _offset += sizeof(int) + length;
        return true;
    }

    private byte[] Opened(byte[] sealedOctets)
    {
        try
        {
            return _seal.Open(sealedOctets, _number, _offset);
        }
        catch (CryptographicException fault)
        {
            throw new SuppressionDamagedException(_path, $"is damaged at offset {_offset}: {fault.Message}", fault);
        }
    }
}
