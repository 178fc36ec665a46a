using Engine.Mail;

namespace Engine.Submission;

/// <summary>Where messages go that were let in. The queue; in tests, a list.</summary>
internal interface IMessageStore
{
    MessageIdSource Ids { get; }

    /// <summary>Null while messages are taken; otherwise why not.</summary>
    string? Refusal { get; }

    /// <summary>Completes once the message is on stable storage.</summary>
    ValueTask AcceptAsync(Admitted message, CancellationToken stop);
}
