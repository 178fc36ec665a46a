using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue;

/// <summary>A queued recipient for people.</summary>
/// <param name="Slot">For <see cref="MailQueue.Look"/>; good while the recipient is queued.</param>
/// <param name="Recipient">What the index knew.</param>
/// <param name="Flow">Its flow.</param>
/// <param name="Domain">Its domain.</param>
/// <param name="Sender">Envelope sender; empty for the null path.</param>
/// <param name="Address">Where to.</param>
/// <param name="Last">The last deferral with its reply; null when there was none.</param>
internal sealed record QueuedView(int Slot, QueuedRecipient Recipient, Flow Flow, DomainName Domain, string Sender, string Address, DeferRecord? Last)
{
    /// <summary>Why its message cannot be read; sender and address are empty then. Null when it could.</summary>
    public string? Fault { get; init; }
}
