using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>What a mail says of one recipient.</summary>
/// <param name="Kind">What kind of news.</param>
/// <param name="Address">As it stands in the mail, without brackets; empty when it cannot be told.</param>
/// <param name="Status">RFC 3463; none when the mail says none.</param>
/// <param name="Code">SMTP reply code in it; 0 for none.</param>
/// <param name="Category">What it means; of the same set as replies.</param>
/// <param name="IsHard">Whether the recipient may be suppressed for it.</param>
/// <param name="Diagnostic">What the remote server said, in one line, printable, at most 1 KiB.</param>
/// <param name="Complaint">Of complaints: <c>abuse</c>, <c>fraud</c>, <c>not-spam</c> … (RFC 5965 §3.5); else empty.</param>
internal sealed record ReportedRecipient(ReportKind Kind, string Address, EnhancedCode Status, ushort Code, Category Category, bool IsHard, string Diagnostic, string Complaint = "");
