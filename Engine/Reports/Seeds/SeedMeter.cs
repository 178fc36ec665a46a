using System.Diagnostics.Metrics;

namespace Engine.Reports.Seeds;

/// <summary>Measures probes. Providers and pools are those of the configuration. Thread-safe.</summary>
internal sealed class SeedMeter : IDisposable
{
    private readonly Meter _meter = new("Engine.Reports.Seeds");
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _placed;

    public SeedMeter()
    {
        _seconds = _meter.CreateHistogram<double>("engine_seed_seconds", "s", "Time of a probe from acceptance to a seed mailbox, inbox or spam. Alert when it grows for hours.");
        _placed = _meter.CreateCounter<long>("engine_seed_placed_total", "probes", "Probes to seed mailboxes by where they ended: folder is inbox, spam or missing. Alert on a share of spam or missing.");
    }

    public void Ended(SeedResult result)
    {
        _placed.Add(1, new("provider", result.Provider), new("pool", result.Pool), new("folder", result.Place switch { SeedPlace.Inbox => "inbox", SeedPlace.Spam => "spam", _ => "missing" }));
        if (result.Place is not SeedPlace.Missing)
        {
            _seconds.Record(result.Seconds, new("provider", result.Provider), new("pool", result.Pool));
        }
    }

    public void Dispose() => _meter.Dispose();
}
