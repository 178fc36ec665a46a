using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>Reads complaints: ARF (RFC 5965, 6591, 9477), Microsoft's JMRP form without a machine-readable part, and mails of Apple's unsubscribe button.</summary>
internal static class ComplaintReader
{
    private const int MaxRecipients = 64;

    private static readonly Category Complaints = new("complaints");

    /// <summary>The complaint; null when the mail is none.</summary>
    public static MailReport? Read(ReceivedMail mail, OriginalMail original)
    {
        if (mail.Complaint is { } fields)
        {
            return OfFields(fields.Span, original);
        }

        if (original.Recipient.Length > 0 || IsJunkReport(mail))
        {
            return Of([original.Recipient.Length > 0 ? original.Recipient : original.To], "abuse", original);
        }

        if (mail.IsUnsubscribe)
        {
            return Of([mail.Author], "opt-out", original);
        }

        // Reports whose parts lost their types.
        var at = mail.Status is null ? mail.AllWords.AsSpan().IndexOf("\nFeedback-Type:") : -1;
        return at < 0 || !mail.AllWords.Contains("\nUser-Agent:", StringComparison.Ordinal) ? null : OfFields(Paragraph(mail.AllWords, at), original);
    }

    private static MailReport OfFields(ReadOnlySpan<char> text, OriginalMail original)
    {
        var type = string.Empty;
        var sender = string.Empty;
        var id = string.Empty;
        var feedback = string.Empty;
        var removal = string.Empty;
        var recipients = new List<string>();
        text = text.TrimStart('\n');
        var lines = new HeaderLines(text);
        while (lines.Next())
        {
            var value = lines.Value[..Math.Min(lines.Value.Length, 998)];
            switch (lines.Name.Length)
            {
                case 13 when lines.Is("Feedback-Type"):
                    type = type.Length == 0 ? Printable.Line(value).ToLowerInvariant() : type;
                    break;
                case 16 when lines.Is("Original-Rcpt-To") && recipients.Count < MaxRecipients && AddressScan.Find(value) is { Length: > 0 } address:
                    recipients.Add(address);
                    break;
                case 16 when lines.Is("CFBL-Feedback-ID"):
                    feedback = OriginalMail.Unfolded(value);
                    break;
                case 18 when lines.Is("Original-Mail-From"):
                    sender = AddressScan.Find(value);
                    break;
                case 17 when lines.Is("Removal-Recipient"):
                    removal = AddressScan.Find(value);
                    break;
                case 10 when lines.Is("Message-ID"):
                    id = OriginalMail.Bare(value);
                    break;
                case 19 when lines.Is("Original-Message-ID"):
                    id = OriginalMail.Bare(value);
                    break;
                default:
                    break;
            }
        }

        if (recipients.Count == 0)
        {
            recipients.Add(original.Recipient is { Length: > 0 } told ? told : original.To is { Length: > 0 } to ? to : removal);
        }

        var report = Of(recipients, type.Length > 0 ? type : "abuse", original);
        return report with
        {
            OriginalSender = sender.Length > 0 ? sender : report.OriginalSender,
            OriginalId = report.OriginalId.Length > 0 ? report.OriginalId : id,
            FeedbackId = report.FeedbackId.Length > 0 ? report.FeedbackId : feedback,
        };
    }

    private static MailReport Of(List<string> recipients, string type, OriginalMail original) =>
        new([.. recipients.Select(address => new ReportedRecipient(ReportKind.Complaint, address, default, 0, Complaints, false, string.Empty, type))])
        {
            OriginalId = original.Id,
            FeedbackId = original.FeedbackId,
            OriginalSender = original.Sender,
        };

    // Outlook.com's junk mail reporting: the mail as it was, enclosed, and this subject.
    private static bool IsJunkReport(ReceivedMail mail) =>
        mail.Enclosed >= 0 && mail.Subject.AsSpan().TrimStart().StartsWith("complaint about message from", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Paragraph(string words, int at)
    {
        var start = words.AsSpan(0, at).LastIndexOf("\n\n");
        return words.AsSpan(start < 0 ? 0 : start + 2);
    }
}
