using System.Diagnostics.Metrics;
using Engine.Configuration;

namespace Engine.Observability;

/// <summary>Metrics of the process as a whole, which belong to no other room.</summary>
internal sealed class EngineInstruments : IDisposable
{
    private static readonly string[] PauseKinds = ["all", "account", "stream", "campaign", "pool"];

    private readonly Meter _meter;

    /// <param name="version">Of the build.</param>
    /// <param name="lastReload">Whether the last reload was taken; true before the first.</param>
    /// <param name="overrides">Overrides in force.</param>
    /// <param name="rate">Asked for the delivery rates.</param>
    /// <param name="started">When the process started.</param>
    /// <param name="meter">Name of the meter.</param>
    public EngineInstruments(
        string version, Func<bool> lastReload, Func<IReadOnlyList<Override>> overrides, DeliveryRate rate, DateTimeOffset started, string meter = "Engine.Observability")
    {
        _meter = new Meter(meter);
        var runtime = Environment.Version.ToString();
        _meter.CreateObservableGauge(
            "engine_build_info",
            () => new Measurement<int>(1, new("version", version), new("runtime", runtime)),
            description: "Always 1; the labels name the build and the .NET runtime.");
        _meter.CreateObservableGauge(
            "engine_config_last_reload_success",
            () => lastReload() ? 1 : 0,
            description: "1 when the configuration last read is in force, 0 when it was refused and the one before stays. Alert on 0.");
        _meter.CreateObservableGauge(
            "engine_overrides", () => overrides().Count, description: "Settings in force that do not stand in engine.json. Alert when one is forgotten: above 0 for days.");
        _meter.CreateObservableGauge(
            "engine_paused",
            () => Paused(overrides()),
            "{pause}",
            "Pauses in force, by operators and brakes, by what they hold: all, account, stream, campaign, pool. Alert on all, and when account or campaign rises: a brake has stopped a sender.");
        _meter.CreateObservableGauge(
            "engine_delivery_rate",
            rate.Measure,
            "1",
            "Delivered, of what was delivered or failed for other reasons than the recipient's, in the window. Alert below 0.9 over 1h.");
        _meter.CreateObservableGauge(
            "engine_start_time_seconds", () => started.ToUnixTimeMilliseconds() / 1000.0, "s", "Unix time at which the process started. Alert on changes.");
        _meter.CreateObservableCounter(
            "engine_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process.");
        _meter.CreateObservableGauge(
            "engine_resident_bytes", () => Environment.WorkingSet, "By", "Memory of the process that is in RAM. Alert near the limit of the unit.");
        _meter.CreateObservableGauge(
            "engine_heap_bytes", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Managed heap, garbage included.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Paused(IReadOnlyList<Override> overrides)
    {
        var counts = overrides.CountBy(one => OverrideKey.PauseKind(one.Key) ?? string.Empty).ToDictionary(StringComparer.Ordinal);
        return PauseKinds.Select(kind => new Measurement<int>(counts.GetValueOrDefault(kind), new KeyValuePair<string, object?>("kind", kind)));
    }
}
