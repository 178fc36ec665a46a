using System.Diagnostics.Metrics;

namespace Engine.Queue;

/// <summary>The queue's instruments, names as in events.md. Each open queue has a meter of its own.</summary>
internal sealed class QueueMetrics : IDisposable
{
    private readonly Meter _meter = new("Engine.Queue");
    private readonly Histogram<double> _commit;
    private readonly Counter<long> _faults;

    /// <param name="counts">Recipients by state.</param>
    /// <param name="bytes">Octets of the logs.</param>
    /// <param name="free">Octets free on the disk.</param>
    /// <param name="refusing">Whether mail is refused for a reason of the disk's.</param>
    public QueueMetrics(Func<QueueCounts> counts, Func<long> bytes, Func<long> free, Func<bool> refusing)
    {
        _commit = _meter.CreateHistogram<double>(
            "engine_commit_seconds", "s", "Time to make appended mail stable. Alert on a p99 above 0.1: the disk is slow.");
        _faults = _meter.CreateCounter<long>(
            "engine_queue_disk_faults_total", "{fault}", "Commits that failed; the log was opened anew, or the process ended with 75. Alert on any.");
        _meter.CreateObservableGauge(
            "engine_queue_refusing", () => refusing() ? 1 : 0, "{state}", "1 while mail is answered 452 because the disk is full or fails. Alert on 1.");
        _meter.CreateObservableGauge(
            "engine_queue_recipients", () => Measure(counts()), "{recipient}", "Queued recipients by state. Alert on deferred growing for an hour.");
        _meter.CreateObservableGauge("engine_queue_bytes", bytes, "By", "Octets of the queue's logs, dead mail included. Alert near the disk's size.");
        _meter.CreateObservableGauge(
            "engine_disk_free_bytes", free, "By", "Free disk of the queue. Alert below twice queue.minFreeDisk: under it mail is refused with 452.");
    }

    public void Faulted() => _faults.Add(1);

    public void Committed(TimeSpan time) => _commit.Record(time.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] Measure(QueueCounts counts) =>
    [
        new(counts.Ready, new KeyValuePair<string, object?>("state", "ready")),
        new(counts.Deferred, new KeyValuePair<string, object?>("state", "deferred")),
        new(counts.Held, new KeyValuePair<string, object?>("state", "held")),
        new(counts.InFlight, new KeyValuePair<string, object?>("state", "in_flight")),
        new(counts.Scheduled, new KeyValuePair<string, object?>("state", "scheduled")),
    ];
}
