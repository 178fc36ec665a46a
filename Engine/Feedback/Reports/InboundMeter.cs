using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Engine.Feedback.Reports;

/// <summary>The instruments of what comes back.</summary>
internal sealed class InboundMeter : IDisposable
{
    // Streams that are counted by name; beyond, the label is "other".
    private const int MaxStreams = 1_000;

    private static readonly KeyValuePair<string, object?>[] Reasons =
        [.. Enum.GetNames<InboundRejection>().Select(name => KeyValuePair.Create("reason", (object?)name.ToLowerInvariant()))];

    private static readonly KeyValuePair<string, object?>[] Kinds =
        [.. Enum.GetNames<InboundNews>().Select(name => KeyValuePair.Create("kind", (object?)name.ToLowerInvariant()))];

    private static readonly KeyValuePair<string, object?> OtherStream = new("stream", "other");

    private readonly ConcurrentDictionary<(string Account, string Stream), KeyValuePair<string, object?>> _streams = new();
    private readonly Meter _meter;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _heard;
    private readonly Counter<long> _complaints;

    /// <param name="meter">Name of the meter.</param>
    public InboundMeter(string meter = "Engine.Feedback.Reports")
    {
        _meter = new Meter(meter);
        _rejected = _meter.CreateCounter<long>("engine_feedback_rejected_total", "{refusal}", "Recipients and mails refused by feedback listeners, by reason. Alert on fault: reports are put off because a disk or the suppression list fails. A jump of forged: somebody guesses, or a token key is missing on this host.");
        _heard = _meter.CreateCounter<long>("engine_feedback_heard_total", "{report}", "What came back and was understood or kept, by kind. Alert on a jump of unparsed: a provider has changed its reports.");
        _complaints = _meter.CreateCounter<long>("engine_complaints_total", "{complaint}", "Complaints with a good token, by stream as ACCOUNT/STREAM; other beyond 1000. Alert above 0.1 % of what the stream delivers.");
    }

    public string Name => _meter.Name;

    public void Rejected(InboundRejection reason) => _rejected.Add(1, Reasons[(int)reason]);

    public void Heard(InboundNews kind) => _heard.Add(1, Kinds[(int)kind]);

    /// <summary>A complaint told for the first time. Any thread.</summary>
    public void Complained(string account, string stream) =>
        _complaints.Add(1, _streams.TryGetValue((account, stream), out var label) ? label
            : _streams.Count >= MaxStreams ? OtherStream
            : _streams.GetOrAdd((account, stream), static name => new("stream", $"{name.Account}/{name.Stream}")));

    public void Dispose() => _meter.Dispose();
}
