using System.Buffers;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>A message read back from the log. Pooled: dispose it once, and use nothing of it afterwards.</summary>
/// <param name="pool">Where it goes when disposed; null for nowhere.</param>
internal sealed class StoredMessage(Pool<StoredMessage>? pool) : IDisposable
{
    private readonly List<byte[]> _rented = [];
    private readonly List<(int Number, MessageHead Head)> _rewritten = [];
    private MessageLayout _layout;
    private ReadOnlyMemory<byte> _front;
    private EnvelopeView _envelope;
    private HeadTable _heads;
    private StoredPieces? _pieces;

    public MessageId Id { get; private set; }

    /// <summary>Decodes the whole envelope; for events of failures, notices and operators. Allocates.</summary>
    public Envelope Envelope => _envelope.Decode(Id);

    /// <summary>The envelope with one recipient alone, who is the first there. Owns its octets.</summary>
    public Envelope EnvelopeOf(int recipient) => _envelope.Decode(Id, recipient);

    public int Recipients => _envelope.Recipients;

    public ReadOnlyMemory<byte> Sender => _envelope.Text(EnvelopeText.Sender);

    public BodyNeeds Needs => _envelope.Needs;

    /// <summary>Mail of the engine's own.</summary>
    public bool IsNotice => _envelope.IsNotice;

    /// <summary>RET; no allocation.</summary>
    public ReturnContent Return => _envelope.Return;

    /// <summary>ENVID in octets as given; empty when absent.</summary>
    public ReadOnlyMemory<byte> EnvelopeId => _envelope.Text(EnvelopeText.EnvelopeId);

    /// <summary>Heads there are.</summary>
    public int Heads => _heads.Count;

    /// <summary>The body. Of a large one only what stands beside its front is in memory.</summary>
    public MessageContent Content { get; private set; }

    /// <summary>The address of one recipient, without brackets. No allocation.</summary>
    public ReadOnlyMemory<byte> AddressOf(int recipient) => _envelope.AddressOf(recipient);

    public Notify NotifyOf(int recipient) => _envelope.NotifyOf(recipient);

    /// <summary>ORCPT in octets as given; empty when absent.</summary>
    public ReadOnlyMemory<byte> OriginalRecipientOf(int recipient) => _envelope.OriginalRecipientOf(recipient);

    /// <summary>Number of the head that goes to a recipient: recipients share a transaction only when it is equal.</summary>
    public int HeadOf(int recipient) => _envelope.HeadOf(recipient);

    /// <summary>The header block of a head, with the empty line that ends it.</summary>
    public ReadOnlyMemory<byte> Head(int head)
    {
        foreach (var (number, rewritten) in _rewritten)
        {
            if (number == head)
            {
                return rewritten.Octets;
            }
        }

        var (start, length) = _heads.PlaceOf(head);
        return _front.Slice(_layout.Envelope + _layout.HeadTable + start, length);
    }

    /// <summary>A head with its signatures and body hash; its octets are this message's. Allocates.</summary>
    public MessageHead HeadDetails(int head)
    {
        foreach (var (number, rewritten) in _rewritten)
        {
            if (number == head)
            {
                return rewritten;
            }
        }

        return _heads.Decode(head, Head(head));
    }

    /// <summary>Whether one of the signatures we put on a head is of those meant. Allocates only when the head was written anew.</summary>
    /// <param name="head">Its number.</param>
    /// <param name="isMeant">Takes d= and s=.</param>
    public bool IsSigned(int head, SignaturePredicate isMeant)
    {
        foreach (var (number, rewritten) in _rewritten)
        {
            if (number == head)
            {
                return rewritten.Signatures.Any(signature => isMeant(signature.Domain, signature.Selector));
            }
        }

        return _heads.IsSigned(head, isMeant);
    }

    public void Dispose()
    {
        foreach (var octets in _rented)
        {
            ArrayPool<byte>.Shared.Return(octets);
        }

        _rented.Clear();
        Held = 0;
        _rewritten.Clear();
        Content = default;
        _front = default;
        _pieces?.Dispose();
        _pieces = null;
        Keep?.Dispose();
        Keep = null;
        Share.Dispose();
        Share = default;
        Pin.Dispose();
        Pin = default;
        pool?.Give(this);
    }

    /// <summary>Its room in the budget of messages read; goes back with the message.</summary>
    internal ReadShare Share { get; set; }

    /// <summary>Keeps its segment while it is in use.</summary>
    internal SegmentPin Pin { get; set; }

    /// <summary>Disposed with the message: what keeps its pieces from being given up. Null when its queued recipients do.</summary>
    internal IDisposable? Keep { get; set; }

    /// <summary>Octets in memory because of it, a piece of its content included.</summary>
    internal long Held { get; private set; }

    /// <summary>A buffer that goes back with the message.</summary>
    internal Memory<byte> Rent(int length)
    {
        var octets = ArrayPool<byte>.Shared.Rent(length);
        _rented.Add(octets);
        Held += octets.Length;
        return octets.AsMemory(0, length);
    }

    /// <summary>Takes what the reader put together.</summary>
    /// <exception cref="InvalidDataException">It does not fit.</exception>
    /// <param name="id">The message.</param>
    /// <param name="layout">How it lies.</param>
    /// <param name="front">Envelope, head table, heads.</param>
    /// <param name="content">What of the content stands in the message frame.</param>
    /// <param name="pieces">The rest of it; null for none. Owned from now on.</param>
    internal void Open(MessageId id, in MessageLayout layout, ReadOnlyMemory<byte> front, ReadOnlyMemory<byte> content, StoredPieces? pieces)
    {
        Id = id;
        _layout = layout;
        _front = front;
        _envelope = new EnvelopeView(front[..layout.Envelope]);
        _heads = new HeadTable(front.Slice(layout.Envelope, layout.HeadTable));
        _pieces = pieces;
        Content = new MessageContent(new ReadOnlySequence<byte>(content), pieces);
    }

    /// <summary>Puts a head in the place of an older one. Its octets are borrowed until the message is disposed of.</summary>
    internal void Rewrite(int number, MessageHead head)
    {
        _rewritten.RemoveAll(old => old.Number == number);
        _rewritten.Add((number, head));
    }
}
