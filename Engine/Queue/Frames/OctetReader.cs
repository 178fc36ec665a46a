using System.Buffers.Binary;
using System.Text;

namespace Engine.Queue.Frames;

/// <summary>Reads what <see cref="OctetWriter"/> wrote. Short input is an <see cref="InvalidDataException"/>, never a read beyond.</summary>
internal ref struct OctetReader(ReadOnlySpan<byte> octets)
{
    private ReadOnlySpan<byte> _rest = octets;

    public readonly int Remaining => _rest.Length;

    public ReadOnlySpan<byte> Raw(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw new InvalidDataException("a record ends too early");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public byte U8() => Raw(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Raw(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Raw(4));

    public long I64() => BinaryPrimitives.ReadInt64LittleEndian(Raw(8));

    public ReadOnlySpan<byte> Long() => Raw(U16());

    public string LongText() => Encoding.UTF8.GetString(Long());

    public string ShortText() => Encoding.UTF8.GetString(Raw(U8()));
}
