using Engine.Feedback.Reading;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>A bounce or complaint whose token was good.</summary>
/// <param name="Kind">Bounce or complaint.</param>
/// <param name="Id">The message.</param>
/// <param name="Account">Its name, or <c>#NUMBER</c>.</param>
/// <param name="Stream">The same; empty for the unnamed one.</param>
/// <param name="Category">What a bounce means.</param>
/// <param name="IsHard">Whether the recipient was suppressed for it, if it was not before.</param>
/// <param name="At">When it was heard.</param>
internal readonly record struct ReportNews(ReportKind Kind, MessageId Id, string Account, string Stream, Category Category, bool IsHard, DateTimeOffset At)
{
    /// <summary>Mark of the campaign: <see cref="ReturnToken.CampaignOf"/>.</summary>
    public ushort Campaign { get; init; }
}
