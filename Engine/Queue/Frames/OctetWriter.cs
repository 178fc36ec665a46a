using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Engine.Queue.Frames;

/// <summary>Grows a rented buffer. Not thread-safe; the memory it gives is good until the next write, <see cref="Clear"/> or disposal.</summary>
internal sealed class OctetWriter : IDisposable
{
    private const int Least = 4_096;

    private byte[] _octets = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _octets.AsMemory(0, Length);

    public Span<byte> Take(int count)
    {
        Reserve(count);
        var taken = _octets.AsSpan(Length, count);
        Length += count;
        return taken;
    }

    public void U8(byte value) => Take(1)[0] = value;

    public void U16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), checked((ushort)value));

    public void U32(long value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), checked((uint)value));

    public void I64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>What was written from a place on, to be overwritten.</summary>
    public Span<byte> At(int at) => _octets.AsSpan(at, Length - at);

    /// <summary>Overwrites four octets written before.</summary>
    public void U32At(int at, long value) => BinaryPrimitives.WriteUInt32LittleEndian(_octets.AsSpan(at, 4), checked((uint)value));

    public void Raw(ReadOnlySpan<byte> octets) => octets.CopyTo(Take(octets.Length));

    /// <summary>Two octets of length, then the octets.</summary>
    public void Long(ReadOnlySpan<byte> octets)
    {
        U16(octets.Length);
        Raw(octets);
    }

    /// <summary>Two octets of length, then UTF-8.</summary>
    public void Long(ReadOnlySpan<char> text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        U16(count);
        Encoding.UTF8.GetBytes(text, Take(count));
    }

    /// <summary>One octet of length, then UTF-8.</summary>
    public void Short(ReadOnlySpan<char> text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        U8(checked((byte)count));
        Encoding.UTF8.GetBytes(text, Take(count));
    }

    /// <summary>Empties it; a buffer over 1 MiB goes back to the pool.</summary>
    public void Clear()
    {
        Length = 0;
        if (_octets.Length > 1 << 20)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        Length = 0;
        if (_octets.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_octets);
            _octets = [];
        }
    }

    private void Reserve(int count)
    {
        if (_octets.Length - Length >= count)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Least, checked(Length + Math.Max(count, Length))));
        Written.CopyTo(larger);
        var length = Length;
        Dispose();
        _octets = larger;
        Length = length;
    }
}
