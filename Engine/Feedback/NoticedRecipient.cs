using Engine.Mail;

namespace Engine.Feedback;

/// <summary>What a notice says of one recipient.</summary>
/// <param name="Kind">What kind of news.</param>
/// <param name="Recipient">As in the envelope.</param>
/// <param name="Enhanced">Status; when the peer gave none, the bare class that fits the kind.</param>
/// <param name="Diagnostic">The peer's reply with its code, or what went wrong here.</param>
/// <param name="Mx">Who said so; null when nobody did.</param>
/// <param name="At">Time of the last attempt.</param>
/// <param name="RetryUntil">Of a delay: until when it is tried.</param>
internal sealed record NoticedRecipient(NoticeKind Kind, Recipient Recipient, EnhancedCode Enhanced, string Diagnostic, string? Mx, DateTimeOffset At, DateTimeOffset? RetryUntil = null);
