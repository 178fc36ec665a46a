using System.Globalization;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Delivery.Trust;
using Engine.Mail;
using Engine.Queue;
using Engine.Scheduling;

namespace Engine.Admin;

/// <summary>What <c>why</c> says in words. No state; asks nobody.</summary>
internal static class WhyWords
{
    public static string Deferred(QueuedRecipient recipient, string? reply) => string.Create(
        CultureInfo.InvariantCulture,
        $"was deferred {recipient.Attempts} times, last as {recipient.Category} ({reply}); next attempt {recipient.Due:u}");

    public static string Paused(IEnumerable<PauseReason> reasons) => "is paused: " + string.Join("; ", reasons.Select(reason => string.Create(
        CultureInfo.InvariantCulture,
        $"{reason.Key} by {reason.Who}{(reason.Since is { } since ? $" since {since:u}" : string.Empty)}{(reason.Until is { } until ? $" until {until:u}" : string.Empty)}{(reason.Reason.Length > 0 ? $" ({reason.Reason})" : string.Empty)}")));

    /// <summary>What keeps the mail of one pool from one destination.</summary>
    /// <param name="why">As the scheduler has it.</param>
    /// <param name="binding">Limits that bind.</param>
    /// <param name="domain">The recipient domain, for whoever wants to look closer.</param>
    public static string Verdict(Explanation why, IReadOnlyCollection<BindingLimit> binding, DomainName domain) => why switch
    {
        _ when why.Lanes.All(lane => lane.Weight == 0) => "no source of the pool may send there",
        _ when why.Lanes.Where(lane => lane.Weight > 0).All(lane => lane.PausedUntil is not null) => Unreached([.. why.Lanes.Where(lane => lane.Weight > 0)], domain),
        _ when why.Total.Open >= why.Total.Maximum => "all connections of the engine are in use (delivery.connections.max)",
        _ when binding.Count > 0 => string.Create(CultureInfo.InvariantCulture, $"{binding.Count} {(binding.Count == 1 ? "limit binds" : "limits bind")}"),
        _ when why.Waiting > 0 && why.WaitingForSource == why.Waiting => "it waits for the source that a greylisting server has seen",
        _ => "nothing binds but the receiver's own speed",
    };

    // Who was reached and did not come to what TLS must come to was reached all the same.
    private static string Unreached(LaneState[] lanes, DomainName domain) =>
        Array.TrueForAll(lanes, lane => ProofWords.PolicyIn(lane.Trouble) is not null)
            ? $"no exchanger comes to what {ProofWords.PolicyIn(lanes[0].Trouble)} asks ({lanes[0].Trouble}); 'engine provider probe {domain}' looks at each"
            : "no source reaches an exchanger";

    /// <summary>The relays that would take a recipient if its own way stays shut, and from when; empty for none. Quotas and pauses of relays are not looked at.</summary>
    public static IEnumerable<string> Relays(IReadOnlyDictionary<string, RelayOptions> relays, StreamClass streamClass, in QueuedRecipient recipient)
    {
        var found = new List<string>();
        foreach (var (name, relay) in relays)
        {
            var category = recipient.Category.Id;
            if (recipient.Attempts == 0 || !relay.Class.Contains(streamClass) || (category is not null && relay.Never.Contains(category)))
            {
                continue;
            }

            for (var index = 0; index < relay.When.Count; index++)
            {
                var condition = relay.When[index];
                if (condition.Age < relay.GiveUp && (condition.Categories.Count == 0 || (category is not null && condition.Categories.Contains(category))))
                {
                    found.Add(string.Create(CultureInfo.InvariantCulture, $"may go by relay {name} from {recipient.Accepted + condition.Age:u} on (relays.{name}.when[{index}])"));
                    break;
                }
            }
        }

        return found;
    }
}
