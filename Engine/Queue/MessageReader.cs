using System.Buffers;
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
        _budget.TryTake(place.Size, out var share)
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
        var inline = payload[(MessageLayout.Size + (layout.Parts * MessageLayout.PartSize))..];
        var filled = Math.Min(inline.Length, octets.Length);
        inline[..filled].CopyTo(octets);
        using var borrowed = new StoredMessage(null);
        for (var part = 0; filled < octets.Length; part++)
        {
            var piece = part < layout.Parts
                ? ReadPart(borrowed, id, part, PartOf(address, payload, part)).Span
                : throw new InvalidDataException("an envelope without its parts");
            var count = Math.Min(piece.Length, octets.Length - filled);
            piece[..count].CopyTo(octets.AsSpan(filled));
            filled += count;
        }

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

    private async ValueTask<StoredMessage> WaitAndReadAsync(
        MessageId id, MessagePlace place, HeadPlace[] rewritten, SegmentPin pin, CancellationToken stop)
    {
        ReadShare share;
        try
        {
            share = await _budget.TakeAsync(place.Size, stop);
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

    // Parts stand in the log of their message frame.
    private static PartPlace PartOf(long address, ReadOnlySpan<byte> payload, int part)
    {
        var place = MessageLayout.ReadPart(payload, part);
        return place with { Address = SpoolAddress.Of(SpoolAddress.GenerationOf(address), place.Address) };
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
        var inline = payload[(MessageLayout.Size + (layout.Parts * MessageLayout.PartSize))..];
        if (layout.Parts == 0)
        {
            if (inline.Length != layout.Total)
            {
                throw new InvalidDataException("a message without its parts");
            }

            message.Open(id, layout, inline[..layout.Front], new ReadOnlySequence<byte>(inline[layout.Front..]));
            return;
        }

        var chain = new OctetChain(inline);
        for (var part = 0; part < layout.Parts; part++)
        {
            chain.Add(ReadPart(message, id, part, PartOf(address, payload.Span, part)));
        }

        var whole = chain.Sequence;
        if (whole.Length != layout.Total)
        {
            throw new InvalidDataException("a message whose parts do not fit");
        }

        var front = inline;
        if (inline.Length < layout.Front)
        {
            var copy = message.Rent(layout.Front);
            whole.Slice(0, layout.Front).CopyTo(copy.Span);
            front = copy;
        }

        message.Open(id, layout, front[..layout.Front], whole.Slice(layout.Front));
    }

    private ReadOnlyMemory<byte> ReadPart(StoredMessage message, MessageId id, int part, PartPlace place)
    {
        if (place.Length <= 0 || place.Length > spool.Layout.PageSize)
        {
            throw new InvalidDataException("a part of an impossible length");
        }

        var payload = ReadFrame(FrameKind.Part, id, place.Address, message.Rent(FrameHeader.Size + MessageLayout.PartPrefix + place.Length));
        if (new OctetReader(payload.Span).U32() != part)
        {
            throw Damaged(place.Address, "another part stands there");
        }

        return payload[MessageLayout.PartPrefix..];
    }

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
