using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Engine.Dns;

/// <summary>The instruments of this room. One set for each <see cref="DnsClient"/>, whose object is the meter's scope.</summary>
internal sealed class DnsMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _failed;

    public DnsMetrics(object scope)
    {
        _meter = new Meter("Engine.Dns", version: null, tags: null, scope);
        _seconds = _meter.CreateHistogram<double>(
            "engine_dns_seconds", "s", "Time from the first try of a question to its answer or failure, by type; cached answers are not counted. Alert when the 95th percentile nears dns.timeout.");
        _failed = _meter.CreateCounter<long>(
            "engine_dns_failed_total", "{question}", "Questions that brought no answer, by type and by how the last try ended. Alert on a rate that is not small beside engine_dns_seconds_count.");
    }

    public void Answered(RecordType type, TimeSpan elapsed) =>
        _seconds.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("type", NameOf(type)));

    public void Failed(RecordType type, TimeSpan elapsed, TryOutcome reason)
    {
        Answered(type, elapsed);
        _failed.Add(1, new TagList { { "type", NameOf(type) }, { "reason", NameOf(reason) } });
    }

    public void Dispose() => _meter.Dispose();

    private static string NameOf(RecordType type) => type switch
    {
        RecordType.A => "a",
        RecordType.Aaaa => "aaaa",
        RecordType.Mx => "mx",
        RecordType.Txt => "txt",
        RecordType.Tlsa => "tlsa",
        RecordType.Ptr => "ptr",
        _ => "other",
    };

    private static string NameOf(TryOutcome reason) => reason switch
    {
        TryOutcome.TimedOut => "timeout",
        TryOutcome.Unreachable => "unreachable",
        TryOutcome.Refused => "refused",
        TryOutcome.ServerFailed => "servfail",
        _ => "malformed",
    };
}
