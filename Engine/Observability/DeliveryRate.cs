using System.Diagnostics.Metrics;
using Engine.Mail;

namespace Engine.Observability;

/// <summary>
/// <c>engine_delivery_rate{window}</c>: of the recipients whose mail came to its end, and did not fail for a reason of their own, the
/// share that was delivered. Counts the events that pass through it to the log.
/// </summary>
/// <remarks>
/// delivered ÷ (delivered + bounced and expired whose category is not the recipient's). Deferrals do not count: they are not an end yet.
/// Cancelled mail does not count: nobody refused it. What went by a relay does not: it is counted apart, and says nothing about our own way. Per minute, so a window is exact to a minute; it starts anew with the process.
/// Without an end in the window there is no value.
/// </remarks>
/// <param name="next">Where events go on to.</param>
/// <param name="clock">Says which minute it is.</param>
internal sealed class DeliveryRate(IEvents next, TimeProvider clock) : IEvents
{
    private const int Minutes = 24 * 60;

    // What lies with the address or its owner; ids of the provider data.
    private static readonly HashSet<string> Recipients =
        ["bad_recipient", "inactive_recipient", "bad_domain", "mailbox_full", "recipient_rate", "recipient_block"];

    private static readonly (string Name, int Minutes)[] Windows = [("5m", 5), ("1h", 60), ("24h", Minutes)];

    private readonly Lock _gate = new();
    private readonly (long Minute, long Delivered, long Failed)[] _ring = new (long, long, long)[Minutes];

    /// <inheritdoc/>
    public void Write(in Event line)
    {
        next.Write(line);
        if (line.Relay is not null)
        {
            return;
        }

        var delivered = line.Kind is EventKind.Delivered;
        if (!delivered && (line.Kind is not (EventKind.Bounced or EventKind.Expired) || Recipients.Contains(line.Category.Id ?? string.Empty)))
        {
            return;
        }

        var now = Now();
        lock (_gate)
        {
            ref var slot = ref _ring[now % Minutes];
            slot = slot.Minute == now ? slot : (now, 0, 0);
            slot = delivered ? slot with { Delivered = slot.Delivered + 1 } : slot with { Failed = slot.Failed + 1 };
        }
    }

    /// <summary>0–1 for each window that saw an end.</summary>
    public IReadOnlyList<Measurement<double>> Measure()
    {
        var now = Now();
        var rates = new List<Measurement<double>>();
        lock (_gate)
        {
            foreach (var (name, minutes) in Windows)
            {
                var (delivered, failed) = (0L, 0L);
                foreach (var slot in _ring)
                {
                    var counts = slot.Minute > now - minutes && slot.Minute <= now;
                    delivered += counts ? slot.Delivered : 0;
                    failed += counts ? slot.Failed : 0;
                }

                if (delivered + failed > 0)
                {
                    rates.Add(new Measurement<double>((double)delivered / (delivered + failed), new KeyValuePair<string, object?>("window", name)));
                }
            }
        }

        return rates;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds() / 60;
}
