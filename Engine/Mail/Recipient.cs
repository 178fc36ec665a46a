namespace Engine.Mail;

/// <summary>One recipient of a message, named by its index in the envelope.</summary>
/// <param name="Address">Where to.</param>
/// <param name="Notify">DSN wishes, RFC 3461 §4.1.</param>
/// <param name="OriginalRecipient">ORCPT as given, xtext and all (RFC 3461 §4.2); null when absent.</param>
/// <param name="Head">Which of the message's heads goes out to it; 0 is the first.</param>
internal sealed record Recipient(Mailbox Address, Notify Notify = Notify.None, string? OriginalRecipient = null, ushort Head = 0);
