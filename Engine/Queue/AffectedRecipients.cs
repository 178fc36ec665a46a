using Engine.Mail;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Whom an operator's verb changed. While it is not disposed, the log keeps their messages readable: dispose it soon.</summary>
internal sealed class AffectedRecipients : IDisposable
{
    private const int Piece = 2_048;

    private readonly SegmentLedger _ledger;
    private readonly MessageReader _reader;
    private readonly List<List<Affected>> _pieces = [];
    private bool _disposed;

    internal AffectedRecipients(SegmentLedger ledger, MessageReader reader)
    {
        _ledger = ledger;
        _reader = reader;
        ledger.BeginRead();
    }

    public int Count { get; private set; }

    public IEnumerable<Affected> Recipients => _pieces.SelectMany(static piece => piece);

    /// <summary>Reads an envelope. Recipients of one message stand side by side: keep the last.</summary>
    public Envelope EnvelopeOf(in Affected affected)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var message = _reader.Read(affected.Id, affected.Address, affected.FrameLength, []);
        return message.Envelope;
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ledger.EndRead();
        }
    }

    // By pieces: nothing is copied while it grows, which happens under the queue's lock.
    internal void Add(in Affected affected)
    {
        if (_pieces is not [.., { Count: < Piece } last])
        {
            last = new List<Affected>(Piece);
            _pieces.Add(last);
        }

        last.Add(affected);
        Count++;
    }

    /// <summary>One of them.</summary>
    /// <param name="Id">The message.</param>
    /// <param name="Index">The recipient.</param>
    /// <param name="IsLater">It is in flight: the change comes when the attempt returns, and <see cref="MailQueue.EndedLate"/> tells of an end.</param>
    /// <param name="Address">Of the message frame.</param>
    /// <param name="FrameLength">Octets of it.</param>
    internal readonly record struct Affected(MessageId Id, ushort Index, bool IsLater, long Address, int FrameLength);
}
