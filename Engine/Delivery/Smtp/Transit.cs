using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>One message on its way through a session: the machine of its replies, and how much of it is on the wire. Two for each session, used in turn.</summary>
internal sealed class Transit
{
    private SmtpJob _job;
    private MailTransaction _transaction;

    public ref readonly SmtpJob Job => ref _job;

    public Memory<Verdict> Verdicts { get; private set; }

    public bool IsChunked { get; private set; }

    /// <summary>Commands of the envelope written: MAIL, then one RCPT for each recipient, then DATA unless chunked.</summary>
    public int Written { get; private set; }

    /// <summary>Commands on the wire whose replies have not come.</summary>
    public int Unanswered { get; private set; }

    /// <summary>The end of the content is, or may be, on the wire.</summary>
    public bool IsContentOut { get; set; }

    /// <summary>Its envelope went out behind the end of the message before.</summary>
    public bool IsGlued { get; private set; }

    public bool IsEnvelopeWritten => Written == Verdicts.Length + (IsChunked ? 1 : 2);

    /// <inheritdoc cref="MailTransaction.Awaits"/>
    public SmtpCommand Awaits => _transaction.Awaits;

    /// <inheritdoc cref="MailTransaction.IsHopeless"/>
    public bool IsHopeless => _transaction.IsHopeless;

    /// <inheritdoc cref="MailTransaction.IsChunkingRefused"/>
    public bool IsChunkingRefused => _transaction.IsChunkingRefused;

    /// <summary>Starts a message, with clean verdicts.</summary>
    /// <exception cref="ArgumentException">There is not one verdict for each recipient, or no recipient.</exception>
    public void Begin(in SmtpJob job, Memory<Verdict> verdicts, bool isChunked)
    {
        if (verdicts.Length == 0 || verdicts.Length != job.Recipients.Count)
        {
            throw new ArgumentException("One verdict for each recipient, and at least one.", nameof(verdicts));
        }

        verdicts.Span.Clear();
        (_job, Verdicts, IsChunked) = (job, verdicts, isChunked);
        _transaction = new MailTransaction(verdicts, isChunked);
        (Written, Unanswered, IsContentOut, IsGlued) = (0, 0, false, false);
    }

    /// <summary>Writes commands of the envelope from where it stands, as many as fit, and counts on their replies.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="offer">What the server offers.</param>
    /// <param name="most">At most so many: 1 without PIPELINING.</param>
    public void WriteEnvelope(ref CommandWriter writer, EhloOffer offer, int most)
    {
        for (var count = 0; count < most && !IsEnvelopeWritten && TryWriteNext(ref writer, offer); count++)
        {
            Written++;
            Unanswered++;
        }
    }

    /// <summary>Writes the whole envelope behind another message's end, or nothing when it does not fit or is unclean.</summary>
    /// <returns>Octets written.</returns>
    public int Glue(Span<byte> target, EhloOffer offer)
    {
        var writer = new CommandWriter(target);
        WriteEnvelope(ref writer, offer, int.MaxValue);
        IsGlued = IsEnvelopeWritten;
        if (IsGlued)
        {
            return writer.Length;
        }

        (Written, Unanswered) = (0, 0);
        return 0;
    }

    /// <summary>The end of the content goes out, or a lone dot: one more reply will come.</summary>
    public void ExpectContentReply() => Unanswered++;

    /// <inheritdoc cref="MailTransaction.Accept"/>
    public Step Accept(in Reply reply, string? text)
    {
        Unanswered--;
        return _transaction.Accept(reply, text);
    }

    /// <inheritdoc cref="MailTransaction.Abandon"/>
    public Step Abandon() => _transaction.Abandon();

    private bool TryWriteNext(ref CommandWriter writer, EhloOffer offer)
    {
        if (Written == 0)
        {
            return writer.TryMail(_job, offer);
        }

        return Written <= Verdicts.Length
            ? writer.TryRcpt(_job.Recipients, Written - 1, offer)
            : writer.TryCommand("DATA"u8);
    }
}
