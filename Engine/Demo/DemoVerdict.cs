using System.Globalization;

namespace Engine.Demo;

/// <summary>Draws the report out of a ledger and says what did not hold.</summary>
internal sealed class DemoVerdict(DemoSettings settings, Ledger ledger, Func<string, bool> isToBeRefused)
{
    private readonly List<string> _faults = [];

    /// <param name="queued">Recipients the engine still holds.</param>
    /// <param name="elapsed">Since the start.</param>
    /// <param name="trouble">Why it ended early; null when it did not.</param>
    public DemoReport Report(long queued, TimeSpan elapsed, string? trouble)
    {
        var summary = LedgerSummary.Of(ledger);
        if (trouble is not null)
        {
            _faults.Add(trouble);
        }

        Judge(summary, queued);
        return new DemoReport
        {
            Faults = _faults,
            Messages = settings.Count,
            Accepted = summary.Accepted,
            Recipients = summary.Recipients,
            Delivered = summary.Delivered,
            DeliveredByTls = summary.DeliveredByTls,
            Bounced = summary.Bounced,
            DeferredThenDelivered = summary.DeferredThenDelivered,
            SignaturesVerified = summary.SignaturesVerified,
            SignaturesFailed = summary.SignaturesFailed,
            Lost = summary.Lost,
            Duplicates = summary.Duplicates,
            Queued = queued,
            Seconds = Math.Round(elapsed.TotalSeconds, 1),
            AcceptedPerSecond = PerSecond(summary.Accepted, summary.SubmissionTime),
            DeliveredPerSecond = PerSecond(summary.Delivered, summary.DeliveryTime),
            AcceptMs = summary.AcceptLatency,
            DeliverMs = summary.DeliveryLatency,
            DeferredMs = summary.DeferredLatency,
        };
    }

    private static double PerSecond(long count, TimeSpan time) => time > TimeSpan.Zero ? Math.Round(count / time.TotalSeconds) : 0;

    private void Judge(LedgerSummary summary, long queued)
    {
        Expect(summary.Accepted == settings.Count, $"{summary.Accepted} of {settings.Count} messages were accepted");
        Expect(summary.Lost == 0, $"{summary.Lost} recipients were neither delivered nor bounced");
        Expect(summary.Duplicates == 0, $"{summary.Duplicates} deliveries were duplicates");
        Expect(summary.Strangers == 0, $"{summary.Strangers} recipients got mail that nobody submitted to them");
        Expect(summary.SignaturesFailed == 0, $"{summary.SignaturesFailed} messages came with a signature missing or broken");
        Expect(summary.Unverified == 0, $"{summary.Unverified} delivered messages had no signature verified");
        Expect(queued == 0, $"{queued} recipients are still queued");
        var misjudged = ledger
            .ReadAll(story => story.State is SubmissionState.Acknowledged
                ? story.Recipients.Count(one => one.IsEnded && one.IsRefused != isToBeRefused(one.Address))
                : 0)
            .Sum();
        Expect(misjudged == 0, $"{misjudged} recipients ended otherwise than their receiver's script says");
    }

    private void Expect(bool holds, FormattableString fault)
    {
        if (!holds)
        {
            _faults.Add(fault.ToString(CultureInfo.InvariantCulture));
        }
    }
}
