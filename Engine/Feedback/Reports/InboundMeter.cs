using System.Diagnostics.Metrics;

namespace Engine.Feedback.Reports;

/// <summary>The instruments of what comes back.</summary>
internal sealed class InboundMeter : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] Reasons =
        [.. Enum.GetNames<InboundRejection>().Select(name => KeyValuePair.Create("reason", (object?)name.ToLowerInvariant()))];

    private static readonly KeyValuePair<string, object?>[] Kinds =
        [.. Enum.GetNames<InboundNews>().Select(name => KeyValuePair.Create("kind", (object?)name.ToLowerInvariant()))];

    private readonly Meter _meter = new("Engine.Feedback.Reports");
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _heard;

    public InboundMeter()
    {
        _rejected = _meter.CreateCounter<long>("engine_feedback_rejected_total", "{refusal}", "Recipients and mails refused by feedback listeners, by reason. Alert on fault: reports are put off because a disk or the suppression list fails. A jump of forged: somebody guesses, or a token key is missing on this host.");
        _heard = _meter.CreateCounter<long>("engine_feedback_heard_total", "{report}", "What came back and was understood or kept, by kind. Alert on a jump of unparsed: a provider has changed its reports.");
    }

    public void Rejected(InboundRejection reason) => _rejected.Add(1, Reasons[(int)reason]);

    public void Heard(InboundNews kind) => _heard.Add(1, Kinds[(int)kind]);

    public void Dispose() => _meter.Dispose();
}
