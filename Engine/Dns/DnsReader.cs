using System.Buffers.Binary;

namespace Engine.Dns;

/// <summary>Steps over the records of a message. Copies and allocates nothing; after a false it is spent.</summary>
/// <param name="message">The whole message; borrowed.</param>
/// <param name="start">Where the first record starts.</param>
internal ref struct DnsReader(ReadOnlySpan<byte> message, int start)
{
    // TYPE, CLASS, TTL, RDLENGTH
    private const int FixedLength = 10;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at = start;

    /// <summary>The place behind the records read so far.</summary>
    public readonly int Position => _at;

    /// <returns>False when no whole record follows.</returns>
    public bool TryRead(out RecordView record)
    {
        record = default;
        var owner = _at;
        if (!WireName.TrySkip(_message, ref _at) || _message.Length - _at < FixedLength)
        {
            return false;
        }

        var parts = _message.Slice(_at, FixedLength);
        var type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(parts);
        var ttl = BinaryPrimitives.ReadUInt32BigEndian(parts[4..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(parts[8..]);
        _at += FixedLength;
        if (_message.Length - _at < length)
        {
            return false;
        }

        ttl = ttl > int.MaxValue && type is not RecordType.Opt ? 0 : ttl;
        record = new RecordView(owner, type, BinaryPrimitives.ReadUInt16BigEndian(parts[2..]), ttl, _at, length);
        _at += length;
        return true;
    }
}
