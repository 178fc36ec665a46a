using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>
/// The reply side of one mail transaction. The replies to MAIL, to one RCPT for each recipient, to DATA and to the content
/// come back in that order (RFC 2920 §3.1), and each one yields the next step.
/// </summary>
/// <remarks>
/// It holds no socket, no clock and no buffer, so every path is one row of a test. Stages only move forward:
/// <code>
/// stage      2xx                       3xx                    4xx, 5xx
/// Mail       Recipient                 close                  Recipient; the reply settles all
/// Recipient  next one, then Data       close                  next one, then Data
/// Data       close                     Content, or lone dot   Reset; Done if MAIL had failed
/// Content    Done                      close                  Done
/// </code>
/// With BDAT there is no stage Data, and the content differs (RFC 3030 §2):
/// <code>
/// Recipient  next one, then Content    close                  next one, then Content
/// Content    Done                      close                  Reset; Done if MAIL had failed; 500–504 close: BDAT is not understood
/// </code>
/// In every stage 421 closes (RFC 5321 §3.8). A recipient accepted at RCPT stays <see cref="Verdict.None"/> until the
/// content is answered: if the connection breaks before, nobody can take it for delivered.
/// </remarks>
internal struct MailTransaction
{
    private readonly Memory<Verdict> _verdicts;
    private readonly bool _isChunked;
    private Stage _stage;
    private int _answered;
    private int _accepted;
    private bool _isOpen;

    /// <param name="verdicts">One slot for each recipient, in RCPT order, all <see cref="Verdict.None"/> at the start. Borrowed.</param>
    /// <param name="isChunked">The content goes by BDAT.</param>
    public MailTransaction(Memory<Verdict> verdicts, bool isChunked)
    {
        _verdicts = verdicts;
        _isChunked = isChunked;
        _stage = Stage.Mail;
    }

    private enum Stage : byte
    {
        Over,
        Mail,
        Recipient,
        Data,
        Content,
    }

    /// <summary>The command whose reply comes next; None when the transaction is over.</summary>
    public readonly SmtpCommand Awaits => _stage switch
    {
        Stage.Mail => SmtpCommand.Mail,
        Stage.Recipient => SmtpCommand.Rcpt,
        Stage.Data => SmtpCommand.Data,
        Stage.Content => SmtpCommand.Dot,
        _ => SmtpCommand.None,
    };

    /// <summary>Nobody is left to send to: what is not on the wire yet need not go there.</summary>
    public readonly bool IsHopeless => _stage switch
    {
        Stage.Recipient => !_isOpen,
        Stage.Data or Stage.Content => _accepted == 0,
        _ => false,
    };

    /// <summary>The server's answer to BDAT said that it does not know the command it had offered.</summary>
    public bool IsChunkingRefused { get; private set; }

    /// <summary>Takes the reply that is next in wire order.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="text">Its text, for anything that may become a verdict.</param>
    /// <exception cref="InvalidOperationException">The transaction is over.</exception>
    public Step Accept(in Reply reply, string? text = null) => (_stage, reply.Severity) switch
    {
        (Stage.Over, _) => throw new InvalidOperationException("The transaction is over."),
        _ when reply.Code is 421 => End(Verdict.From(reply, Awaits, text), Step.Close),
        (Stage.Mail, not Severity.Intermediate) => OnMail(reply, text),
        (Stage.Recipient, not Severity.Intermediate) => OnRecipient(reply, text),
        (Stage.Data, Severity.Intermediate) => OnDataOpen(),
        (Stage.Data, not Severity.Positive) => End(Verdict.From(reply, Awaits, text), _isOpen ? Step.Reset : Step.Done),
        (Stage.Content, Severity.Positive) => End(Verdict.From(reply, Awaits, text), Step.Done),
        (Stage.Content, not Severity.Intermediate) => OnContentRefused(reply, text),
        _ => End(Verdict.None, Step.Close),
    };

    /// <summary>Ends a hopeless transaction whose remaining commands are not on the wire.</summary>
    public Step Abandon() => End(Verdict.None, _isOpen ? Step.Reset : Step.Done);

    private Step OnMail(in Reply reply, string? text)
    {
        _stage = Stage.Recipient;
        _isOpen = reply.Severity is Severity.Positive;
        if (!_isOpen)
        {
            _verdicts.Span.Fill(Verdict.From(reply, SmtpCommand.Mail, text));
        }

        return Step.Await;
    }

    private Step OnRecipient(in Reply reply, string? text)
    {
        if (_isOpen && reply.Severity is Severity.Positive)
        {
            _accepted++;
        }
        else if (_isOpen)
        {
            _verdicts.Span[_answered] = Verdict.From(reply, SmtpCommand.Rcpt, text);
        }

        if (++_answered < _verdicts.Length)
        {
            return Step.Await;
        }

        _stage = _isChunked ? Stage.Content : Stage.Data;
        return _isChunked && _accepted > 0 ? Step.SendContent : Step.Await;
    }

    private Step OnDataOpen()
    {
        _stage = Stage.Content;
        return _accepted > 0 ? Step.SendContent : Step.SendLoneDot;
    }

    private Step OnContentRefused(in Reply reply, string? text)
    {
        if (!_isChunked)
        {
            return End(Verdict.From(reply, SmtpCommand.Dot, text), Step.Done);
        }

        IsChunkingRefused = _accepted > 0 && reply.Code is >= 500 and <= 504;
        return IsChunkingRefused
            ? End(Verdict.None, Step.Close)
            : End(Verdict.From(reply, SmtpCommand.Dot, text), _isOpen ? Step.Reset : Step.Done);
    }

    // One reply decides for every recipient not yet refused. RFC 5321 §4.2.5.
    private Step End(Verdict verdict, Step step)
    {
        foreach (ref var slot in _verdicts.Span)
        {
            if (!slot.IsRefused)
            {
                slot = verdict;
            }
        }

        _stage = Stage.Over;
        return step;
    }
}
