using Engine.Mail;

namespace Engine.Feedback;

/// <summary>What a failure notice says of one recipient.</summary>
/// <param name="Recipient">As in the envelope.</param>
/// <param name="Enhanced">Status; 5.0.0 when the peer gave none.</param>
/// <param name="Diagnostic">The peer's reply with its code, or what went wrong here.</param>
/// <param name="Mx">Who said so; null when nobody did.</param>
/// <param name="At">When it ended.</param>
internal sealed record FailedRecipient(Recipient Recipient, EnhancedCode Enhanced, string Diagnostic, string? Mx, DateTimeOffset At);
