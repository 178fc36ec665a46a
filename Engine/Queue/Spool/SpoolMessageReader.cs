using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Transfer;

namespace Engine.Queue.Spool;

/// <summary>Reads messages out of the files of one shard. A large content is read part by part. What does not fit is an <see cref="InvalidDataException"/>.</summary>
internal sealed class SpoolMessageReader(SpoolFiles files, int shard, LogLayout layout)
{
    private readonly Dictionary<int, SpoolLogFiles> _logs = files.Logs.Where(log => log.Shard == shard).ToDictionary(static log => log.Generation);

    /// <summary>A message with the recipients that are queued; none may be left when orders for many ended them.</summary>
    /// <param name="ledger">Which of them are.</param>
    /// <param name="message">Where it is.</param>
    public (TransferredMessage Message, IEnumerable<ReadOnlyMemory<byte>> Content) Read(SpoolLedger ledger, LedgerMessage message)
    {
        var payload = ReadFrame(message.Generation, message.Address, message.FrameLength, FrameKind.Message, message.Id);
        var shape = MessageLayout.Read(payload.Span);
        var front = new byte[shape.Front];
        var filled = 0;
        foreach (var piece in PiecesOf(message, payload, shape))
        {
            var count = Math.Min(piece.Length, front.Length - filled);
            piece.Span[..count].CopyTo(front.AsSpan(filled));
            filled += count;
            if (filled == front.Length)
            {
                break;
            }
        }

        var envelope = new EnvelopeView(front.AsMemory(0, shape.Envelope)).Decode(message.Id);
        var table = new HeadTable(front.AsMemory(shape.Envelope, shape.HeadTable));
        var heads = front.AsMemory(shape.Envelope + shape.HeadTable);
        var states = new List<TransferredRecipient>();
        for (var recipient = 0; recipient < envelope.Recipients.Count; recipient++)
        {
            if (ledger.IsQueued(message, recipient))
            {
                states.Add(StateOf(message, recipient));
            }
        }

        (envelope, states) = new OrderReplay(ledger.Orders).Apply(envelope, states, message);
        return (TransferredMessage.Of(envelope, states, number => HeadOf(message, table, heads, number)), ContentOf(message, payload, shape));
    }

    private IEnumerable<ReadOnlyMemory<byte>> ContentOf(LedgerMessage message, ReadOnlyMemory<byte> payload, MessageLayout shape)
    {
        var (skip, left) = ((long)shape.Front, shape.Content);
        foreach (var piece in PiecesOf(message, payload, shape))
        {
            var passed = (int)Math.Min(skip, piece.Length);
            skip -= passed;
            left -= piece.Length - passed;
            if (passed < piece.Length)
            {
                yield return piece[passed..];
            }
        }

        if (left != 0)
        {
            throw new InvalidDataException("a message whose parts do not fit");
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> PiecesOf(LedgerMessage message, ReadOnlyMemory<byte> payload, MessageLayout shape)
    {
        yield return payload[(MessageLayout.Size + (shape.Parts * MessageLayout.PartSize))..];
        foreach (var number in PartsInOrder(shape))
        {
            var part = message.Parts[number];
            var octets = ReadFrame(message.Generation, part.Address, FrameHeader.Size + MessageLayout.PartPrefix + part.Length, FrameKind.Part, message.Id);
            if (new OctetReader(octets.Span).U32() != number)
            {
                throw new InvalidDataException($"another part stands at address {part.Address}");
            }

            yield return octets[MessageLayout.PartPrefix..];
        }
    }

    // The front's own parts are listed last.
    private static IEnumerable<int> PartsInOrder(MessageLayout shape)
    {
        var content = shape.Parts - shape.FrontParts;
        return Enumerable.Range(content, shape.FrontParts).Concat(Enumerable.Range(0, content));
    }

    private MessageHead HeadOf(LedgerMessage message, HeadTable table, ReadOnlyMemory<byte> heads, int number)
    {
        if (message.Heads.TryGetValue((ushort)number, out var rewritten))
        {
            return Records.ReadHead(ReadFrame(0, rewritten.Address, rewritten.FrameLength, FrameKind.Head, message.Id)).Head;
        }

        var (start, length) = table.PlaceOf(number);
        return (long)start + length <= heads.Length ? table.Decode(number, heads.Slice(start, length)) : throw new InvalidDataException("a head that ends too late");
    }

    private TransferredRecipient StateOf(LedgerMessage message, int recipient)
    {
        var trace = message.Look(recipient);
        var last = trace.Deferred == 0 ? null : ReadDeferral(message.Id, trace.DeferAddress);
        return new TransferredRecipient(recipient, trace.Attempts, trace.Due == 0 ? null : Seconds.ToTime(trace.Due), message.IsHeld(recipient), last);
    }

    private DeferRecord? ReadDeferral(MessageId id, long address)
    {
        var header = new byte[FrameHeader.Size];
        ReadAt(0, address, header);
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        return length is > 0 and < 4_096 ? DeferRecord.Read(ReadFrame(0, address, FrameHeader.Size + length, FrameKind.Defer, id).Span) : null;
    }

    private ReadOnlyMemory<byte> ReadFrame(int generation, long address, int length, FrameKind kind, MessageId id)
    {
        var frame = new byte[length];
        ReadAt(generation, address, frame);
        return FrameHeader.TryReadWhole(frame, out var header, out _) && header.Kind == kind && header.Id == id
            ? frame.AsMemory(FrameHeader.Size)
            : throw new InvalidDataException($"the frame at address {address} of generation {generation} is not the one that was met");
    }

    private void ReadAt(int generation, long address, Span<byte> target) =>
        _logs[generation].Read(layout.SegmentOf(address), layout.OffsetOf(address) + LogScan.EntryHeader, target, static (_, _, _) => { });
}
