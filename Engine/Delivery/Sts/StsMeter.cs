using System.Diagnostics.Metrics;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Delivery.Sts;

/// <summary>Counts fetches and shows how many policies there are. Alert when most fetches fail: then it is our network or our roots.</summary>
internal sealed class StsMeter : IDisposable
{
    private readonly Meter _meter = new("Engine.Delivery.Sts");
    private readonly Counter<long> _fetches;

    /// <param name="policies">What is shown.</param>
    public StsMeter(StsPolicies policies)
    {
        _fetches = _meter.CreateCounter<long>("engine_sts_fetch_total", "fetches", "MTA-STS policies fetched. Label result: fetched, fetch-error, invalid, certificate.");
        _meter.CreateObservableGauge(
            "engine_sts_policies",
            () => Enum.GetValues<StsMode>().Select(mode => new Measurement<long>(policies.CountOf(mode), new KeyValuePair<string, object?>("mode", mode.ToString().ToLowerInvariant()))),
            "policies",
            "MTA-STS policies kept now.");
    }

    public void Fetched(TlsFailure failure) => _fetches.Add(1, new KeyValuePair<string, object?>("result", failure switch
    {
        TlsFailure.None => "fetched",
        TlsFailure.StsPolicyInvalid => "invalid",
        TlsFailure.StsWebPkiInvalid => "certificate",
        _ => "fetch-error",
    }));

    public void Dispose() => _meter.Dispose();
}
