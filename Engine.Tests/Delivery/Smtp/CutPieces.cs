using Engine.Queue;

namespace Engine.Tests.Delivery.Smtp;

/// <summary>Content in pieces, one buffer for all of them: a piece kept too long is seen to change.</summary>
internal sealed class CutPieces(params byte[][] pieces) : IContentPieces
{
    private byte[] _buffer = [];

    /// <summary>The piece that cannot be read; -1 for none.</summary>
    public int Damaged { get; init; } = -1;

    /// <summary>How often a piece was read.</summary>
    public int Reads { get; private set; }

    public bool IsReleased { get; private set; }

    public int Count => pieces.Length;

    public long Length => pieces.Sum(static piece => (long)piece.Length);

    public ReadOnlyMemory<byte> Ending => pieces.SelectMany(static piece => piece).TakeLast(2).ToArray();

    public ReadOnlyMemory<byte> Read(int piece)
    {
        Reads++;
        IsReleased = false;
        _buffer.AsSpan().Fill((byte)'?');
        if (piece == Damaged)
        {
            throw new QueueDamagedException("log.7 is damaged at octet 70: the frame there is not the one that was written");
        }

        return _buffer = [.. pieces[piece]];
    }

    public void Release()
    {
        _buffer.AsSpan().Fill((byte)'?');
        IsReleased = true;
    }
}
