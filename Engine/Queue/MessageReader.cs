using System.Diagnostics.CodeAnalysis;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Reads messages back by address and checks every octet. Reads block: they come from the system's cache, or from the disk.</summary>
internal sealed class MessageReader(Generations spool)
{
    private const int PoolSize = 256;

    // Octets of messages read for sending and not yet disposed of. Beyond it readers wait; one always gets through.
    private const long Memory = 512L << 20;

    private readonly Pool<StoredMessage> _pool = new(PoolSize);
    private readonly ReadBudget _budget = new(Memory);

    /// <summary>Reads a message for sending, as soon as there is room for it. The caller disposes it.</summary>
    /// <exception cref="QueueDamagedException">What stands there is not what was written.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller disposes it.")]
    public ValueTask<StoredMessage> ReadAsync(MessageId id, in MessagePlace place, HeadPlace[] rewritten, SegmentPin pin, CancellationToken stop) =>
        _budget.TryTake(RoomFor(place), out var share)
            ? new ValueTask<StoredMessage>(Read(id, place, rewritten, share, pin))
            : WaitAndReadAsync(id, place, rewritten, pin, stop);

    /// <exception cref="QueueDamagedException">What stands there is not what was written.</exception>
    public StoredMessage Read(MessageId id, long address, int frameLength, ReadOnlySpan<HeadPlace> rewritten)
    {
        var message = _pool.Take() ?? new StoredMessage(_pool);
        try
        {
            var frame = message.Rent(frameLength);
            var payload = ReadFrame(FrameKind.Message, id, address, frame);
            OpenMessage(message, id, address, payload);
            foreach (var place in rewritten)
            {
                var octets = ReadFrame(FrameKind.Head, id, place.Address, message.Rent(place.FrameLength));
                message.Rewrite(place.Number, Records.ReadHead(octets).Head);
            }

            return message;
        }
        catch (InvalidDataException fault)
        {
            message.Dispose();
            throw Damaged(address, fault.Message, fault);
        }
        catch (QueueDamagedException)
        {
            message.Dispose();
            throw;
        }
    }

    /// <summary>The envelope of a message frame met at recovery. A very large one goes on in the parts.</summary>
    /// <exception cref="InvalidDataException">It does not fit.</exception>
    public Envelope DecodeEnvelope(MessageId id, long address, ReadOnlySpan<byte> payload)
    {
        var layout = MessageLayout.Read(payload);
        var octets = new byte[layout.Envelope];
        CopyFront(id, address, layout, payload, octets);
        return new EnvelopeView(octets).Decode(id);
    }

