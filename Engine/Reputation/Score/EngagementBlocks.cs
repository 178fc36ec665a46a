using System.Buffers.Binary;
using System.Numerics;

namespace Engine.Reputation.Score;

/// <summary>Writes records of one length in blocks: length and CRC-32C, big-endian, then the records. The stream stays open.</summary>
internal sealed class EngagementBlocks(Stream stream, int records, int recordLength) : IDisposable
{
    private const int Head = 8;

    private readonly byte[] _block = new byte[Head + (records * recordLength)];
    private int _used = Head;

    /// <summary>The place of the next record, to be filled before the next call.</summary>
    public Span<byte> Next()
    {
        if (_used == _block.Length)
        {
            Write();
        }

        _used += recordLength;
        return _block.AsSpan(_used - recordLength, recordLength);
    }

    public void Dispose() => Write();

    public static uint Check(ReadOnlySpan<byte> octets)
    {
        var check = uint.MaxValue;
        foreach (var octet in octets)
        {
            check = BitOperations.Crc32C(check, octet);
        }

        return ~check;
    }

    private void Write()
    {
        if (_used == Head)
        {
            return;
        }

        BinaryPrimitives.WriteInt32BigEndian(_block, _used - Head);
        BinaryPrimitives.WriteUInt32BigEndian(_block.AsSpan(4), Check(_block.AsSpan(Head, _used - Head)));
        stream.Write(_block, 0, _used);
        _used = Head;
    }
}
