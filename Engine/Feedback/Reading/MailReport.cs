namespace Engine.Feedback.Reading;

/// <summary>What a mail that came back reports. No recipients: it reports nothing.</summary>
/// <param name="Recipients">One for each recipient it speaks of; one with an empty address where it names none.</param>
internal sealed record MailReport(IReadOnlyList<ReportedRecipient> Recipients)
{
    public static readonly MailReport Nothing = new([]);

    /// <summary>Message-ID of the mail it is about, without brackets; empty when not told.</summary>
    public string OriginalId { get; init; } = string.Empty;

    /// <summary>Value of <c>CFBL-Feedback-ID</c> in the returned mail (RFC 9477); empty when there is none.</summary>
    public string FeedbackId { get; init; } = string.Empty;

    /// <summary>Return path of the returned mail, where the report names it (<c>Original-Mail-From</c>, <c>Return-Path</c>, X-HmXmrOriginalRecipient and the like); empty when not.</summary>
    public string OriginalSender { get; init; } = string.Empty;

    /// <summary>The kind of the whole: that of its weightiest recipient.</summary>
    public ReportKind Kind => Recipients.Count == 0 ? ReportKind.None : Recipients.Max(recipient => recipient.Kind);
}
