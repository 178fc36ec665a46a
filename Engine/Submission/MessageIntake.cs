using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Engine.Dkim;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Submission;

/// <summary>Takes the content of one message after the other, judges it, and hands what is good to the store. One per session; not thread-safe.</summary>
internal sealed class MessageIntake(
    ClientFacts client, BlockPool pool, IMessageStore store, IHeadSealer sealer, IntakeLedger ledger, AccountMeters meters, TimeProvider clock, SubmissionLimits limits) : IContentIntake
{
    // A header of usual size; a larger buffer goes after its message.
    private const int KeptHead = 16 << 10;

    // What is added to a header and signs it, roughly; and what all heads of a message may have together: 1 000 of 16 KiB.
    private const int HeadRoom = 2 << 10;
    private const int MaxHeads = 16_000 << 10;

    private readonly ContentReader _content = new(pool, limits);
    private readonly string _address = client.Address.ToString();
    private ArrayBufferWriter<byte> _head = new(1_024);
    private MailDraft _draft = new();
    private Judgement _judgement = Judgement.None;
    private Refusal? _refusal;
    private IIncomingContent? _before;
    private MessageId _id;
    private long _begun;
    private bool _isTooSlow;
    private int _reserved;

    // What the header said, kept from its end to the end of the body.
    private sealed record Judgement(Placement Placement, EngineFields Fields, DomainName From, string MessageId, bool HasMessageId, bool HasDate, FieldsPresent Present, bool IsSigned)
    {
        public static readonly Judgement None = new(default, EngineFields.None, default, string.Empty, false, false, FieldsPresent.None, false);
    }

    /// <summary>Whether the only recipient of mail that says nothing itself is engaged; null where nobody knows. Must not block.</summary>
    public Func<Mailbox, Engagement?>? EngagementOf { get; init; }

    /// <summary>Whether DNS lets mail of an account leave with this From domain; null asks nobody. Must not block.</summary>
    public Func<AccountRules, DomainName, Refusal?>? DomainGate { get; init; }

    /// <summary>Names recipients in tokens; null names nobody.</summary>
    public Func<Mailbox, AddressDigest>? DigestOf { get; init; }

    /// <summary>Whether the client sends far more than would be taken, or took too long: not worth reading to the end.</summary>
    public bool IsHopeless => _isTooSlow || _content.Size > (_draft.Rules.Options.Queue.MaxMessageSize.Octets * 2) + (1 << 20);

    public void Begin(MailDraft draft, bool isStuffed)
    {
        (_draft, _judgement, _refusal) = (draft, Judgement.None, null);
        _content.Begin(draft.Rules.Options.Queue.MaxMessageSize.Octets, isStuffed);
    }

    /// <summary>Takes input; never more than belongs to the content.</summary>
    public ContentStatus Read(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            var status = _content.Read(input[consumed..], out var used);
            consumed += used;
            if (_content.Fault is not ContentFault.None)
            {
                Abandon();
            }

            if (status is not ContentStatus.HeaderEnded)
            {
                return status;
            }

            JudgeHeader();
        }
    }

    /// <summary>After <see cref="ContentStatus.PieceFull"/>: writes the piece ahead of its message. If it cannot be written, the client hears why at the end.</summary>
    public async ValueTask StorePieceAsync(CancellationToken stop)
    {
        if (_before is null)
        {
            (_id, _begun) = (store.Ids.Next(), clock.GetTimestamp());
            _before = store.Begin(_id);
        }

        _isTooSlow = clock.GetElapsedTime(_begun) > limits.LargeContent;
        var refusal = _isTooSlow ? new Refusal(RejectReason.Busy, Replies.TooSlow) : await AppendAsync(_before, stop).ConfigureAwait(false);
        if (refusal is null)
        {
            _content.DropPiece();
            return;
        }

        _refusal = refusal;
        _content.Fail(ContentFault.Refused);
        Abandon();
    }

    /// <summary>Ends content that came in chunks.</summary>
    public ContentStatus Finish() => _content.Finish();

    /// <summary>Why a chunk cannot be the last word: known before the content ends.</summary>
    public Refusal? RefusalSoFar => _refusal ?? ContentRefusal.Of(_content.Fault);

    /// <summary>After the end: stores the message, or says why not. The reply is the client's.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply> CommitAsync(Trace trace, CancellationToken stop)
    {
        if (ReferenceEquals(_judgement, Judgement.None) && RefusalSoFar is null)
        {
            JudgeHeader();
        }

        var plan = RefusalSoFar is null ? Plan() : default;
        if ((RefusalSoFar ?? BusyNow() ?? Reserve(plan) ?? Meter()) is { } refusal)
        {
            return Refuse(refusal);
        }

        var id = _before is null ? store.Ids.Next() : _id;
        var heads = await SealAsync(id, trace, plan, stop).ConfigureAwait(false);
        var admitted = new Admitted(new NewMessage(Envelope(id, plan), heads, _content.Body) { Before = _before }, _judgement.Placement.IsHeld);
        await StoreAsync(admitted, stop).ConfigureAwait(false);
        ledger.Accepted(admitted, client.Session);
        Clear();
        return new Reply(250, new EnhancedCode(2, 0, 0), $"{id} queued");
    }

    /// <summary>Drops the content and says why, in the events.</summary>
    public Reply Refuse(Refusal refusal)
    {
        ledger.Rejected(client, _draft, refusal, SmtpCommand.Dot);
        Clear();
        return refusal.Reply;
    }

    /// <summary>Gives the memory back.</summary>
    public void Clear()
    {
        _content.Clear();
        Abandon();
        _isTooSlow = false;
        (_judgement, _refusal) = (Judgement.None, null);
        pool.Release(_reserved);
        _reserved = 0;
        if (_head.Capacity > KeptHead)
        {
            _head = new ArrayBufferWriter<byte>(1_024);
        }
    }

    public void Dispose()
    {
        Clear();
        sealer.Dispose();
    }

    private async ValueTask StoreAsync(Admitted admitted, CancellationToken stop)
    {
        try
        {
            await store.AcceptAsync(admitted, stop).ConfigureAwait(false);
        }
        catch
        {
            meters.Refund(_judgement.Placement.Account, _draft.Recipients.Count);
            throw;
        }
    }

    // The last question before a message is taken: what is counted is stored.
    private Refusal? Meter()
    {
        var placement = _judgement.Placement;
        var refusal = meters.Take(placement.Account, _draft.Recipients.Count, out var from);
        if (refusal is null && from > placement.NotBefore)
        {
            _judgement = _judgement with { Placement = placement with { NotBefore = from, GiveUp = placement.GiveUp + (from - placement.NotBefore) } };
        }

        return refusal;
    }

    // Of a message that was accepted nothing is left to be given up.
    private void Abandon()
    {
        _before?.Dispose();
        _before = null;
    }

    private async ValueTask<Refusal?> AppendAsync(IIncomingContent before, CancellationToken stop)
    {
        try
        {
            await before.AppendAsync(_content.Piece, stop).ConfigureAwait(false);
            return null;
        }
        catch (IntakeRefusedException refused)
        {
            // The disk is full or broken: the client's business is a 452, at its dot.
            return new Refusal(RejectReason.Busy, new Reply(452, new EnhancedCode(4, 3, 1), refused.Message));
        }
    }

    private Refusal? BusyNow() =>
        store.Refusal is { } why ? new Refusal(RejectReason.Busy, new Reply(452, new EnhancedCode(4, 3, 1), why)) : null;

    private void JudgeHeader()
    {
        _refusal = HeaderInspector.Inspect(_content.Header, _draft.Rules.Options.Queue.MaxReceived, out var notes);
        var placement = default(Placement);
        _refusal ??= Admission.CheckHeader(_draft, notes, clock.GetUtcNow(), out placement);
        _refusal ??= DomainGate?.Invoke(placement.Account, notes.FromDomain);
        if (_refusal is not null)
        {
            _content.Fail(ContentFault.Refused);
            return;
        }

        var sealing = sealer.Begin(notes.FromDomain);
        if (sealing is Sealing.Refused)
        {
            _refusal = new Refusal(RejectReason.Sender, Replies.DomainBroken);
            _content.Fail(ContentFault.Refused);
            return;
        }

        var isSigned = sealing is Sealing.Signed;
        _judgement = new Judgement(
            placement, notes.Fields, notes.FromDomain, Encoding.UTF8.GetString(notes.MessageId), notes.HasMessageId, notes.HasDate, notes.Present, isSigned);
        if (isSigned)
        {
            _content.HashWith(sealer);
        }
    }

    private FieldPlan Plan() => FieldPlan.Of(
        _draft.Rules.Snapshot.Feedback, _judgement.Placement, _judgement.Present, _judgement.IsSigned, _draft.Recipients.Count, DigestOf is not null);

    // Heads of many recipients are memory like any other: a thousand of 4 KiB are 4 MiB.
    private Refusal? Reserve(FieldPlan plan)
    {
        if (!plan.IsPerRecipient)
        {
            return null;
        }

        var octets = (_content.Header.Length + HeadRoom) * (long)_draft.Recipients.Count;
        if (octets > MaxHeads)
        {
            return new Refusal(RejectReason.Size, Replies.HeaderTooBig);
        }

        if (!pool.TryReserve((int)octets))
        {
            return new Refusal(RejectReason.Busy, Replies.NoMemory);
        }

        _reserved += (int)octets;
        return null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<MessageHead[]> SealAsync(MessageId id, Trace trace, FieldPlan plan, CancellationToken stop)
    {
        var heads = new MessageHead[plan.IsPerRecipient ? _draft.Recipients.Count : 1];
        for (var at = 0; at < heads.Length; at++)
        {
            WriteHead(id, trace, plan, heads.Length == _draft.Recipients.Count ? _draft.Recipients[at].Address : default);
            var head = await sealer.SealAsync(_head.WrittenMemory, TimeOf(_judgement.Placement), stop).ConfigureAwait(false);

            // The next one is written where this one stands.
            heads[at] = heads.Length == 1 ? head : head with { Octets = head.Octets.ToArray() };
        }

        return heads;
    }

    private static SigningTime TimeOf(Placement placement) =>
        new(placement.Accepted, placement.NotBefore > placement.Accepted ? placement.NotBefore : placement.Accepted);

    // Whose head it is: null for that of several.
    private void WriteHead(MessageId id, Trace trace, FieldPlan plan, Mailbox addressee)
    {
        var (rules, now) = (_draft.Rules, _judgement.Placement.Accepted);
        var only = _draft.Recipients.Count == 1 ? _draft.Recipients[0].Address : default;
        _head.ResetWrittenCount();
        HeaderNormaliser.WriteReceived(_head, trace, rules.Options.Hostname, id, only, _draft.Parameters.IsUtf8, now);
        WriteFeedback(id, plan, addressee);
        HeaderNormaliser.WriteFields(
            _head, _content.Header, _judgement.HasDate, _judgement.HasMessageId, rules, id, now, isUnique: _judgement.Placement.Account.UniqueMessageId && _judgement.HasMessageId);
        _head.Write("\r\n"u8);
    }

    private void WriteFeedback(MessageId id, FieldPlan plan, Mailbox addressee)
    {
        var (terms, placement) = (_draft.Rules.Snapshot.Feedback, _judgement.Placement);
        if (terms.Tokens is null)
        {
            return;
        }

        var namesHim = (plan.HasUnsubscribe || plan.HasComplaints) && !addressee.IsNull;
        var recipient = namesHim && DigestOf is { } digestOf ? digestOf(addressee) : default;
        var campaign = _judgement.Fields.Campaign ?? string.Empty;
        var stream = terms.StreamOf(placement.Account.Name, placement.Stream.Name);
        var token = new ReturnToken(default, id, recipient, stream, ReturnToken.DayOf(placement.Accepted)) { Campaign = ReturnToken.CampaignOf(campaign) };
        FeedbackFields.Write(_head, plan, terms, token, _judgement.From, placement, campaign);
    }

    private Envelope Envelope(MessageId id, FieldPlan plan)
    {
        var (placement, fields) = (_judgement.Placement, _judgement.Fields);
        return new Envelope
        {
            Id = id,
            Sender = _draft.Sender,
            Recipients = plan.IsPerRecipient ? [.. _draft.Recipients.Select((recipient, at) => recipient with { Head = (ushort)at })] : [.. _draft.Recipients],
            Account = placement.Account.Name,
            Stream = placement.Stream.Name,
            Class = placement.Stream.Class,
            Pool = placement.Pool,
            Campaign = fields.Campaign ?? string.Empty,
            Engagement = fields.Engagement ?? (_draft.Recipients.Count == 1 ? EngagementOf?.Invoke(_draft.Recipients[0].Address) : null) ?? Engagement.Normal,
            Tags = fields.Tags,
            Accepted = placement.Accepted,
            NotBefore = placement.NotBefore,
            GiveUp = placement.GiveUp,
            Return = _draft.Parameters.Return,
            EnvelopeId = _draft.Parameters.EnvelopeId,
            Needs = Needs(),
            HeaderFrom = _judgement.From,
            HeaderMessageId = _judgement.HasMessageId ? _judgement.MessageId : $"{id}@{_draft.Rules.Options.Hostname}",
            Client = _address,
            Credential = _draft.Login.Name,
        };
    }

    // Raw octets in a header without SMTPUTF8 are an old habit that every server bears; only who asked for RFC 6532 gets it enforced.
    private BodyNeeds Needs()
    {
        var needs = _content.HasEightBit ? BodyNeeds.EightBit : BodyNeeds.None;
        var needsUtf8 = !_draft.Sender.IsAscii || (_draft.Parameters.IsUtf8 && _content.HasEightBitHeader) || _draft.Recipients.Exists(recipient => !recipient.Address.IsAscii);
        needs = needsUtf8 ? needs | BodyNeeds.SmtpUtf8 : needs;

        // RFC 8689 §3: the parameter wins over the field.
        return _draft.Parameters.IsTlsRequired ? needs | BodyNeeds.RequireTls
            : _judgement.Present.HasFlag(FieldsPresent.TlsOptional) ? needs | BodyNeeds.TlsOptional
            : needs;
    }
}
