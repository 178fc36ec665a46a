using System.Collections.Concurrent;
using Engine.Feedback.Reports;

namespace Engine.Tests.Feedback.Reports;

internal sealed class CollectedNews : IReportWatch
{
    private readonly ConcurrentQueue<ReportNews> _all = new();

    /// <summary><c>kind hard account/stream category</c>, a line each.</summary>
    public IReadOnlyList<string> Lines => [.. _all.Select(news => $"{news.Kind} {(news.IsHard ? "hard" : "soft")} {news.Account}/{news.Stream} {news.Category}")];

    public void Heard(in ReportNews news) => _all.Enqueue(news);
}
