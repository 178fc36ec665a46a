using Engine.Mail;
using Engine.Queue;

namespace Engine.Submission;

/// <summary>The queue as a store. Mail of accounts in review or paused is taken like any other: delivery keeps it while the account is not active.</summary>
internal sealed class QueueStore(MailQueue queue) : IMessageStore
{
    public MessageIdSource Ids => queue.Ids;

    public string? Refusal => queue.Refusal;

    public IIncomingContent Begin(MessageId id) => queue.BeginContent(id);

    public ValueTask AcceptAsync(Admitted message, CancellationToken stop) => queue.AcceptAsync(message.Message, stop);
}
