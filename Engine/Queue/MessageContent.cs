using System.Buffers;

namespace Engine.Queue;

/// <summary>A body: its beginning in memory, and pieces that are read when their turn comes. A small one has no pieces.</summary>
/// <param name="first">All of it, or what comes before the pieces.</param>
/// <param name="pieces">What follows; null for nothing.</param>
internal readonly struct MessageContent(ReadOnlySequence<byte> first, IContentPieces? pieces = null)
{
    private readonly ReadOnlySequence<byte> _first = first;

    /// <summary>What is in memory; all of it when there are no <see cref="Pieces"/>.</summary>
    public ReadOnlySequence<byte> First => _first;

    /// <summary>Null when all of it is in <see cref="First"/>.</summary>
    public IContentPieces? Pieces { get; } = pieces;

    /// <summary>Octets.</summary>
    public long Length => _first.Length + (Pieces?.Length ?? 0);

    public static implicit operator MessageContent(ReadOnlySequence<byte> whole) => new(whole);

    /// <summary>Copies the last octets; as many as there are, at most two.</summary>
    public int CopyEnding(Span<byte> target)
    {
        var last = Pieces is null ? default : Pieces.Ending.Span;
        var before = (int)Math.Min(2 - last.Length, _first.Length);
        _first.Slice(_first.Length - before).CopyTo(target);
        last.CopyTo(target[before..]);
        return before + last.Length;
    }

    /// <summary>All of it in one array: for small content.</summary>
    /// <exception cref="QueueDamagedException">See <see cref="IContentPieces.Read"/>.</exception>
    public byte[] ToArray()
    {
        var octets = new byte[Length];
        _first.CopyTo(octets);
        var at = (int)_first.Length;
        for (var piece = 0; piece < (Pieces?.Count ?? 0); piece++)
        {
            var read = Pieces!.Read(piece);
            read.CopyTo(octets.AsMemory(at));
            at += read.Length;
        }

        Pieces?.Release();
        return octets;
    }
}