    /// <summary>The defer record that <see cref="Details"/> means; null when it is no longer there.</summary>
    public DeferRecord? ReadDeferral(MessageId id, ushort index, uint detail)
    {
        if (detail == 0)
        {
            return null;
        }

        var newest = (spool[0].Committed / Details.Period * Details.Period) + ((long)detail << 2);
        for (var address = newest; address >= spool[0].Begin; address -= Details.Period)
        {
            if (spool.Holds(address) && TryReadDeferral(id, index, address) is { } record)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>Reads the payload of a frame as it stands there, and tells its copy number.</summary>
    /// <exception cref="QueueDamagedException">It is not there.</exception>
    public ushort ReadPayload(FrameKind kind, MessageId id, long address, Memory<byte> frame, out ReadOnlyMemory<byte> payload)
    {
        payload = ReadFrame(kind, id, address, frame, out var header);
        return header.Copy;
    }

    /// <summary>Copy number of the message frame at a place.</summary>
    /// <exception cref="QueueDamagedException">It is not there.</exception>
    public ushort CopyAt(MessageId id, in MessagePlace place)
    {
        using var message = new StoredMessage(null);
        return ReadPayload(FrameKind.Message, id, place.Address, message.Rent(place.FrameLength), out _);
    }

    /// <summary>Where a part stands among all logs: in that of its message frame.</summary>
    /// <param name="address">Of the message frame.</param>
    /// <param name="payload">Of it.</param>
    /// <param name="part">Its number in the list.</param>
    public static PartPlace PartOf(long address, ReadOnlySpan<byte> payload, int part)
    {
        var place = MessageLayout.ReadPart(payload, part);
        return place with { Address = SpoolAddress.Of(SpoolAddress.GenerationOf(address), place.Address) };
    }

    /// <summary>Octets of a part's frame.</summary>
    /// <exception cref="InvalidDataException">No part is that long.</exception>
    public static int PartFrame(PartPlace place) => place.Length is > 0 and <= LogLayout.MaxInline
        ? FrameHeader.Size + MessageLayout.PartPrefix + place.Length
        : throw new InvalidDataException("a part of an impossible length");

    /// <summary>Reads a part.</summary>
    /// <param name="id">Its message.</param>
    /// <param name="part">Its number in the list.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="frame">Where to; as long as <see cref="PartFrame"/> says.</param>
    /// <returns>The part's own octets, of <paramref name="frame"/>.</returns>
    /// <exception cref="QueueDamagedException">What stands there is not what was written.</exception>
    public ReadOnlyMemory<byte> ReadPart(MessageId id, int part, PartPlace place, Memory<byte> frame)
    {
        var payload = ReadFrame(FrameKind.Part, id, place.Address, frame);
        if (new OctetReader(payload.Span).U32() != part)
        {
            throw Damaged(place.Address, "another part stands there");
        }

        return payload[MessageLayout.PartPrefix..];
    }

    /// <summary>Reads the last octets of a part, without its checksum.</summary>
    /// <exception cref="QueueDamagedException">The file ends before.</exception>
    public void ReadEnd(PartPlace place, Span<byte> target)
    {
        if (spool.Read(place.Address + PartFrame(place) - target.Length, target) < target.Length)
        {
            throw Damaged(place.Address, "the file ends before the frame");
        }
    }

    // What does not fit the frame stands in parts, of which one is in memory at a time.
    private long RoomFor(in MessagePlace place) => place.FrameLength + (place.Size > place.FrameLength ? spool.Layout.Inline : 0);

    private async ValueTask<StoredMessage> WaitAndReadAsync(
        MessageId id, MessagePlace place, HeadPlace[] rewritten, SegmentPin pin, CancellationToken stop)
    {
        ReadShare share;
        try
        {
            share = await _budget.TakeAsync(RoomFor(place), stop);
        }
        catch
        {
            pin.Dispose();
            throw;
        }

        return Read(id, place, rewritten, share, pin);
    }

    private StoredMessage Read(MessageId id, in MessagePlace place, HeadPlace[] rewritten, ReadShare share, SegmentPin pin)
    {
        try
        {
            var message = Read(id, place.Address, place.FrameLength, rewritten);
            if (message.Content.Pieces is not null)
            {
                // A front that is itself in parts was not foreseen.
                share = share.Grow(message.Held + spool.Layout.Inline);
            }

            message.Share = share;
            message.Pin = pin;
            return message;
        }
        catch
        {
            share.Dispose();
            pin.Dispose();
            throw;
        }
    }

    private DeferRecord? TryReadDeferral(MessageId id, ushort index, long address)
    {
        Span<byte> frame = stackalloc byte[FrameHeader.Size + 1_024];
        var read = spool.Read(address, frame);
        if (read < FrameHeader.Size || !IsDeferOf(id, frame[..read], out var length))
        {
            return null;
        }

        var record = DeferRecord.Read(frame.Slice(FrameHeader.Size, length));
        return record.Index == index ? record : null;
    }

    private static bool IsDeferOf(MessageId id, ReadOnlySpan<byte> octets, out int length)
    {
        length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(octets[8..]);
        return length > 0
            && length <= octets.Length - FrameHeader.Size
            && FrameHeader.TryReadWhole(octets[..(FrameHeader.Size + length)], out var header, out _)
            && header.Kind == FrameKind.Defer
            && header.Id == id;
    }

    private void OpenMessage(StoredMessage message, MessageId id, long address, ReadOnlyMemory<byte> payload)
    {
        var layout = MessageLayout.Read(payload.Span);
        var inline = payload[InlineAt(layout)..];
        if (layout.Parts == 0)
        {
            if (inline.Length != layout.Total)
            {
                throw new InvalidDataException("a message without its parts");
            }

            message.Open(id, layout, inline[..layout.Front], inline[layout.Front..], pieces: null);
            return;
        }

        var front = inline[..Math.Min(inline.Length, layout.Front)];
        if (layout.FrontParts > 0)
        {
            var whole = message.Rent(layout.Front);
            CopyFront(id, address, layout, payload.Span, whole.Span);
            front = whole;
        }

        OpenLarge(message, id, address, layout, payload, front);
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The message owns its pieces.")]
    private void OpenLarge(StoredMessage message, MessageId id, long address, in MessageLayout layout, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> front)
    {
        var rest = payload[Math.Min(payload.Length, InlineAt(layout) + layout.Front)..];
        message.Open(id, layout, front, rest, new StoredPieces(this, id, address, payload, layout));
    }

    // Fills the target from the beginning of the front: the message frame, then the last parts.
    private void CopyFront(MessageId id, long address, in MessageLayout layout, ReadOnlySpan<byte> payload, Span<byte> target)
    {
        var inline = payload[InlineAt(layout)..];
        var filled = Math.Min(inline.Length, target.Length);
        inline[..filled].CopyTo(target);
        for (var part = layout.Parts - layout.FrontParts; filled < target.Length; part++)
        {
            if (part == layout.Parts)
            {
                throw new InvalidDataException("a front without its parts");
            }

            var place = PartOf(address, payload, part);
            using var borrowed = new StoredMessage(null);
            var octets = ReadPart(id, part, place, borrowed.Rent(PartFrame(place))).Span;
            var count = Math.Min(octets.Length, target.Length - filled);
            octets[..count].CopyTo(target[filled..]);
            filled += count;
        }
    }

    private static int InlineAt(in MessageLayout layout) => MessageLayout.Size + (layout.Parts * MessageLayout.PartSize);

    private ReadOnlyMemory<byte> ReadFrame(FrameKind kind, MessageId id, long address, Memory<byte> frame) => ReadFrame(kind, id, address, frame, out _);

    private ReadOnlyMemory<byte> ReadFrame(FrameKind kind, MessageId id, long address, Memory<byte> frame, out FrameHeader header)
    {
        var read = spool.Read(address, frame.Span);
        if (read < frame.Length)
        {
            throw Damaged(address, "the file ends before the frame");
        }

        if (!FrameHeader.TryReadWhole(frame.Span, out header, out _) || header.Kind != kind || header.Id != id)
        {
            throw Damaged(address, "the frame there is not the one that was written");
        }

        return frame[FrameHeader.Size..];
    }

    private QueueDamagedException Damaged(long address, string reason, Exception? inner = null) =>
        new($"{spool.FileOf(address)} is damaged at octet {spool.Layout.OffsetOf(address)}: {reason}", inner);
}
