using Engine.Configuration;
using Engine.Feedback.Reading;
using Engine.Feedback.Reports;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Daemon;

/// <summary>Tells brakes and scores what proven reports say.</summary>
internal sealed class ReportEar(CurrentSnapshot current, ISenderWatch senders) : IReportWatch
{
    public void Heard(in ReportNews news)
    {
        if (news.Kind is not ReportKind.Complaint && !news.IsHard)
        {
            return;
        }

        var account = current.Value.AccountOf(news.Account);
        senders.Heard(new SenderNews
        {
            Kind = news.Kind is ReportKind.Complaint ? SenderNewsKind.Complained : SenderNewsKind.HardBounced,
            Account = news.Account,
            Stream = news.Stream,
            Campaign = string.Empty,
            CampaignMark = news.Campaign,
            Class = account?.Streams.GetValueOrDefault(news.Stream)?.Class ?? StreamClass.Transactional,
            At = news.At,
        });
    }
}
