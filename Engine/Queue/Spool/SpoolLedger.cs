using System.Buffers.Binary;
using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue.Spool;

/// <summary>
/// Which messages one shard holds and which of their recipients are queued, from the frames of all its logs. It does not rely on the
/// order in which they come: files may stand in the wrong place. Generations 2 and 1 come before 0.
/// </summary>
/// <param name="memory">The newest index snapshot; null leaves it to the records that are still there.</param>
internal sealed class SpoolLedger(IQueuedMemory? memory)
{
    private const int EveryRecipient = -1;

    private readonly Dictionary<MessageId, LedgerMessage> _messages = [];
    private readonly Dictionary<(MessageId Id, int Recipient), ulong> _earlyEnds = [];
    private readonly Dictionary<MessageId, List<EarlyRecord>> _early = [];
    private readonly List<(MessageId Id, MessageCopy Copy, PartPlace[] Parts, SegmentReport Segment)> _incomplete = [];
    private readonly Dictionary<MessageId, LostMessage> _lost = [];
    private readonly List<LostMessage> _nameless = [];
    private readonly List<KeptOrder> _orders = [];
    private PartShelf _shelf = new();
    private SegmentReport? _segment;
    private int _generation;
    private long _begin;

    /// <summary>Messages with recipients queued.</summary>
    public IEnumerable<LedgerMessage> Living => _messages.Values.Where(message => Enumerable.Range(0, message.Recipients).Any(recipient => IsQueued(message, recipient)));

    /// <summary>Whole messages met, ended or not; copies of one count once.</summary>
    public long Met { get; private set; }

    /// <summary>Parts that no whole message frame names: of a message that was never accepted, or whose frame is lost.</summary>
    public long OrphanParts { get; private set; }

    /// <summary>Frames of kinds this engine does not know; what they ended counts as queued.</summary>
    public long Unknown { get; private set; }

    /// <summary>Orders for many at once, in the order in which they were given. Who is counted as queued does not know of them; who is read does.</summary>
    public IReadOnlyList<KeptOrder> Orders => [.. _orders.OrderBy(static order => order.Sequence)];

    /// <summary>What was there and cannot be read; messages of which another copy is whole, and those that had ended, are left out.</summary>
    public IEnumerable<LostMessage> Lost => _nameless.Concat(_lost.Values.Where(lost => !_messages.ContainsKey(lost.Id) && !HasEnded(lost.Id)));

    public void BeginLog(int generation, long begin) => (_generation, _begin, _shelf) = (generation, begin, new PartShelf());

    public void BeginSegment(SegmentReport segment) => _segment = segment;

    /// <summary>Ends a log: messages whose parts are missing are lost.</summary>
    /// <param name="tell">Told the address of such a message's frame, and what is missing.</param>
    public void EndLog(Action<long, string> tell)
    {
        foreach (var (id, copy, parts, segment) in _incomplete)
        {
            if (_shelf.Claim(id, parts, copy.Number) is { } found)
            {
                Place(id, copy, found, segment);
                continue;
            }

            Lose(new LostMessage(id, [], $"{segment.File}, frame {copy.Sequence}", "parts of it are missing"));
            if (!HasEnded(id) && !_messages.ContainsKey(id))
            {
                tell(copy.Address, $"message {id}: parts of it are missing");
            }
        }

        _incomplete.Clear();
        OrphanParts += _shelf.Count;
    }

    /// <summary>Takes a whole frame. Null, or why its payload makes no sense.</summary>
    public string? Take(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        try
        {
            Apply(address, header, payload);
            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            Lose(header, payload, $"{_segment?.File}, frame {header.Sequence}");
            return fault.Message;
        }
    }

    /// <summary>Notes a damaged frame. What can still be read of an envelope is for the operator's eyes only.</summary>
    /// <param name="header">Null when it is damaged.</param>
    /// <param name="payload">Not to be believed.</param>
    /// <param name="place">File and octet.</param>
    public void Lose(FrameHeader? header, ReadOnlySpan<byte> payload, string place)
    {
        if (header is { Kind: not (FrameKind.Message or FrameKind.Part) })
        {
            return;
        }

        var recipients = header is { Kind: FrameKind.Part } ? [] : BrokenEnvelope.RecipientsOf(payload);
        if (header is { } known)
        {
            Lose(new LostMessage(known.Id, recipients, place, known.Kind is FrameKind.Part ? "a part of it is damaged" : "its frame is damaged"));
        }
        else if (recipients.Count > 0)
        {
            _nameless.Add(new LostMessage(default, recipients, place, "its frame's header is damaged"));
        }
    }

