using System.Diagnostics.Metrics;
using Engine.Submission;

namespace Engine.Tests.Submission;

[NonParallelizable]
internal sealed class SubmissionMetricsTests
{
    [Test]
    public void What_is_counted_carries_its_label()
    {
        var seen = new List<string>();
        using var metrics = new SubmissionMetrics();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == "Engine.Submission")
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add($"{instrument.Name} {value} {string.Join(',', tags.ToArray())}"));
        listener.Start();
        metrics.Accepted(3);
        metrics.Rejected(RejectReason.Busy);
        metrics.AuthFailed("smtps");

        Assert.That(seen, Is.SupersetOf(new[] { "engine_accepted_total 3 ", "engine_rejected_total 1 [reason, busy]", "engine_auth_failed_total 1 [listener, smtps]" }));
    }
}
