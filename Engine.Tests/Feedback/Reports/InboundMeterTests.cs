using System.Buffers;
using System.Text;
using Engine.Feedback.Reports;
using Engine.Mail;
using Engine.Observability;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Feedback.Reports;

internal sealed class InboundMeterTests
{
    [Test]
    public async Task A_complaint_counts_once_for_its_stream_and_a_bounce_does_not()
    {
        using var rig = new ReportRig();
        using var collector = new MetricsCollector(NullLogger<MetricsCollector>.Instance, rig.MeterName);
        rig.Report = ReportRig.Saying(ReportRig.Complaint());
        await rig.SendAsync("Subject: x\r\n\r\n", rig.Address(rig.Token(TokenPurpose.Complaint)));
        await rig.SendAsync("Subject: x\r\n\r\n", rig.Address(rig.Token(TokenPurpose.Complaint)));
        rig.Report = ReportRig.Saying(ReportRig.Bounce(ReportRig.Reader));
        await rig.SendAsync("Subject: x\r\n\r\n", rig.Address(rig.Token(TokenPurpose.Bounce)));

        Assert.That(Complaints(collector), Is.EqualTo(new[] { "engine_complaints_total{stream=\"acme/news\"} 1" }));
    }

    [Test]
    public void Streams_beyond_a_thousand_are_counted_together()
    {
        var name = $"Test{Guid.NewGuid():N}";
        using var collector = new MetricsCollector(NullLogger<MetricsCollector>.Instance, name);
        using var meter = new InboundMeter(name);
        for (var number = 0; number < 1_002; number++)
        {
            meter.Complained("acme", $"s{number}");
        }

        meter.Complained("acme", "s0");
        var lines = Complaints(collector);

        Assert.That(lines, Has.Length.EqualTo(1_001));
        Assert.That(lines, Is.SupersetOf(new[] { "engine_complaints_total{stream=\"acme/s0\"} 2", "engine_complaints_total{stream=\"other\"} 2" }));
    }

    private static string[] Complaints(MetricsCollector collector)
    {
        var buffer = new ArrayBufferWriter<byte>();
        PrometheusWriter.Write(collector, buffer);
        return [.. Encoding.UTF8.GetString(buffer.WrittenSpan).Split('\n').Where(line => line.StartsWith("engine_complaints_total{", StringComparison.Ordinal))];
    }
}
