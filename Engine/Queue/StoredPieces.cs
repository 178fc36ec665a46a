using System.Buffers;
using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue;

/// <summary>The content of a stored message that stands in part frames: one piece is in memory at a time.</summary>
internal sealed class StoredPieces : IContentPieces, IDisposable
{
    private readonly MessageReader _reader;
    private readonly MessageId _id;
    private readonly long _address;
    private readonly ReadOnlyMemory<byte> _payload;
    private readonly byte[] _ending = new byte[2];
    private readonly int _endingLength;
    private byte[] _buffer = [];

    /// <param name="reader">Reads the parts.</param>
    /// <param name="id">The message.</param>
    /// <param name="address">Of its message frame.</param>
    /// <param name="payload">Of the message frame, with the list of parts; borrowed until disposal.</param>
    /// <param name="layout">What it says.</param>
    /// <exception cref="InvalidDataException">The parts are not as long as the content.</exception>
    /// <exception cref="QueueDamagedException">Its end is not there.</exception>
    public StoredPieces(MessageReader reader, MessageId id, long address, ReadOnlyMemory<byte> payload, in MessageLayout layout)
    {
        (_reader, _id, _address, _payload, Count) = (reader, id, address, payload, layout.Parts - layout.FrontParts);
        for (var piece = 0; piece < Count; piece++)
        {
            Length += MessageReader.PartFrame(PlaceOf(piece)) - FrameHeader.Size - MessageLayout.PartPrefix;
        }

        if (Length != layout.Total - Math.Max(layout.Inline, layout.Front))
        {
            throw new InvalidDataException("a message whose parts do not fit");
        }

        _endingLength = CopyEnding();
    }

    public int Count { get; }

    public long Length { get; }

    public ReadOnlyMemory<byte> Ending => _ending.AsMemory(0, _endingLength);

    public ReadOnlyMemory<byte> Read(int piece)
    {
        var place = PlaceOf(piece);
        var length = MessageReader.PartFrame(place);
        if (_buffer.Length < length)
        {
            Release();
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        return _reader.ReadPart(_id, piece, place, _buffer.AsMemory(0, length));
    }

    public void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    public void Dispose() => Release();

    private PartPlace PlaceOf(int piece)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)piece, (uint)Count, nameof(piece));
        return MessageReader.PartOf(_address, _payload.Span, piece);
    }

    // The end may be cut between two parts.
    private int CopyEnding()
    {
        var count = (int)Math.Min(2, Length);
        var missing = count;
        for (var piece = Count - 1; missing > 0; piece--)
        {
            var place = PlaceOf(piece);
            var taken = Math.Min(missing, place.Length);
            _reader.ReadEnd(place, _ending.AsSpan(missing - taken, taken));
            missing -= taken;
        }

        return count;
    }
}
