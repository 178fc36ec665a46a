using System.Buffers;

namespace Engine.Observability;

/// <summary>Grows to the longest line and is used again for the next. One thread at a time.</summary>
internal sealed class LineBuffer : IBufferWriter<byte>
{
    private byte[] _octets = new byte[4_096];
    private int _length;

    /// <summary>What was written since <see cref="Clear"/>; borrowed until the next write.</summary>
    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Add(byte octet)
    {
        GetSpan(1)[0] = octet;
        _length++;
    }

    public void Add(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(GetSpan(octets.Length));
        _length += octets.Length;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _octets.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _octets.AsSpan(_length);
    }

    private void Reserve(int count)
    {
        var needed = _length + Math.Max(count, 1);
        if (needed > _octets.Length)
        {
            Array.Resize(ref _octets, Math.Max(needed, _octets.Length * 2));
        }
    }
}
