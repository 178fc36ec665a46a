using Engine.Mail;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Whom an operator's verb changed. While it is not disposed, the log keeps their messages readable: dispose it soon.</summary>
internal sealed class AffectedRecipients : IDisposable
{
    private readonly SegmentLedger _ledger;
    private readonly MessageReader _reader;
    private readonly List<Affected> _recipients = [];
    private bool _disposed;

    internal AffectedRecipients(SegmentLedger ledger, MessageReader reader)
    {
        _ledger = ledger;
        _reader = reader;
        ledger.BeginRead();
    }

    public int Count => _recipients.Count;

    public IReadOnlyList<Affected> Recipients => _recipients;

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

    internal void Add(in Affected affected) => _recipients.Add(affected);

    /// <summary>One of them.</summary>
    /// <param name="Id">The message.</param>
    /// <param name="Index">The recipient.</param>
    /// <param name="IsLater">It is in flight: the change comes when the attempt returns, and <see cref="MailQueue.EndedLate"/> tells of an end.</param>
    /// <param name="Address">Of the message frame.</param>
    /// <param name="FrameLength">Octets of it.</param>
    internal readonly record struct Affected(MessageId Id, ushort Index, bool IsLater, long Address, int FrameLength);
}
