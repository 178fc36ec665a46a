using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Daemon;
using Engine.Reputation;
using Engine.Reputation.Blocklists;
using Engine.Reputation.Sources;

namespace Engine.Admin;

/// <summary>Asks everybody who knows how sources stand: one place, so that every verb says the same. Any thread.</summary>
internal sealed class SourceStandings(EngineHost host)
{
    private TrafficParts Traffic => host.Parts.Traffic;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>At one provider or destination.</summary>
    public SourceStanding At(Source source, string operatorId) => SourceStanding.Of(
        source,
        Traffic.Helm.Orders.OffBy(source.Name),
        Traffic.Monitor.Find(source.Id),
        Traffic.Lists.QuarantineOf(source.Name, operatorId),
        Traffic.Control.ShareOf(source.Name, operatorId),
        Traffic.Control.Describe(new ControlKey(FlowScope.SourceAtProvider, operatorId, source.Name), Now));

    /// <summary>Everywhere.</summary>
    public SourceState Of(Source source) => SourceState.Of(new SourceInputs
    {
        Source = source,
        Pools = host.Parts.Sources.PoolsOf(source),
        Presence = Traffic.Monitor.Find(source.Id),
        Disabled = host.Overrides.Find(SourceOverride.Disable(source.Name)),
        Drained = host.Overrides.Find(SourceOverride.Drain(source.Name)),
        Quarantines = [.. Listed(source), .. Stopped(source)],
        Warmup = Traffic.SourceWarmup.Standings(Now, source.Name),
        Advice = Traffic.SourceWarmup.Advice(source.Name, Now),
    });

    /// <summary>Every list it stands on, whether that moves mail away or not.</summary>
    public IEnumerable<BlocklistReport.Entry> Listings(Source source) => Traffic.Lists.Report().Listings.Where(listing => listing.Subject == source.Name);

    private IEnumerable<SourceQuarantine> Stopped(Source source) => Traffic.Control.DescribeAll(Now)
        .Where(report => report.Key.Scope is FlowScope.SourceAtProvider && report.Key.Subject == source.Name && report.Share.Weight <= 0)
        .Select(report => new SourceQuarantine(report.Key.Operator, report.Allowance.Rule, report.Binding, report.Allowance.Since, report.Until));

    // A list that all operators read holds everywhere; one that some read holds there.
    private IEnumerable<SourceQuarantine> Listed(Source source)
    {
        if (Traffic.Lists.QuarantineOf(source.Name, string.Empty) is { Share: < 1, Why: { } everywhere })
        {
            return [new SourceQuarantine(null, everywhere.Zone, SourceStanding.WordsOf(everywhere), everywhere.Since, null)];
        }

        return host.Snapshot.Providers.Providers
            .Select(provider => (provider.Id, Traffic.Lists.QuarantineOf(source.Name, provider.Id).Why))
            .Where(one => one.Why is { Share: < 1 })
            .Select(one => new SourceQuarantine(one.Id, one.Why!.Zone, SourceStanding.WordsOf(one.Why), one.Why.Since, null));
    }
}
