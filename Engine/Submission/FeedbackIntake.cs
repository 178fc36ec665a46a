using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Engine.Feedback.Reports;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>Takes the content of mail that comes back and hands it to the <see cref="ReportDesk"/>. One per session; not thread-safe.</summary>
/// <remarks>Of a report the front is kept and the rest is read and dropped; what is forwarded is kept whole, in memory that the <see cref="BlockPool"/> counts.</remarks>
internal sealed class FeedbackIntake(ClientFacts client, BlockPool pool, FeedbackParts parts, MessageIdSource ids, TimeProvider clock, SubmissionLimits limits, ILogger log) : IContentIntake
{
    // Of our own field, at most: names, addresses, a cipher.
    private const int ReceivedLength = 1_024;

    private readonly ContentReader _content = new(pool, limits);
    private readonly List<byte[]> _pieces = [];
    private MailDraft _draft = new();
    private bool _isForwarded;
    private bool _isCut;
    private long _limit;
    private int _kept;

    public bool IsHopeless => _content.Size > (_limit * 2) + (1 << 20);

    public Refusal? RefusalSoFar => ContentRefusal.Of(_content.Fault);

    public void Begin(MailDraft draft, bool isStuffed)
    {
        _draft = draft;
        _isForwarded = draft.Inbound.Exists(recipient => recipient.Kind is InboundKind.Postmaster or InboundKind.Abuse);
        var largest = FeedbackMachine.MaxSize(draft.Rules.Options);
        _limit = _isForwarded ? Math.Min(largest, FeedbackParts.MaxForwarded) : largest;
        FreePieces();
        _content.Begin(_limit, isStuffed);
    }

    public ContentStatus Read(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            var status = _content.Read(input[consumed..], out var used);
            consumed += used;
            if (status is not ContentStatus.HeaderEnded)
            {
                return status;
            }
        }
    }

    /// <summary>Keeps the piece where it is needed: the first of all, the others of what is forwarded.</summary>
    public ValueTask StorePieceAsync(CancellationToken stop)
    {
        if (_isForwarded || _pieces.Count == 0)
        {
            if (!pool.TryReserve(ContentReader.PieceLength))
            {
                _content.Fail(ContentFault.NoMemory);
                return ValueTask.CompletedTask;
            }

            _pieces.Add(_content.Piece.ToArray());
            _kept += ContentReader.PieceLength;
        }
        else
        {
            _isCut = true;
        }

        _content.DropPiece();
        return ValueTask.CompletedTask;
    }

    public ContentStatus Finish() => _content.Finish();

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a store throws, nothing was promised: the client hears 451 and comes again; the log has the rest.")]
    public async ValueTask<Reply> CommitAsync(Trace trace, CancellationToken stop)
    {
        if (RefusalSoFar is { } refusal)
        {
            return Refuse(refusal);
        }

        var length = ReceivedLength + _content.Header.Length + _kept + (_isCut ? 0 : (int)_content.Body.Length);
        if (!pool.TryReserve(length))
        {
            return Refuse(new Refusal(RejectReason.Busy, Replies.NoMemory));
        }

        try
        {
            var mail = new InboundMail(client.Address.ToString(), _draft.Sender, [.. _draft.Inbound], Whole(trace, length)) { IsCut = _isCut };
            await parts.Desk.TakeAsync(mail, stop).ConfigureAwait(false);
            return FeedbackReplies.Taken;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            ReportsLog.NotHeard(log, fault);
            parts.Meter.Rejected(InboundRejection.Fault);
            return Replies.LocalError;
        }
        finally
        {
            pool.Release(length);
            Clear();
        }
    }

    public Reply Refuse(Refusal refusal)
    {
        parts.Meter.Rejected(refusal.Reason switch
        {
            RejectReason.Size => InboundRejection.Size,
            RejectReason.Busy => InboundRejection.Busy,
            _ => InboundRejection.Content,
        });
        Clear();
        return refusal.Reply;
    }

    public void Clear()
    {
        _content.Clear();
        FreePieces();
    }

    public void Dispose() => Clear();

    private ReadOnlyMemory<byte> Whole(Trace trace, int length)
    {
        var whole = new ArrayBufferWriter<byte>(length);
        var only = _draft.Inbound.Count == 1 ? _draft.Inbound[0].Address : default;
        HeaderNormaliser.WriteReceived(whole, trace, _draft.Rules.Options.Hostname, ids.Next(), only, _draft.Parameters.IsUtf8, clock.GetUtcNow());
        whole.Write(_content.Header);
        whole.Write("\r\n"u8);
        foreach (var piece in _pieces)
        {
            whole.Write(piece);
        }

        if (!_isCut)
        {
            foreach (var part in _content.Body)
            {
                whole.Write(part.Span);
            }
        }

        return whole.WrittenMemory;
    }

    private void FreePieces()
    {
        pool.Release(_kept);
        (_kept, _isCut) = (0, false);
        _pieces.Clear();
    }
}
