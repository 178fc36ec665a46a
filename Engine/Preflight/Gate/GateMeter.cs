using System.Diagnostics.Metrics;

namespace Engine.Preflight.Gate;

/// <summary>Gauge of how sender domains stand.</summary>
internal sealed class GateMeter : IDisposable
{
    private static readonly string[] States = ["good", "contradicted", "paused", "unknown"];

    private readonly Meter _meter = new("Engine.Preflight");

    public GateMeter(DomainGate gate) => _meter.CreateObservableGauge(
        "engine_domains",
        () => Count(gate),
        "domains",
        "Sender domains that are verified, by state: good, contradicted (DNS says otherwise, within the grace or by advice), paused (may not send), unknown (never answered). Alert when paused rises.");

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Count(DomainGate gate)
    {
        var all = gate.List().CountBy(WordOf).ToDictionary(StringComparer.Ordinal);
        return States.Select(state => new Measurement<int>(all.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", state)));
    }

    /// <summary>The state in a word.</summary>
    public static string WordOf(DomainStanding standing) =>
        standing.IsPaused ? "paused" : standing.Since is not null ? "contradicted" : standing.Last is GateEvidence.Good ? "good" : "unknown";
}
