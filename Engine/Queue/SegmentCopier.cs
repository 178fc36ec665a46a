using System.Buffers.Binary;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Snapshots;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>
/// Copies what lives in the head segment of a log to the next generation, so that the segment can go. A copy is committed before the
/// index and generation 0 hear of it, and the old segment is let go when generation 0 has committed that. One thread.
/// </summary>
internal sealed class SegmentCopier(
    Generations spool, QueueIndex index, Lock gate, SegmentLedger ledger, MessageReader reader, Journal journal, SnapshotShelf shelf, TimeProvider clock, ILogger logger)
{
    // Copies are committed and become true by the piece.
    private const int Piece = 512;

    private readonly LogPosition[] _taken = new LogPosition[Generations.Count];
    private readonly List<Copy> _copies = new(Piece);
    private readonly List<long> _released = [];

    /// <summary>Of generations above 0: the index knows of every copy before it. Under the lock; set once at the start.</summary>
    public LogPosition[] Taken => _taken;

    /// <summary>Copies a segment.</summary>
    /// <param name="generation">Whose.</param>
    /// <param name="segment">Committed, and kept by the caller.</param>
    /// <returns>Messages copied; what cannot be read stays.</returns>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public int CopySegment(int generation, int segment)
    {
        var target = Math.Min(generation + 1, Generations.Count - 1);
        var key = SpoolAddress.Of(generation, spool.Layout.StartOf(segment)) >> spool.Layout.SegmentBits;
        var moved = 0;

        // What a pass that failed has left: its copies may be cut off, its moves are stable now or never.
        _copies.Clear();
        Release();
        foreach (var id in LivingIn(generation, segment, key))
        {
            if (TryCopy(id, key, target) is { } copy)
            {
                _copies.Add(copy);
            }

            if (_copies.Count == Piece)
            {
                moved += Switch(target);
            }
        }

        return moved + Switch(target);
    }

    // A damaged segment cannot be walked; the index knows who lives there all the same.
    private List<MessageId> LivingIn(int generation, int segment, long key)
    {
        var living = new LivingVisitor(this, key);
        try
        {
            spool[generation].Walk(segment, living);
            return living.Ids;
        }
        catch (QueueDamagedException fault)
        {
            QueueLog.SegmentDamaged(logger, fault);
        }

        var ids = new List<MessageId>();
        for (var from = 0; from >= 0;)
        {
            lock (gate)
            {
                from = Collect(from, key, ids);
            }
        }

        return ids;
    }

    private int Collect(int from, long key, List<MessageId> ids)
    {
        var messages = index.Messages;
        var end = Math.Min(from + Piece, messages.High);
        for (var slot = from; slot < end; slot++)
        {
            if (messages.IdAt(slot) is var id && id != default && IsIn(key, messages.PlaceOf(slot), messages.Heads.Of(id.Value)))
            {
                ids.Add(id);
            }
        }

        return end < messages.High ? end : -1;
    }

    // One that cannot be read keeps its segment; the others go.
    private Copy? TryCopy(MessageId id, long segment, int target)
    {
        try
        {
            return CopyMessage(id, segment, target);
        }
        catch (QueueDamagedException fault)
        {
            QueueLog.SegmentDamaged(logger, fault);
            return null;
        }
    }

    private bool IsLivingIn(MessageId id, long segment)
    {
        lock (gate)
        {
            return index.TryFind(id, out var place) && IsIn(segment, place, index.Messages.Heads.Of(id.Value));
        }
    }

    // A replay meets the frame itself, and must find the parts before it: it may be moved when the snapshots know it.
    private bool IsReplayed(in MessagePlace place) =>
        SpoolAddress.LocalOf(place.Address) >= shelf.Floor(SpoolAddress.GenerationOf(place.Address));

    // A head written anew lies in generation 0, wherever its message is.
    private bool IsIn(long segment, in MessagePlace place, HeadPlace[] heads) =>
        place.FirstSegment == segment || Array.Exists(heads, head => index.Messages.Heads.SegmentOf(head) == segment);

    private Copy? CopyMessage(MessageId id, long segment, int target)
    {
        MessagePlace place;
        HeadPlace[] heads;
        lock (gate)
        {
            heads = index.Messages.Heads.Of(id.Value);
            if (!index.TryFind(id, out place) || !IsIn(segment, place, heads) || IsReplayed(place))
            {
                return null;
            }
        }

        using var message = reader.Read(id, place.Address, place.FrameLength, heads);
        using var payload = new OctetWriter();
        using var raw = new StoredMessage(null);
        var number = reader.ReadPayload(FrameKind.Message, id, place.Address, raw.Rent(place.FrameLength), out var old);
        var shape = MessageLayout.Read(old.Span);
        if (heads.Length > 0 && shape.Front > shape.Inline)
        {
            // Its heads reach into the parts; it stays where it is until it ends.
            return null;
        }

        var first = long.MaxValue;
        var written = WriteShape(message, heads.Length > 0, shape, old, payload);
        for (var part = 0; part < shape.Parts; part++)
        {
            var address = CopyPart(id, place.Address, old.Span, part, target);
            BinaryPrimitives.WriteInt64LittleEndian(payload.At(MessageLayout.Size + (part * MessageLayout.PartSize)), address);
            first = Math.Min(first, address);
        }

        var copy = checked((ushort)(number + 1));
        var at = Append(new FrameBody(FrameKind.Message, id, payload.Written) { Copy = copy }, target);
        first = SpoolAddress.Of(target, Math.Min(first, at));
        return new Copy(id, place, heads, copy, new MessagePlace(
            SpoolAddress.Of(target, at), FrameHeader.Size + payload.Length, first >> spool.Layout.SegmentBits, written.Heads + written.Content));
    }

    // The payload of the copy, the parts' addresses still to be set. Rewritten heads come into the head table.
    private static MessageLayout WriteShape(
        StoredMessage message, bool rewritten, in MessageLayout shape, ReadOnlyMemory<byte> old, OctetWriter payload)
    {
        if (!rewritten)
        {
            payload.Raw(old.Span);
            return shape;
        }

        var inline = old.Span[(MessageLayout.Size + (shape.Parts * MessageLayout.PartSize))..];
        using var front = new OctetWriter();
        front.Raw(inline[..shape.Envelope]);
        var heads = Enumerable.Range(0, message.Heads).Select(message.HeadDetails).ToArray();
        HeadTable.Write(heads, front);
        var table = front.Length - shape.Envelope;
        foreach (var head in heads)
        {
            front.Raw(head.Octets.Span);
        }

        var written = shape with
        {
            HeadTable = table,
            Heads = front.Length - shape.Envelope - table,
            Inline = front.Length + shape.Inline - shape.Front,
        };
        var parts = new PartPlace[shape.Parts];
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part] = MessageLayout.ReadPart(old.Span, part);
        }

        written.Write(payload, parts);
        payload.Raw(front.Written.Span);
        payload.Raw(inline[shape.Front..]);
        return written;
    }

    private long CopyPart(MessageId id, long message, ReadOnlySpan<byte> payload, int part, int target)
    {
        var place = MessageLayout.ReadPart(payload, part);
        using var raw = new StoredMessage(null);
        var frame = raw.Rent(FrameHeader.Size + MessageLayout.PartPrefix + place.Length);
        var address = SpoolAddress.Of(SpoolAddress.GenerationOf(message), place.Address);
        var number = reader.ReadPayload(FrameKind.Part, id, address, frame, out var octets);
        return Append(new FrameBody(FrameKind.Part, id, octets) { Copy = checked((ushort)(number + 1)) }, target);
    }

    private long Append(in FrameBody body, int target)
    {
        var log = spool[target];
        if (log.Tail - log.Committed > log.Layout.MemorySize / 2)
        {
            log.Commit();
        }

        if (log.TryAppend(body, out var address))
        {
            return address;
        }

        log.Commit();
        return log.TryAppend(body, out address) ? address : throw new IOException("the log takes nothing although all of it is committed");
    }

    // What ended or got new heads meanwhile is not switched: its copy is garbage, and a next pass sees to the rest.
    private int Switch(int target)
    {
        if (_copies.Count == 0)
        {
            return 0;
        }

        var log = spool[target];
        log.Commit();
        var moved = 0;
        lock (gate)
        {
            foreach (var copy in _copies)
            {
                if (index.Messages.TryFind(copy.Id, out var slot) && index.Messages.PlaceOf(slot) == copy.Old
                    && index.Messages.Heads.Of(copy.Id.Value).AsSpan().SequenceEqual(copy.Heads))
                {
                    ledger.Pin(copy.New.FirstSegment);
                    _released.Add(copy.Old.FirstSegment);
                    KeepHeads(copy);
                    index.Messages.Relocate(slot, copy.New);
                    moved++;
                    journal.Post(FrameKind.Moved, copy.Id, null, -1, (Now: clock.GetUtcNow(), copy.Number), static (octets, moved) =>
                        Records.WriteMoved(octets, moved.Now, moved.Number));
                }
            }

            _taken[target] = log.Point;
        }

        _copies.Clear();
        Release();
        return moved;
    }

    // Old segments are let go when generation 0 has committed the moves.
    private void Release()
    {
        if (_released.Count > 0)
        {
            journal.FlushAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            _released.ForEach(ledger.Unpin);
            _released.Clear();
        }
    }

    // Until generation 0 has committed the move, a crash goes back to the old place and the old heads.
    private void KeepHeads(in Copy copy)
    {
        foreach (var head in copy.Heads)
        {
            var segment = index.Messages.Heads.SegmentOf(head);
            ledger.Pin(segment);
            _released.Add(segment);
        }
    }

    private readonly record struct Copy(MessageId Id, MessagePlace Old, HeadPlace[] Heads, ushort Number, MessagePlace New);

    // Parts stand before their message frame, which may be in the next segment; heads written anew behind it, in any.
    private sealed class LivingVisitor(SegmentCopier copier, long segment) : IFrameVisitor
    {
        private readonly HashSet<MessageId> _seen = [];

        public List<MessageId> Ids { get; } = [];

        public void Visit(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
        {
            if (header.Kind is FrameKind.Message or FrameKind.Part or FrameKind.Head && copier.IsLivingIn(header.Id, segment) && _seen.Add(header.Id))
            {
                Ids.Add(header.Id);
            }
        }
    }
}
