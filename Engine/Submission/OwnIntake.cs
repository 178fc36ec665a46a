using System.Buffers;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Submission;

/// <summary>Takes mail of our own: notices, reports, alerts. Signed and stored like any other. Thread-safe.</summary>
internal sealed class OwnIntake(RulesInForce rules, IMessageStore store, Func<IHeadSealer> makeSealer, IntakeLedger ledger, TimeProvider clock) : IIntake
{
    /// <exception cref="IntakeRefusedException">A key that should sign it cannot be had, or the queue takes nothing.</exception>
    /// <exception cref="ArgumentException">The content has no header that can be read, or there is no recipient: a bug of ours.</exception>
    public async ValueTask AcceptAsync(OwnMessage message, CancellationToken stop)
    {
        var (inForce, now) = (rules.Value, clock.GetUtcNow());
        var id = message.Id == default ? store.Ids.Next() : message.Id;
        if (message.Recipients.Count == 0)
        {
            throw new ArgumentException("mail of our own needs a recipient", nameof(message));
        }

        using var sealer = makeSealer();
        var head = new ArrayBufferWriter<byte>(1_024);
        var envelope = Open(message, id, inForce, now, head, sealer, out var body);
        var signed = await sealer.SealAsync(head.WrittenMemory, now, stop).ConfigureAwait(false);
        var admitted = new Admitted(new NewMessage(envelope, [signed], new ReadOnlySequence<byte>(body)), IsHeld: false);
        await store.AcceptAsync(admitted, stop).ConfigureAwait(false);
        ledger.Accepted(admitted, session: 0);
    }

    private static Envelope Open(
        OwnMessage message, MessageId id, SubmissionRules inForce, DateTimeOffset now, ArrayBufferWriter<byte> head, IHeadSealer sealer, out ReadOnlyMemory<byte> body)
    {
        _ = HeaderWalker.TrySplit(message.Content.Span, out var header, out var rest);
        body = message.Content[^rest.Length..];
        if (HeaderInspector.Inspect(header, int.MaxValue, out var notes) is { } refusal)
        {
            throw new ArgumentException($"mail of our own is malformed: {refusal.Reply.Text}", nameof(message));
        }

        var only = message.Recipients.Count == 1 ? message.Recipients[0] : default;
        HeaderNormaliser.WriteReceived(head, null, inForce.Options.Hostname, id, only, isUtf8: false, now);
        HeaderNormaliser.WriteFields(head, header, notes.HasDate, notes.HasMessageId, inForce, id, now);
        head.Write("\r\n"u8);
        switch (message.IsForwarded ? Sealing.Unsigned : sealer.Begin(notes.FromDomain))
        {
            case Sealing.Signed:
                sealer.AppendBody(rest);
                break;
            case Sealing.Refused:
                throw new IntakeRefusedException($"mail of our own is not sent unsigned, and a key of {notes.FromDomain} cannot be had");
            default:
                break;
        }

        return new Envelope
        {
            Id = id,
            Sender = message.Sender.Detach(),
            Recipients = [.. message.Recipients.Select(address => new Recipient(address.Detach()))],
            Account = OwnMessage.Account,
            Class = message.Pool is { } named && inForce.Options.Pools.TryGetValue(named, out var pool) ? pool.Class : StreamClass.Transactional,
            Pool = message.Pool ?? PoolFor(inForce.Options),
            Accepted = now,
            NotBefore = now,
            Needs = NeedsOf(message, notes.Present),
            HeaderFrom = notes.FromDomain,
            HeaderMessageId = notes.HasMessageId ? Encoding.UTF8.GetString(notes.MessageId) : $"{id}@{inForce.Options.Hostname}",
            IsNotice = true,
        };
    }

    private static string PoolFor(EngineOptions options) =>
        options.System.Pool
        ?? options.Pools.Where(pool => pool.Value.Class is StreamClass.Transactional && pool.Value.ExclusiveTo.Count == 0).Select(pool => pool.Key).FirstOrDefault()
        ?? string.Empty;

    private static BodyNeeds NeedsOf(OwnMessage message, FieldsPresent present)
    {
        var needs = Ascii.IsValid(message.Content.Span) ? BodyNeeds.None : BodyNeeds.EightBit;
        needs = message.Sender.IsAscii && message.Recipients.All(recipient => recipient.IsAscii) ? needs : needs | BodyNeeds.SmtpUtf8;
        return message.IsTlsRequired ? needs | BodyNeeds.RequireTls : present.HasFlag(FieldsPresent.TlsOptional) ? needs | BodyNeeds.TlsOptional : needs;
    }
}
