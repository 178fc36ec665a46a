using Engine.Mail;
using Engine.Queue;

namespace Engine.Submission;

/// <summary>Where messages go that were let in. The queue; in tests, a list.</summary>
internal interface IMessageStore
{
    MessageIdSource Ids { get; }

    /// <summary>Null while messages are taken; otherwise why not.</summary>
    string? Refusal { get; }

    /// <summary>Takes in the content of a large message while it comes: goes into <see cref="NewMessage.Before"/>. The caller disposes it.</summary>
    /// <param name="id">Of <see cref="Ids"/>; the message is accepted with it.</param>
    IIncomingContent Begin(MessageId id);

    /// <summary>Completes once the message is on stable storage.</summary>
    ValueTask AcceptAsync(Admitted message, CancellationToken stop);
}
