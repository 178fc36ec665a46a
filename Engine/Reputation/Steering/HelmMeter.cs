using System.Diagnostics.Metrics;
using Engine.Configuration.Providers;

namespace Engine.Reputation.Steering;

/// <summary>Gauges of what is steered. Read when they are scraped; providers beyond the named ones are left out, so that labels stay few.</summary>
internal sealed class HelmMeter : IDisposable
{
    private readonly Meter _meter = new("Engine.Reputation");
    private readonly Helm _helm;
    private readonly SourceMap _sources;
    private readonly Func<string, bool> _isProvider;
    private readonly TimeProvider _clock;

    /// <param name="helm">Whose.</param>
    /// <param name="sources">Sources in force.</param>
    /// <param name="isProvider">Whether this is a provider of the data.</param>
    /// <param name="clock">The time.</param>
    public HelmMeter(Helm helm, SourceMap sources, Func<string, bool> isProvider, TimeProvider clock)
    {
        (_helm, _sources, _isProvider, _clock) = (helm, sources, isProvider, clock);
        _meter.CreateObservableGauge("engine_source_state", States, "share", "Share of its mail that a source may send where nothing is held against it there: 1 in service, 0 out of service. Alert on 0.");
        _meter.CreateObservableGauge("engine_rate_limit", Rates, "recipients/s", "Rate that control allows a source at a provider now; absent where it holds nothing back.");
        _meter.CreateObservableGauge("engine_warmup_remaining", Remaining, "recipients", "What warm-up leaves of today's allowance of a source at a provider; absent where it is warm.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> States() =>
        _sources.Sources.Select(source => new Measurement<double>(_helm.ShareOf(source, string.Empty), new KeyValuePair<string, object?>("source", source.Name)));

    private IEnumerable<Measurement<double>> Rates() =>
        from report in _helm.Control.DescribeAll(_clock.GetUtcNow())
        where report.Key.Scope is FlowScope.SourceAtProvider && _isProvider(report.Key.Operator) && report.Allowance.RatePerSecond is not null
        select new Measurement<double>(report.Allowance.RatePerSecond!.Value, new("provider", report.Key.Operator), new("source", report.Key.Subject));

    private IEnumerable<Measurement<long>> Remaining()
    {
        var now = _clock.GetUtcNow();
        return from standing in _helm.Warmup.Standings(now)
               where !standing.IsWarm && _isProvider(standing.Operator)
               select new Measurement<long>(_helm.Warmup.Of(standing.Name, standing.Operator, now).RemainingToday, new("source", standing.Name), new("provider", standing.Operator));
    }
}
