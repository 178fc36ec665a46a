using System.Globalization;
using Engine.Configuration;
using Engine.Configuration.Shapes;
using Engine.Reputation;
using Engine.Reputation.Blocklists;
using Engine.Reputation.Control;
using Engine.Reputation.Sources;

namespace Engine.Admin;

/// <summary>How a source stands at one operator: of all that keeps it from its full share there, the strongest.</summary>
/// <param name="State"><c>off</c>, <c>address missing</c>, <c>interface down</c>, <c>listed</c>, or how control has it.</param>
/// <param name="Reason">In words; null when nothing holds it back.</param>
/// <param name="Rule">The order, the list or the rule that made it so.</param>
/// <param name="Since">When.</param>
/// <param name="Until">When it ends by itself; null when something must happen first.</param>
internal sealed record SourceStanding(string State, string? Reason, string? Rule, DateTimeOffset? Since, DateTimeOffset? Until)
{
    private const string AddressRule = "source-address";

    /// <summary>Off by an operator's order, then its address, then block lists, then control.</summary>
    /// <param name="source">Which.</param>
    /// <param name="off">The order that took it out of service; null for none.</param>
    /// <param name="presence">Of its address; null when nobody looks for it.</param>
    /// <param name="listing">What block lists leave of it there.</param>
    /// <param name="share">What control leaves of it there.</param>
    /// <param name="report">What control knows there; null for nothing.</param>
    public static SourceStanding Of(Source source, Override? off, SourcePresence? presence, Quarantine listing, SourceShare share, ControlReport? report) => (off, presence, listing) switch
    {
        ({ } order, _, _) => new("off", $"{order.Key} by {order.Who}{(order.Reason.Length > 0 ? $": {order.Reason}" : string.Empty)}", order.Key, order.Since, order.Until),
        (_, { IsUsable: false } gone, _) => new(gone.Presence is AddressPresence.InterfaceDown ? "interface down" : "address missing", Reputation.Sources.SourceChange.Words(source, gone.Presence), AddressRule, gone.Since, null),
        (_, _, { Share: < 1, Why: { } why }) => new("listed", WordsOf(why), why.Zone, why.Since, null),
        _ => new(Spelling.Of(share.State), report is { Binding.Length: > 0 } ? report.Binding : null, report?.Allowance.Rule, report?.Allowance.Since, report?.Until),
    };

    /// <summary>A listing in words.</summary>
    public static string WordsOf(Standing why)
    {
        var returning = why.Share > 0 ? string.Create(CultureInfo.InvariantCulture, $", coming back at {100 * why.Share:0} %") : string.Empty;
        return $"{why.Zone}: {why.Meaning}{returning}{(why.Delisting.Length > 0 ? $"; delisting: {why.Delisting}" : string.Empty)}";
    }
}
