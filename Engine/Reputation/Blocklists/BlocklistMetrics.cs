using System.Diagnostics.Metrics;

namespace Engine.Reputation.Blocklists;

/// <summary>The instruments of block lists.</summary>
internal sealed class BlocklistMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _questions;

    /// <param name="scope">The object they belong to.</param>
    /// <param name="listed">Name of the source or domain, and zone, of each listing.</param>
    /// <param name="zones">Lists asked, by health.</param>
    public BlocklistMetrics(object scope, Func<IEnumerable<(string Source, string Zone)>> listed, Func<IEnumerable<(ZoneHealth Health, int Count)>> zones)
    {
        _meter = new Meter("Engine.Reputation.Blocklists", version: null, tags: null, scope);
        _questions = _meter.CreateCounter<long>("engine_blocklist_questions_total", "{question}", "Questions to block lists, by verdict. Alert when noanswer or refused is not small beside the rest.");
        _meter.CreateObservableGauge(
            "engine_listed",
            () => listed().Select(one => new Measurement<int>(1, new KeyValuePair<string, object?>("source", one.Source), new KeyValuePair<string, object?>("zone", one.Zone))),
            "{listing}",
            "1 for each source or sending domain that stands on a block list. Alert on any of a major zone.");
        _meter.CreateObservableGauge(
            "engine_blocklists",
            () => zones().Select(one => new Measurement<int>(one.Count, new KeyValuePair<string, object?>("health", NameOf(one.Health)))),
            "{list}",
            "Block lists asked, by what their self-test found. Alert when good falls.");
    }

    public void Asked(ListVerdict verdict) => _questions.Add(1, new KeyValuePair<string, object?>("verdict", NameOf(verdict)));

    public void Dispose() => _meter.Dispose();

    private static string NameOf(ListVerdict verdict) => verdict switch
    {
        ListVerdict.NotListed => "notlisted",
        ListVerdict.Listed => "listed",
        ListVerdict.Other => "other",
        ListVerdict.Refused => "refused",
        ListVerdict.Foreign => "foreign",
        _ => "noanswer",
    };

    private static string NameOf(ZoneHealth health) => health switch
    {
        ZoneHealth.Untested => "untested",
        ZoneHealth.Good => "good",
        ZoneHealth.Silent => "silent",
        ZoneHealth.Empty => "empty",
        ZoneHealth.Wildcard => "wildcard",
        ZoneHealth.Refused => "refused",
        _ => "foreign",
    };
}
