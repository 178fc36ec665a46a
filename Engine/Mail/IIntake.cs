namespace Engine.Mail;

/// <summary>How mail of our own enters: the same admission as submission, without a session. <c>Submission</c> implements it.</summary>
internal interface IIntake
{
    /// <summary>Completes when the message is on stable storage, or was there already.</summary>
    ValueTask AcceptAsync(OwnMessage message, CancellationToken stop);
}
