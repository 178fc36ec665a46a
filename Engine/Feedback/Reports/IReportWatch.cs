namespace Engine.Feedback.Reports;

/// <summary>Hears of proven reports: brakes and the sender score. Called after the suppression is on stable storage, once for each news of a recipient, from the session that took the report.</summary>
internal interface IReportWatch
{
    void Heard(in ReportNews news);
}
