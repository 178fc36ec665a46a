using System.Buffers;
using Engine.Mail;

namespace Engine.Queue.Frames;

/// <summary>A frame to be appended: up to three pieces of memory that stand one behind the other, their checksum already taken.</summary>
internal readonly struct FrameBody
{
    private readonly ReadOnlyMemory<byte> _first;
    private readonly ReadOnlyMemory<byte> _second;
    private readonly ReadOnlySequence<byte> _rest;

    public FrameBody(FrameKind kind, MessageId id, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second = default, ReadOnlySequence<byte> rest = default)
    {
        Kind = kind;
        Id = id;
        _first = first;
        _second = second;
        _rest = rest;
        Length = checked(first.Length + second.Length + (int)rest.Length);
        Crc = Crc32C.Append(Crc32C.Append(Crc32C.Of(first.Span), second.Span), rest);
    }

    public FrameKind Kind { get; }

    public MessageId Id { get; }

    /// <summary>Octets of payload.</summary>
    public int Length { get; }

    public uint Crc { get; }

    /// <summary>Copy number; 0 for what is not a copy.</summary>
    public ushort Copy { get; init; }

    /// <summary>Writes header and payload.</summary>
    /// <param name="target">Exactly header and payload long.</param>
    /// <param name="sequence">Of this frame.</param>
    /// <param name="incarnation">The running one.</param>
    public void WriteTo(Span<byte> target, ulong sequence, uint incarnation)
    {
        var header = new FrameHeader
        {
            Kind = Kind,
            Length = Length,
            PayloadCrc = Crc,
            Sequence = sequence,
            Id = Id,
            Incarnation = incarnation,
            Copy = Copy,
        };
        header.WriteTo(target);
        target = target[FrameHeader.Size..];
        _first.Span.CopyTo(target);
        _second.Span.CopyTo(target[_first.Length..]);
        _rest.CopyTo(target[(_first.Length + _second.Length)..]);
    }
}
