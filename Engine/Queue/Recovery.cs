using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Builds the index from the log's frames, in order. What a frame says of a message that is gone is passed over, so replaying is idempotent.</summary>
internal sealed class Recovery(Generations spool, MessageReader reader, QueueIndex index, SegmentLedger ledger, RecentIds recent, CopyFinder copies, BulkMarks marks) : IFrameVisitor
{
    public void Visit(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        try
        {
            Replay(address, header, payload);
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            throw new QueueDamagedException(
                $"{spool.FileOf(address)} at octet {spool.Layout.OffsetOf(address)}: frame {header.Sequence} ({header.Kind}) cannot be read: {fault.Message}", fault);
        }
    }

    private void Replay(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Kind)
        {
            case FrameKind.Message:
                Accept(address, header, payload);
                break;
            case FrameKind.Settle:
                Settle(header.Id, payload);
                break;
            case FrameKind.Cancel:
            case FrameKind.Hold:
            case FrameKind.Release:
                Mark(header, payload);
                break;
            case FrameKind.Defer:
                Defer(address, header.Id, DeferRecord.Read(payload));
                break;
            case FrameKind.Retry:
                Retry(header.Id, payload);
                break;
            case FrameKind.Head:
                Rewrite(address, header, payload);
                break;
            case FrameKind.Mark:
                marks.Replay(address, payload);
                break;
            case FrameKind.Moved:
                Move(header.Id, payload);
                break;
            case FrameKind.Part:
            case FrameKind.Incarnation:
                break;
            default:
                PassOver(header);
                break;
        }
    }

    private static void PassOver(in FrameHeader header)
    {
        if ((header.Flags & FrameHeader.Optional) == 0)
        {
            throw new InvalidDataException("its kind is unknown: a newer engine wrote it");
        }
    }

    private void Accept(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (index.Knows(header.Id))
        {
            return;
        }

        var shape = MessageLayout.Read(payload);
        var first = shape.Parts == 0 ? address : MessageLayout.ReadPart(payload, 0).Address;
        if (first < spool[0].Begin)
        {
            // Segments go only when nothing in them lives: this message had ended.
            return;
        }

        var envelope = reader.DecodeEnvelope(header.Id, address, payload);
        if (envelope.IsNotice)
        {
            recent.Add(header.Id);
        }

        var segment = spool.SegmentOf(first);
        ledger.Pin(segment);
        index.Insert(new MessagePlace(address, FrameHeader.Size + payload.Length, segment, shape.Heads + shape.Content), envelope);
    }

    private void Rewrite(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var records = Records.Begin(payload, out _);
        if (index.Knows(header.Id))
        {
            index.Messages.Heads.Set(header.Id.Value, new HeadPlace(records.U16(), address, FrameHeader.Size + payload.Length));
        }
    }

    // The copy stands in an older generation. What the replay does not meet there any more the snapshot knew already.
    private void Move(MessageId id, ReadOnlySpan<byte> payload)
    {
        var records = Records.Begin(payload, out _);
        var copy = records.U16();
        if (!index.Messages.TryFind(id, out var slot))
        {
            return;
        }

        var old = index.Messages.PlaceOf(slot);
        if (copies.TryFind(id, copy, out var place))
        {
            ledger.Pin(place.FirstSegment);
            index.Messages.Relocate(slot, place);
            ledger.Unpin(old.FirstSegment);
        }
        else if (reader.CopyAt(id, old) < copy)
        {
            throw new InvalidDataException($"copy {copy} of message {id} is nowhere");
        }
    }

    private void Settle(MessageId id, ReadOnlySpan<byte> payload)
    {
        var records = Records.Begin(payload, out _);
        while (Records.TryReadEnd(ref records, out var recipient, out _, out _))
        {
            if (TryFind(id, recipient, out var slot))
            {
                index.End(slot, comesBack: true);
            }
        }
    }

    private void Mark(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var records = Records.Begin(payload, out _);
        if (records.Remaining > 0)
        {
            while (records.Remaining > 0)
            {
                Mark(header.Kind, header.Id, records.U16());
            }

            return;
        }

        index.TryFind(header.Id, out _, out var count);
        for (var recipient = 0; recipient < count; recipient++)
        {
            Mark(header.Kind, header.Id, (ushort)recipient);
        }
    }

    private void Mark(FrameKind kind, MessageId id, ushort recipient)
    {
        if (!TryFind(id, recipient, out var slot))
        {
            return;
        }

        switch (kind)
        {
            case FrameKind.Cancel:
                index.End(slot, comesBack: true);
                break;
            case FrameKind.Hold:
                index.Hold(slot);
                break;
            default:
                index.Unhold(slot);
                break;
        }
    }

    private void Defer(long address, MessageId id, in DeferRecord record)
    {
        // A copy of a message carries its newest state; what an older log says of it comes later in the replay and is passed over.
        if (TryFind(id, record.Index, out var slot) && record.Attempts >= index.Recipients[slot].Attempts)
        {
            index.CountAttempt(slot, record.Attempts, record.Deferral.Category, record.Deferral.IsUncertain);
            index.Reschedule(slot, Seconds.Of(record.Deferral.Due));
            index.SetDetail(slot, id, address);
        }
    }

    private void Retry(MessageId id, ReadOnlySpan<byte> payload)
    {
        var records = Records.Begin(payload, out _);
        var due = records.U32();
        while (records.Remaining > 0)
        {
            if (TryFind(id, records.U16(), out var slot))
            {
                index.Reschedule(slot, due);
            }
        }
    }

    private bool TryFind(MessageId id, int recipient, out int slot)
    {
        slot = -1;
        if (!index.TryFind(id, out var first, out var count) || recipient >= count)
        {
            return false;
        }

        slot = first + recipient;
        return index.IsQueued(slot);
    }
}