    public bool IsQueued(LedgerMessage message, int recipient) => !message.IsEnded(recipient) && memory?.IsQueued(message.Id, recipient) != false;

    private void Apply(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Kind)
        {
            case FrameKind.Message:
                Accept(address, header, payload);
                break;
            case FrameKind.Part:
                _shelf.Add(header.Id, checked((int)new OctetReader(payload).U32()), address, payload.Length - MessageLayout.PartPrefix, header.Copy);
                break;
            case FrameKind.Settle:
                Settle(header, payload);
                break;
            case FrameKind.Cancel:
            case FrameKind.Hold:
            case FrameKind.Release:
                Mark(header, payload);
                break;
            case FrameKind.Defer:
                Defer(address, header, DeferRecord.Read(payload));
                break;
            case FrameKind.Retry:
                Retry(header, payload);
                break;
            case FrameKind.Head:
                Rewrite(new EarlyRecord(FrameKind.Head, Records.ReadHead(payload.ToArray()).Number, header.Sequence, address, FrameHeader.Size + payload.Length), header.Id);
                break;
            case FrameKind.Mark:
                var (order, at) = BulkOrder.Read(payload);
                _orders.Add(new KeptOrder(header.Sequence, at, order));
                break;
            case FrameKind.Moved:
            case FrameKind.Incarnation:
                break;
            default:
                Unknown++;
                break;
        }
    }

    private void Accept(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var layout = MessageLayout.Read(payload);
        var wanted = new PartPlace[layout.Parts];
        for (var part = 0; part < wanted.Length; part++)
        {
            wanted[part] = MessageLayout.ReadPart(payload, part);
        }

        if (wanted.Length > 0 && wanted[0].Address < _begin)
        {
            // Files go only when nothing in them lives: this message had ended.
            return;
        }

        var copy = new MessageCopy(address, FrameHeader.Size + payload.Length, header.Copy, header.Sequence, RecipientsIn(payload, layout), layout);
        if (wanted.Length == 0)
        {
            Place(header.Id, copy, wanted, _segment!);
        }
        else if (_shelf.Claim(header.Id, wanted, header.Copy) is { } found)
        {
            Place(header.Id, copy, found, _segment!);
        }
        else
        {
            _incomplete.Add((header.Id, copy, wanted, _segment!));
        }
    }

    // Read in place: the envelope may go on in the parts, but its fixed octets never do.
    private static int RecipientsIn(ReadOnlySpan<byte> payload, in MessageLayout layout)
    {
        var inline = payload[(MessageLayout.Size + (layout.Parts * MessageLayout.PartSize))..];
        if (inline.Length < EnvelopeCodec.FixedLength || inline[0] != EnvelopeCodec.Version)
        {
            throw new InvalidDataException("not an envelope of a known version");
        }

        var count = BinaryPrimitives.ReadUInt32LittleEndian(inline[32..]);
        return count is > 0 and <= ushort.MaxValue ? (int)count : throw new InvalidDataException("an envelope without its recipients");
    }

    private void Place(MessageId id, in MessageCopy copy, PartPlace[] parts, SegmentReport segment)
    {
        if (!_messages.TryGetValue(id, out var message))
        {
            message = new LedgerMessage(id);
            Met++;
        }

        message.Place(_generation, copy, parts, segment);
        ApplyEarly(message);
        _messages[id] = message;
        Drop(message);
    }

    // A message of which all have ended is not kept: there are many more of them than of the living.
    private void Drop(LedgerMessage message)
    {
        for (var recipient = 0; recipient < message.Recipients; recipient++)
        {
            if (!message.IsEnded(recipient))
            {
                return;
            }
        }

        _messages.Remove(message.Id);
        _lost.Remove(message.Id);
    }

    private void ApplyEarly(LedgerMessage message)
    {
        for (var recipient = EveryRecipient; _earlyEnds.Count > 0 && recipient < message.Recipients; recipient++)
        {
            if (_earlyEnds.Remove((message.Id, recipient), out var sequence))
            {
                End(message, recipient, sequence);
            }
        }

        if (_early.Remove(message.Id, out var records))
        {
            foreach (var record in records)
            {
                Apply(message, record);
            }
        }
    }

    private void Settle(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var records = Records.Begin(payload, out _);
        while (Records.TryReadEnd(ref records, out var recipient, out _, out _))
        {
            End(header.Id, recipient, header.Sequence);
        }
    }

    private void End(MessageId id, int recipient, ulong sequence)
    {
        if (_messages.TryGetValue(id, out var message))
        {
            End(message, recipient, sequence);
            Drop(message);
        }
        else
        {
            _earlyEnds[(id, recipient)] = sequence;
        }
    }

    private static void End(LedgerMessage message, int recipient, ulong sequence)
    {
        for (var index = Math.Max(recipient, 0); index < message.Recipients && (index == recipient || recipient == EveryRecipient); index++)
        {
            ref var trace = ref message.TraceOf(index);
            trace.Ended = Math.Max(trace.Ended, sequence);
        }
    }

    private void Mark(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var records = Records.Begin(payload, out _);
        var isEvery = records.Remaining == 0;
        while (isEvery || records.Remaining > 0)
        {
            var recipient = isEvery ? EveryRecipient : records.U16();
            isEvery = false;
            if (header.Kind is FrameKind.Cancel)
            {
                End(header.Id, recipient, header.Sequence);
            }
            else
            {
                Rewrite(new EarlyRecord(header.Kind, recipient, header.Sequence, 0, 0), header.Id);
            }
        }
    }

    // Applies it, or keeps it until the message is met.
    private void Rewrite(in EarlyRecord record, MessageId id)
    {
        if (_messages.TryGetValue(id, out var message))
        {
            Apply(message, record);
        }
        else if (_early.TryGetValue(id, out var list))
        {
            list.Add(record);
        }
        else
        {
            _early[id] = [record];
        }
    }

    private static void Apply(LedgerMessage message, in EarlyRecord record)
    {
        if (record.Kind is FrameKind.Head)
        {
            var number = (ushort)record.Recipient;
            if (!message.Heads.TryGetValue(number, out var known) || known.Sequence < record.Sequence)
            {
                message.Heads[number] = (record.Address, record.FrameLength, record.Sequence);
            }

            return;
        }

        for (var index = Math.Max(record.Recipient, 0); index < message.Recipients && (index == record.Recipient || record.Recipient == EveryRecipient); index++)
        {
            ref var trace = ref message.TraceOf(index);
            ref var place = ref record.Kind is FrameKind.Hold ? ref trace.Held : ref trace.Released;
            place = Math.Max(place, record.Sequence);
        }
    }

    private void Defer(long address, in FrameHeader header, in DeferRecord record)
    {
        if (_messages.TryGetValue(header.Id, out var message) && record.Index < message.Recipients && message.TraceOf(record.Index).Deferred < header.Sequence)
        {
            ref var trace = ref message.TraceOf(record.Index);
            (trace.Deferred, trace.DeferAddress, trace.Attempts) = (header.Sequence, address, record.Attempts);
            trace.Due = trace.Rescheduled < header.Sequence ? Seconds.Of(record.Deferral.Due) : trace.Due;
        }
    }

    private void Retry(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var records = Records.Begin(payload, out _);
        var due = records.U32();
        while (records.Remaining > 0)
        {
            var recipient = records.U16();
            if (_messages.TryGetValue(header.Id, out var message) && recipient < message.Recipients && message.TraceOf(recipient).Rescheduled < header.Sequence)
            {
                ref var trace = ref message.TraceOf(recipient);
                trace.Rescheduled = header.Sequence;
                trace.Due = trace.Deferred < header.Sequence ? due : trace.Due;
            }
        }
    }

    private void Lose(LostMessage message)
    {
        if (!_lost.TryGetValue(message.Id, out var known) || known.Recipients.Count < message.Recipients.Count)
        {
            _lost[message.Id] = message;
        }
    }

    // A message whose frame is lost cannot say how many recipients it had: one that ended is a good sign, and no proof.
    private bool HasEnded(MessageId id) =>
        _earlyEnds.ContainsKey((id, EveryRecipient))
        || (_lost.TryGetValue(id, out var lost) && lost.Recipients.Count > 0
            && Enumerable.Range(0, lost.Recipients.Count).All(recipient => _earlyEnds.ContainsKey((id, recipient))));

    /// <summary>A record that came before its message.</summary>
    /// <param name="Kind">Hold, Release or Head.</param>
    /// <param name="Recipient">Or the number of the head.</param>
    /// <param name="Sequence">In generation 0.</param>
    /// <param name="Address">Of a head's frame.</param>
    /// <param name="FrameLength">Of a head's frame.</param>
    private readonly record struct EarlyRecord(FrameKind Kind, int Recipient, ulong Sequence, long Address, int FrameLength);
}
