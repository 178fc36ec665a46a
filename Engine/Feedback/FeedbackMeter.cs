using System.Diagnostics.Metrics;
using Engine.Mail;

namespace Engine.Feedback;

/// <summary>Counts ends and deferrals. Label <c>provider</c> is <c>other</c> beyond the named ones.</summary>
internal sealed class FeedbackMeter : IDisposable
{
    private readonly Meter _meter = new("Engine.Feedback");
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _relayed;
    private readonly Counter<long> _deferred;
    private readonly Counter<long> _deferredBySource;
    private readonly Counter<long> _bounced;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _suppressed;
    private readonly Counter<long> _uncertain;
    private readonly Histogram<double> _queued;

    public FeedbackMeter()
    {
        _delivered = _meter.CreateCounter<long>("engine_delivered_total", "recipients", "Recipients a receiver has taken.");
        _relayed = _meter.CreateCounter<long>("engine_relayed_total", "recipients", "Recipients a relay of ours has taken; not among the delivered.");
        _deferred = _meter.CreateCounter<long>("engine_deferred_total", "attempts", "Attempts that ended in another try.");
        _deferredBySource = _meter.CreateCounter<long>("engine_deferred_by_source_total", "attempts", "Attempts that ended in another try, by source.");
        _bounced = _meter.CreateCounter<long>("engine_bounced_total", "recipients", "Recipients that failed for good.");
        _expired = _meter.CreateCounter<long>("engine_expired_total", "recipients", "Recipients whose time was over.");
        _suppressed = _meter.CreateCounter<long>("engine_suppressed_total", "recipients", "Recipients that were not sent to because they are suppressed.");
        _uncertain = _meter.CreateCounter<long>("engine_uncertain_total", "attempts", "Final dots without an answer.");
        _queued = _meter.CreateHistogram<double>("engine_queued_seconds", "s", "Time from acceptance to the end of a recipient.");
    }

    public void Deferred(Category category, string? source, string? provider, bool uncertain)
    {
        _deferred.Add(1, new("provider", provider ?? "other"), new("category", category.ToString()));
        _deferredBySource.Add(1, new("source", source ?? "none"), new("provider", provider ?? "other"));
        _uncertain.Add(uncertain ? 1 : 0);
    }

    public void Ended(EventKind kind, Category category, StreamClass streamClass, string? source, string? provider, TimeSpan queued, string? relay = null, SuppressionReason suppressedFor = SuppressionReason.None)
    {
        var name = streamClass is StreamClass.Transactional ? "transactional" : "marketing";
        switch (kind)
        {
            case EventKind.Delivered:
                _delivered.Add(1, new("provider", provider ?? "other"), new("source", source ?? "none"), new("class", name));
                break;
            case EventKind.Relayed:
                _relayed.Add(1, new("relay", relay), new("class", name));
                break;
            case EventKind.Expired:
                _expired.Add(1);
                break;
            case EventKind.Suppressed:
                _suppressed.Add(1, new KeyValuePair<string, object?>("reason", suppressedFor.ToString().ToLowerInvariant()));
                break;
            default:
                _bounced.Add(1, new("provider", provider ?? "other"), new("category", category.ToString()));
                break;
        }

        _queued.Record(queued.TotalSeconds, new KeyValuePair<string, object?>("class", name));
    }

    /// <summary>Shows how many notices wait. Once, before anything is counted.</summary>
    public void ShowNotices(Func<int> waiting) =>
        _meter.CreateObservableGauge("engine_notices_waiting", waiting, "{notice}", "Notices to senders that wait for system.rate; their recipients stay in flight. Alert when it grows for an hour.");

    public void Dispose() => _meter.Dispose();
}
