using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Delivery;

/// <summary>
/// Makes the MAIL FROM that goes on the wire: a signed token at a return-path domain of ours, so that who bounces later tells us of whom (VERP). Made at the attempt,
/// so that old mail in the queue gets one too; its day is that of the acceptance, so that a receiver that greylists sees the same path again. Thread-safe; allocates nothing.
/// </summary>
/// <remarks>
/// The null path stays (RFC 5321 §4.5.5), and so does the sender of mail of our own: nothing about it may come back as a bounce. Mail by a relay gets a
/// token as any other: its bounces come later still.
/// </remarks>
/// <param name="current">Says whether, and at which domain.</param>
/// <param name="queue">Knows flows and domains.</param>
/// <param name="digestOf">Names recipients as suppression does. Must not block.</param>
/// <param name="clock">For the day.</param>
internal sealed class ReturnPaths(CurrentSnapshot current, MailQueue queue, Func<Mailbox, AddressDigest> digestOf, TimeProvider clock)
{
    private static readonly TimeSpan LongestQueued = TimeSpan.FromDays(7);

    /// <summary>Whether each recipient gets a transaction of his own.</summary>
    public bool IsPerRecipient => current.Value.Feedback.Verp is Verp.Recipient;

    /// <summary>Writes the path, without brackets.</summary>
    /// <param name="message">The message.</param>
    /// <param name="recipient">The recipient, or with <c>verp: message</c> any of them.</param>
    /// <param name="target">At least <see cref="Mailbox.MaxLength"/> octets.</param>
    /// <returns>What was made; default where the submitter's path stays.</returns>
    public WirePath Write(StoredMessage message, in QueuedRecipient recipient, Span<byte> target)
    {
        var feedback = current.Value.Feedback;
        if (feedback is not { Tokens: { } tokens, Verp: var verp and not Verp.Off } || message.Sender.IsEmpty || message.IsNotice)
        {
            return default;
        }

        var flow = queue.FlowOf(recipient.Flow);
        var address = verp is Verp.Recipient ? digestOf(Mailbox.Restore(message.AddressOf(recipient.Index), queue.DomainOf(recipient.Domain))) : default;
        var token = new ReturnToken(TokenPurpose.Bounce, message.Id, address, feedback.StreamOf(flow.Account, flow.Stream), ReturnToken.DayOf(DayFor(recipient.Accepted))) { Campaign = ReturnToken.CampaignOf(flow.Campaign) };
        var domain = feedback.ReturnPaths.Of(flow.SenderDomain);
        var length = tokens.Seal(token, target);
        domain.Octets.CopyTo(target[length..]);
        return new WirePath(length + domain.Octets.Length, domain.Name, address);
    }

    // Mail that was scheduled for long is young when it is first tried.
    private DateTimeOffset DayFor(DateTimeOffset accepted)
    {
        var now = clock.GetUtcNow();
        return now - accepted > LongestQueued ? now : accepted;
    }
}
