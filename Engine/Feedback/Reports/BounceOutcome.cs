using System.Globalization;
using Engine.Feedback.Reading;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>A bounce that came by mail, as the outcome that a notice tells.</summary>
internal static class BounceOutcome
{
    public static Outcome Of(ReportedRecipient bounce, DateTimeOffset now) => new()
    {
        Slot = NoticeDesk.Settled,
        Kind = OutcomeKind.Failed,
        Enhanced = bounce.Status.IsPresent ? bounce.Status : new EnhancedCode(5, 0, 0),
        Text = string.Create(CultureInfo.InvariantCulture, $"{(bounce.Code > 0 ? $"{bounce.Code} " : string.Empty)}{bounce.Diagnostic}"),
        Source = SourceId.None,
        At = now,
    };
}
