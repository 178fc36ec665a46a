using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>An address of ours that mail is taken for.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Address">As the client gave it; owns its octets.</param>
/// <param name="Token">What the address says, where it is a token; its MAC was good.</param>
internal readonly record struct InboundRecipient(InboundKind Kind, Mailbox Address, ReturnToken Token = default);
