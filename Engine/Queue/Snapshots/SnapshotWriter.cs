using System.Buffers.Binary;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue.Snapshots;

/// <summary>
/// Writes a snapshot while the queue goes on: a piece of messages at a time under the queue's lock, the disk without it. What happens
/// meanwhile stands in the log behind the positions in the header, and replaying it over what was written already changes nothing.
/// </summary>
/// <param name="index">Read under <paramref name="gate"/>.</param>
/// <param name="gate">The queue's lock.</param>
/// <param name="target">Where to.</param>
internal sealed class SnapshotWriter(QueueIndex index, Lock gate, Stream target) : IDisposable
{
    // Well under a millisecond with the lock held.
    private const int Piece = 2_048;

    private readonly OctetWriter _block = new();
    private readonly NumberedNames<DomainName> _domains = new();
    private readonly NumberedNames<Flow> _flows = new();
    private readonly bool[] _categories = new bool[byte.MaxValue + 1];
    private long _messages;
    private long _recipients;

    /// <summary>Octets written.</summary>
    public long Length { get; private set; }

    public void WriteHeader(int number, DateTimeOffset now, IReadOnlyList<LogPosition> positions)
    {
        _block.U32(SnapshotFormat.Magic);
        _block.U8(SnapshotFormat.Version);
        _block.U32(number);
        _block.U32(Seconds.Of(now));
        _block.I64(index.Messages.Count);
        foreach (var position in positions)
        {
            _block.I64(position.From);
            _block.I64((long)position.Sequence);
        }

        Flush();
    }

    /// <summary>Walks the index.</summary>
    public void WriteMessages()
    {
        for (var slot = 0; slot >= 0;)
        {
            lock (gate)
            {
                slot = WritePiece(slot);
            }

            if (_block.Length >= SnapshotFormat.BlockSize)
            {
                Flush();
            }
        }
    }

    public void WriteRecent(IReadOnlyList<MessageId> ids)
    {
        foreach (var id in ids)
        {
            _block.U8(SnapshotFormat.Recent);
            _block.I64((long)id.Value);
        }
    }

    /// <param name="until">Of each log the address up to which the snapshot may tell: a log that ends before it is short.</param>
    public void WriteEnd(IReadOnlyList<long> until)
    {
        _block.U8(SnapshotFormat.End);
        _block.I64(_messages);
        _block.I64(_recipients);
        foreach (var address in until)
        {
            _block.I64(address);
        }

        Flush();
    }

    public void Dispose() => _block.Dispose();

    private void Flush()
    {
        Span<byte> header = stackalloc byte[SnapshotFormat.BlockHeader];
        BinaryPrimitives.WriteInt32LittleEndian(header, _block.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32C.Of(_block.Written.Span));
        target.Write(header);
        target.Write(_block.Written.Span);
        Length += header.Length + _block.Length;
        _block.Clear();
    }

    // The slot to go on with; below zero at the end.
    private int WritePiece(int from)
    {
        var slot = from;
        while (slot < index.Messages.High && slot < from + Piece && _block.Length < SnapshotFormat.BlockSize)
        {
            if (index.Messages.IdAt(slot) is var id && id != default)
            {
                Write(slot, id);
            }

            slot++;
        }

        return slot < index.Messages.High ? slot : -1;
    }

    private void Write(int slot, MessageId id)
    {
        var messages = index.Messages;
        var (first, count) = messages.RunOf(slot);
        var flow = FlowNumber(messages.FlowNumber(slot));
        DefineRecipients(first, count);
        var place = messages.PlaceOf(slot);
        var heads = messages.Heads.Of(id.Value);
        _block.U8(SnapshotFormat.Message);
        _block.I64((long)id.Value);
        _block.I64(place.Address);
        _block.U32(place.FrameLength);
        _block.U16((int)(index.SegmentOf(place.Address) - place.FirstSegment));
        _block.I64(place.Size);
        _block.U32(flow);
        _block.U32(messages.AcceptedSecond(slot));
        _block.U32(messages.GiveUp(slot));
        _block.U16(count);
        _block.U16(heads.Length);
        for (var recipient = first; recipient < first + count; recipient++)
        {
            WriteRecipient(recipient);
        }

        foreach (var head in heads)
        {
            _block.U16(head.Number);
            _block.I64(head.Address);
            _block.U32(head.FrameLength);
        }

        _messages++;
    }

    // An end that an operator asked for while the recipient was in flight stands in the log already.
    private void WriteRecipient(int slot)
    {
        ref var recipient = ref index.Recipients[slot];
        if (recipient.State == RecipientState.None || (recipient.Marks & SlotMarks.EndLater) != 0)
        {
            _block.U8((byte)RecipientState.None);
            return;
        }

        var held = recipient.State == RecipientState.Held || (recipient.Marks & SlotMarks.HoldLater) != 0;
        _block.U8((byte)(held ? RecipientState.Held : RecipientState.Waiting));
        _block.U8((byte)(recipient.Marks & SavedRecipient.Kept));
        _block.U32(_domains.NumberOf(recipient.Domain));
        _block.U32(recipient.Due);
        _block.U8(recipient.Attempts);
        _block.U8(recipient.Category);
        _block.U32(index.Details[slot]);
        _recipients++;
    }

    private void DefineRecipients(int first, int count)
    {
        for (var slot = first; slot < first + count; slot++)
        {
            ref var recipient = ref index.Recipients[slot];
            if (recipient.State == RecipientState.None)
            {
                continue;
            }

            if (_domains.IsNew(recipient.Domain, index.Domains.Of(recipient.Domain)))
            {
                _block.U8(SnapshotFormat.Domain);
                _block.Short(index.Domains.Of(recipient.Domain).Name);
            }

            if (!_categories[recipient.Category])
            {
                _categories[recipient.Category] = true;
                _block.U8(SnapshotFormat.Category);
                _block.U8(recipient.Category);
                _block.Short(index.Categories.Of(recipient.Category).Id ?? string.Empty);
            }
        }
    }

    private int FlowNumber(int number)
    {
        var flow = index.Messages.Flows.Of(number);
        if (_flows.IsNew(number, flow))
        {
            _block.U8(SnapshotFormat.Flow);
            _block.U8((byte)((int)flow.Class | ((int)flow.Engagement << 4)));
            _block.Long(flow.Account);
            _block.Long(flow.Stream);
            _block.Long(flow.Campaign);
            _block.Short(flow.SenderDomain.Name);
            _block.Long(flow.Pool);
        }

        return _flows.NumberOf(number);
    }
}
