using System.Buffers;
using System.Buffers.Binary;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue.Snapshots;

/// <summary>Reads a snapshot, every block checked. What does not fit is an <see cref="InvalidDataException"/>.</summary>
/// <param name="source">From its beginning.</param>
internal sealed class SnapshotReader(Stream source) : IDisposable
{
    private readonly List<int> _domains = [];
    private readonly List<int> _flows = [];
    private readonly Category[] _categories = new Category[byte.MaxValue + 1];
    private byte[] _block = ArrayPool<byte>.Shared.Rent(SnapshotFormat.BlockSize * 2);
    private SavedRecipient[] _recipients = new SavedRecipient[16];
    private long _expected;
    private long _passed;
    private bool _ended;

    /// <summary>When it was begun.</summary>
    public DateTimeOffset Taken { get; private set; }

    /// <summary>Ids of notices taken lately.</summary>
    public List<MessageId> Recent { get; } = [];

    /// <summary>Of each log the address up to which the snapshot may tell; known at the end.</summary>
    public long[] Until { get; } = new long[Generations.Count];

    /// <summary>Octets read.</summary>
    public long Length { get; private set; }

    public IReadOnlyList<LogPosition> ReadHeader()
    {
        var reader = new OctetReader(NextBlock());
        if (reader.U32() != SnapshotFormat.Magic || reader.U8() != SnapshotFormat.Version)
        {
            throw new InvalidDataException("not a snapshot of a known version");
        }

        reader.U32();
        Taken = Seconds.ToTime(reader.U32());
        _expected = reader.I64();
        var positions = new LogPosition[Generations.Count];
        for (var generation = 0; generation < positions.Length; generation++)
        {
            positions[generation] = new LogPosition(reader.I64(), (ulong)reader.I64());
        }

        return positions;
    }

    /// <summary>Reads to the end and takes nothing in: every block whole, and the last one the end.</summary>
    public void Check()
    {
        ReadOnlySpan<byte> last = default;
        while (source.Position < source.Length)
        {
            last = NextBlock();
        }

        if (last.Length < SnapshotFormat.EndLength || last[^SnapshotFormat.EndLength] != SnapshotFormat.End)
        {
            throw new InvalidDataException($"it ends at octet {Length}, before its end");
        }
    }

    /// <summary>Fills an empty index.</summary>
    public void Load(QueueIndex index, SegmentLedger ledger)
    {
        index.Messages.Reserve(Math.Clamp(_expected, 0, source.Length / SnapshotFormat.LeastMessage));
        while (!_ended)
        {
            var reader = new OctetReader(NextBlock());
            while (reader.Remaining > 0)
            {
                ReadRecord(ref reader, index, ledger);
            }
        }

        _domains.ForEach(index.Domains.Release);
        _flows.ForEach(index.Messages.Flows.Release);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_block);

    private ReadOnlySpan<byte> NextBlock()
    {
        Span<byte> header = stackalloc byte[SnapshotFormat.BlockHeader];
        ReadWhole(header);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is <= 0 or > SnapshotFormat.MaxBlock)
        {
            throw new InvalidDataException($"a block of an impossible length at octet {Length}");
        }

        if (length > _block.Length)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = ArrayPool<byte>.Shared.Rent(length);
        }

        var payload = _block.AsSpan(0, length);
        ReadWhole(payload);
        if (Crc32C.Of(payload) != BinaryPrimitives.ReadUInt32LittleEndian(header[4..]))
        {
            throw new InvalidDataException($"a block whose checksum does not fit at octet {Length}");
        }

        Length += header.Length + length;
        return payload;
    }

    private void ReadWhole(Span<byte> target)
    {
        if (source.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw new InvalidDataException($"it ends at octet {Length}");
        }
    }

    private void ReadRecord(ref OctetReader reader, QueueIndex index, SegmentLedger ledger)
    {
        switch (reader.U8())
        {
            case SnapshotFormat.Domain:
                _domains.Add(index.Domains.Hold(DomainOf(reader.ShortText())));
                break;
            case SnapshotFormat.Flow:
                _flows.Add(index.Messages.Flows.Hold(ReadFlow(ref reader)));
                break;
            case SnapshotFormat.Category:
                var number = reader.U8();
                _categories[number] = reader.ShortText() is { Length: > 0 } name ? new Category(name) : default;
                break;
            case SnapshotFormat.Message:
                ReadMessage(ref reader, index, ledger);
                break;
            case SnapshotFormat.Recent:
                Recent.Add(new MessageId((ulong)reader.I64()));
                break;
            case SnapshotFormat.End:
                _ended = true;
                var (messages, recipients) = (reader.I64(), reader.I64());
                if (messages != index.Messages.Count + _passed || recipients != index.Counts.Queued)
                {
                    throw new InvalidDataException("its counts do not fit");
                }

                for (var generation = 0; generation < Until.Length; generation++)
                {
                    Until[generation] = reader.I64();
                }

                break;
            default:
                throw new InvalidDataException("a record of an unknown kind: a newer engine wrote it");
        }
    }

    private static DomainName DomainOf(string name) =>
        name.Length == 0 ? default : DomainName.TryParse(name, out var domain) ? domain : throw new InvalidDataException($"a domain that is none: {name}");

    private static Flow ReadFlow(ref OctetReader reader)
    {
        var word = reader.U8();
        var (account, stream, campaign) = (reader.LongText(), reader.LongText(), reader.LongText());
        var domain = DomainOf(reader.ShortText());
        return new Flow((StreamClass)(word & 15), account, stream, campaign, domain, reader.LongText()) { Engagement = (Engagement)(word >> 4) };
    }

    private void ReadMessage(ref OctetReader reader, QueueIndex index, SegmentLedger ledger)
    {
        var id = new MessageId((ulong)reader.I64());
        var address = reader.I64();
        var frame = checked((int)reader.U32());
        var first = index.SegmentOf(address) - reader.U16();
        var place = new MessagePlace(address, frame, first, reader.I64());
        var flow = _flows[checked((int)reader.U32())];
        var (accepted, giveUp) = (reader.U32(), reader.U32());
        var (count, heads) = (reader.U16(), reader.U16());
        if (count > _recipients.Length)
        {
            _recipients = new SavedRecipient[count];
        }

        var live = 0;
        for (var recipient = 0; recipient < count; recipient++)
        {
            _recipients[recipient] = ReadRecipient(ref reader, index);
            live += _recipients[recipient].State == RecipientState.None ? 0 : 1;
        }

        // All of its recipients may have been ended by an operator while in flight: then the log has ended it.
        if (live > 0)
        {
            ledger.Pin(first);
            index.Messages.Flows.HoldAgain(flow);
            index.Restore(place, id, flow, accepted, giveUp, _recipients.AsSpan(0, count));
        }
        else
        {
            _passed++;
        }

        for (var head = 0; head < heads; head++)
        {
            var rewritten = new HeadPlace(reader.U16(), reader.I64(), checked((int)reader.U32()));
            if (live > 0)
            {
                index.Messages.Heads.Set(id.Value, rewritten);
            }
        }
    }

    private SavedRecipient ReadRecipient(ref OctetReader reader, QueueIndex index)
    {
        var state = reader.U8();
        if (state == (byte)RecipientState.None)
        {
            return default;
        }

        var marks = (SlotMarks)reader.U8() & SavedRecipient.Kept;
        var domain = _domains[checked((int)reader.U32())];
        index.Domains.HoldAgain(domain);
        return new SavedRecipient(
            domain,
            reader.U32(),
            reader.U8(),
            _categories[reader.U8()],
            (RecipientState)state,
            marks,
            reader.U32());
    }
}
