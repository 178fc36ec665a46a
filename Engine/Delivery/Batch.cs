using System.Diagnostics;
using Engine.Delivery.Smtp;
using Engine.Delivery.Trust;
using Engine.Mail;
using Engine.Queue;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>Recipients of one message that share a transaction, and its verdicts. A worker has two and uses them in turn.</summary>
internal sealed class Batch : ISmtpRecipients
{
    /// <summary>Recipients in one transaction at most. RFC 5321 §4.5.3.1.8: a server must take 100.</summary>
    public const int MaxRecipients = 100;

    // Mail whose key was revoked, until the next one may sign.
    private static readonly TimeSpan UnsignedPause = TimeSpan.FromMinutes(1);

    private readonly int[] _slots = new int[MaxRecipients];
    private readonly ushort[] _recipients = new ushort[MaxRecipients];
    private readonly List<Dropped> _dropped = [];
    private readonly Verdict[] _verdicts = new Verdict[MaxRecipients];
    private readonly byte[] _path = new byte[Mailbox.MaxLength];
    private WirePath _made;

    public int Count { get; private set; }

    public StoredMessage? Message { get; private set; }

    public Pulled Pulled { get; private set; }

    /// <summary>Domain of the return path where it is one of ours; null for the submitter's.</summary>
    public string? ReturnPath => _made.Domain;

    /// <summary>What its message asks of TLS.</summary>
    public TlsWish Wish => SessionWish.Of(Message!.Needs, Message.Sender.IsEmpty);

    /// <summary>True once its envelope may be on the wire behind the message before.</summary>
    public bool IsOnWire { get; set; }

    public Memory<Verdict> Verdicts => _verdicts.AsMemory(0, Count);

    public SmtpJob Job => new()
    {
        Sender = _made.Length > 0 ? _path.AsMemory(0, _made.Length) : Message!.Sender,
        Recipients = this,
        Return = Message!.Return,
        EnvelopeId = Message.EnvelopeId,
        Needs = Message.Needs,
        Head = Message.Head(Message.HeadOf(_recipients[0])),
        Content = Message.Content,
    };

    public int SlotAt(int position) => _slots[position];

    public ReadOnlyMemory<byte> AddressOf(int position) => Message!.AddressOf(_recipients[position]);

    public Notify NotifyOf(int position) => Message!.NotifyOf(_recipients[position]);

    public ReadOnlyMemory<byte> OriginalRecipientOf(int position) => Message!.OriginalRecipientOf(_recipients[position]);

    /// <summary>Sees to it that the head that leaves has no signature of a withdrawn key. False, and given back, when no other key may sign for it yet.</summary>
    public async ValueTask<bool> RenewAsync(WorkerParts parts, Action<Batch, DateTimeOffset> giveBack, CancellationToken stop)
    {
        if (await parts.Renewal!.TryRenewAsync(Message!, Message!.HeadOf(_recipients[0]), stop).ConfigureAwait(false))
        {
            return true;
        }

        giveBack(this, parts.Clock.GetUtcNow() + UnsignedPause);
        return false;
    }

    /// <summary>Makes it empty, for what was pulled next. Whoever was in it has been reported or put back: nobody goes over to the next message.</summary>
    public void Clear(Pulled pulled)
    {
        Debug.Assert(!HasDropped, "Who was taken out must be put back first.");
        _dropped.Clear();
        (Count, Message, Pulled, IsOnWire, _made) = (0, null, pulled, false, default);
    }

    public void Add(int slot, ushort recipient)
    {
        _slots[Count] = slot;
        _recipients[Count++] = recipient;
    }

    /// <summary>Takes the message, makes its return path, and keeps only recipients of the first one's head, with REQUIRETLS of his domain too; only the first where the path names him.</summary>
    /// <param name="message">Owned until <see cref="Release"/>.</param>
    /// <param name="parts">Make the path.</param>
    /// <param name="putBack">Takes the slots of the others.</param>
    public void Attach(StoredMessage message, WorkerParts parts, Action<int> putBack)
    {
        Message = message;
        var first = parts.Queue.Look(_slots[0]);
        _made = parts.ReturnPaths?.Write(message, first, _path) ?? default;
        var head = message.HeadOf(_recipients[0]);

        // A host is vouched for towards one domain: RFC 8689 §4.2.1.
        var isOfOneDomain = Wish is TlsWish.Required;
        var kept = 0;
        for (var position = 0; position < Count; position++)
        {
            if (message.HeadOf(_recipients[position]) != head
                || (_made.NamesRecipient && position > 0)
                || (isOfOneDomain && position > 0 && parts.Queue.Look(_slots[position]).Domain != first.Domain))
            {
                putBack(_slots[position]);
                continue;
            }

            (_slots[kept], _recipients[kept]) = (_slots[position], _recipients[position]);
            kept++;
        }

        Count = kept;
    }

    /// <summary>
    /// Takes out who is suppressed. Not asked about: mail of our own, and transactional mail with the null sender, for nothing else tells of a failure. Marketing is, whatever its sender says.
    /// When the list cannot be read, nobody has been taken out.
    /// </summary>
    /// <returns>How many were taken out.</returns>
    public async ValueTask<int> DropAsync(WorkerParts parts, CancellationToken stop)
    {
        if (parts.Gate is not { } gate || Message!.IsNotice)
        {
            return 0;
        }

        try
        {
            for (var position = 0; position < Count; position++)
            {
                var recipient = parts.Queue.Look(_slots[position]);
                var flow = parts.Queue.FlowOf(recipient.Flow);
                if (Message.Sender.IsEmpty && flow.Class is StreamClass.Transactional)
                {
                    continue;
                }

                // Who has a path of his own is known by it.
                var address = _made.NamesRecipient ? _made.Recipient : gate.DigestOf(Mailbox.Restore(AddressOf(position), parts.Queue.DomainOf(recipient.Domain)));
                if (await gate.AskAsync(address, flow.Account, flow.Stream, flow.Class, stop).ConfigureAwait(false) is { } found)
                {
                    _dropped.Add(new Dropped(_slots[position], found));
                }
            }
        }
        catch
        {
            _dropped.Clear();
            throw;
        }

        return Compact();
    }

    // Closes the gaps of who was taken out; both stand in the same order.
    private int Compact()
    {
        var kept = 0;
        for (var position = 0; position < Count; position++)
        {
            var dropped = position - kept;
            if (dropped < _dropped.Count && _dropped[dropped].Slot == _slots[position])
            {
                continue;
            }

            (_slots[kept], _recipients[kept]) = (_slots[position], _recipients[position]);
            kept++;
        }

        Count = kept;
        return _dropped.Count;
    }

    public bool HasDropped => _dropped.Count > 0;

    /// <summary>Gives out who was taken out.</summary>
    public IEnumerable<Outcome> TakeDropped(SourceId source, DateTimeOffset now)
    {
        if (_dropped.Count == 0)
        {
            return [];
        }

        var outcomes = _dropped.ConvertAll(dropped => new Outcome
        {
            Slot = dropped.Slot,
            Kind = OutcomeKind.Suppressed,
            Enhanced = new EnhancedCode(5, 7, 1),
            Text = $"the address is suppressed ({dropped.Entry.Reason.ToString().ToLowerInvariant()}, since {dropped.Entry.Added.UtcDateTime:yyyy-MM-dd})",
            Suppression = dropped.Entry.Reason,
            Source = source,
            At = now,
        });
        _dropped.Clear();
        return outcomes;
    }

    /// <summary>Gives the message on: feedback disposes of it.</summary>
    public StoredMessage? Release()
    {
        var message = Message;
        Message = null;
        return message;
    }
}
