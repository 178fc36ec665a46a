using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue.Spool;

/// <summary>A message of the spool: where its best copy stands, and what the records say of its recipients.</summary>
internal sealed class LedgerMessage(MessageId id)
{
    private RecipientTrace[]? _traces;

    public MessageId Id { get; } = id;

    public int Generation { get; private set; }

    /// <summary>Of the message frame.</summary>
    public long Address { get; private set; }

    /// <summary>Header and payload.</summary>
    public int FrameLength { get; private set; }

    public int Copy { get; private set; } = -1;

    /// <summary>Sequence number of its accept in generation 0; 0 when only a copy was met.</summary>
    public ulong Accepted { get; private set; }

    public int Recipients { get; private set; }

    /// <summary>Octets of heads and content.</summary>
    public long Size { get; private set; }

    /// <summary>Where its parts were found, which need not be where it says.</summary>
    public PartPlace[] Parts { get; private set; } = [];

    /// <summary>File of its message frame.</summary>
    public SegmentReport? Segment { get; private set; }

    /// <summary>Octets it takes in the log.</summary>
    public long Octets { get; private set; }

    /// <summary>Rewritten heads: number to address and frame length, in generation 0, and the sequence number.</summary>
    public SortedDictionary<ushort, (long Address, int FrameLength, ulong Sequence)> Heads { get; } = [];

    /// <summary>Takes a copy that is whole, unless a higher one is known.</summary>
    public void Place(int generation, in MessageCopy copy, PartPlace[] parts, SegmentReport segment)
    {
        if (generation == 0 && copy.Number == 0)
        {
            Accepted = copy.Sequence;
        }

        if (copy.Number < Copy)
        {
            return;
        }

        (Generation, Address, FrameLength, Copy, Segment) = (generation, copy.Address, copy.FrameLength, copy.Number, segment);
        (Recipients, Size, Parts) = (copy.Recipients, copy.Layout.Heads + copy.Layout.Content, parts);
        Octets = FrameLength + parts.Sum(static part => (long)part.Length + FrameHeader.Size + MessageLayout.PartPrefix);
        if (_traces is { } traces && traces.Length != Recipients)
        {
            Array.Resize(ref traces, Recipients);
            _traces = traces;
        }
    }

    /// <summary>What is known of a recipient, to be added to.</summary>
    public ref RecipientTrace TraceOf(int recipient)
    {
        _traces ??= new RecipientTrace[Recipients];
        return ref _traces[recipient];
    }

    public RecipientTrace Look(int recipient) => _traces is null ? default : _traces[recipient];

    /// <summary>A record of an earlier life of the same id (mail that was moved away and came back) ends nothing.</summary>
    public bool IsEnded(int recipient) => _traces is not null && _traces[recipient].Ended > Accepted;

    public bool IsHeld(int recipient) => _traces is not null && _traces[recipient] is var trace && trace.Held > trace.Released && trace.Held > Accepted;
}
