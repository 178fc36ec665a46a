using System.Diagnostics.Metrics;

namespace Engine.Delivery;

/// <summary>Counts connections and times attempts. Label <c>provider</c> is <c>other</c> beyond the named ones.</summary>
internal sealed class DeliveryMeter : IDisposable
{
    private readonly Meter _meter = new("Engine.Delivery");
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _connectFailed;
    private readonly Histogram<double> _attempt;

    public DeliveryMeter()
    {
        _connections = _meter.CreateUpDownCounter<long>("engine_connections", "connections", "Connections that carry or may carry mail now, idle ones not counted.");
        _connectFailed = _meter.CreateCounter<long>("engine_connect_failed_total", "connections", "Connections that did not come to a first message.");
        _attempt = _meter.CreateHistogram<double>("engine_attempt_seconds", "s", "Time of a transaction, MAIL to the last reply.");
    }

    public void Connected(string source, string? provider, int change) => _connections.Add(change, new("provider", provider ?? "other"), new("source", source));

    public void ConnectFailed(string source, Enum reason) =>
        _connectFailed.Add(1, new("source", source), new("reason", reason.ToString().ToLowerInvariant()));

    public void Attempted(TimeSpan duration, string? provider) => _attempt.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("provider", provider ?? "other"));

    public void Dispose() => _meter.Dispose();
}
