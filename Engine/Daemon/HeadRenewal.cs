using System.Buffers;
using Engine.Delivery;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Daemon;

/// <summary>
/// Heads that a withdrawn key signed: its signatures are taken out, those of keys that may sign are put in, the queue keeps the new head, and only then
/// does it leave. Doing it twice does no harm, so a crash on the way needs nothing.
/// </summary>
/// <param name="queue">Keeps the new heads.</param>
/// <param name="keys">Says what is withdrawn, and what signs.</param>
/// <param name="signing">Signs.</param>
/// <param name="clock">For t=.</param>
internal sealed class HeadRenewal(MailQueue queue, IKeysInForce keys, SigningWork signing, TimeProvider clock) : IHeadRenewal
{
    // The question is the same for every message until the book changes: made once.
    private Question _question = new(RotationBook.Blank);

    public bool IsActive => keys.Book.HasWithdrawn;

    public ValueTask<bool> TryRenewAsync(StoredMessage message, int head, CancellationToken stop)
    {
        var book = keys.Book;
        var question = Volatile.Read(ref _question);
        if (!ReferenceEquals(question.Book, book))
        {
            Volatile.Write(ref _question, question = new Question(book));
        }

        return message.IsSigned(head, question.IsWithdrawn) ? RenewAsync(message, head, book, stop) : ValueTask.FromResult(true);
    }

    private async ValueTask<bool> RenewAsync(StoredMessage message, int head, RotationBook book, CancellationToken stop)
    {
        var old = message.HeadDetails(head);
        var kept = old.Signatures.Where(signature => !book.IsWithdrawn(signature.Domain, signature.Selector)).ToList();
        var from = message.Envelope.HeaderFrom;
        if (!keys.Ring.TryFind(from, out var ring) || book.IsWithheld(from, ring))
        {
            return false;
        }

        var stripped = new ArrayBufferWriter<byte>(old.Octets.Length);
        HeadStripping.Strip(old.Octets.Span, book, stripped, out var body);
        var signers = ring.Where(key => !kept.Exists(has => has.Domain == key.Domain.Name && string.Equals(has.Selector, key.Selector, StringComparison.OrdinalIgnoreCase))).ToList();
        var output = new ArrayBufferWriter<byte>(old.Octets.Length + 1_024);
        if (signers.Count > 0 && await signing.SignAsync(stripped.WrittenMemory[..^2], old.BodyHash, signers, clock.GetUtcNow(), output, body, stop).ConfigureAwait(false))
        {
            kept.InsertRange(0, signers.Select(static key => new DkimIdentity(key.Domain.Name, key.Selector)));
        }

        if (kept.Count == 0)
        {
            // It was signed when it came, and must not leave without.
            return false;
        }

        output.Write(stripped.WrittenSpan);
        var renewed = new MessageHead(output.WrittenMemory, kept, old.BodyHash);
        await queue.RewriteHeadAsync(message.Id, checked((ushort)head), renewed).ConfigureAwait(false);
        message.Rewrite(head, renewed);
        return true;
    }

    private sealed class Question(RotationBook book)
    {
        public RotationBook Book { get; } = book;

        public SignaturePredicate IsWithdrawn { get; } = book.IsWithdrawn;
    }
}
