using Engine.Mail;
using Engine.Queue;

namespace Engine.Submission;

/// <summary>The queue as a store.</summary>
/// <param name="queue">Where messages go.</param>
/// <param name="acceptHeld">Takes a message that is not to be sent until it is released.</param>
internal sealed class QueueStore(MailQueue queue, Func<NewMessage, CancellationToken, ValueTask> acceptHeld) : IMessageStore
{
    public MessageIdSource Ids => queue.Ids;

    public string? Refusal => queue.Refusal;

    public ValueTask AcceptAsync(Admitted message, CancellationToken stop) =>
        message.IsHeld ? acceptHeld(message.Message, stop) : queue.AcceptAsync(message.Message, stop);
}
