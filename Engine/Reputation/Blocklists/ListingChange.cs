using Engine.Configuration.Providers;

namespace Engine.Reputation.Blocklists;

/// <summary>Something an operator may want to know, and an event.</summary>
/// <param name="Kind">What changed.</param>
/// <param name="At">When.</param>
/// <param name="List">Where.</param>
internal sealed record ListingChange(ListingChangeKind Kind, DateTimeOffset At, Blocklist List)
{
    /// <summary>Who; default for a zone.</summary>
    public ListSubject Subject { get; init; }

    /// <summary>Codes and what they mean.</summary>
    public string Meaning { get; init; } = string.Empty;

    /// <summary>What was left of the listing in the resolver's cache when it was last seen.</summary>
    public TimeSpan Ttl { get; init; }

    /// <summary>Share of its usual mail the source now gets.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Why, where the kind does not say it.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>Whether an operator should look.</summary>
    public AlertLevel Level => (Kind, List.Weight) switch
    {
        (ListingChangeKind.Listed, ListWeight.Major) or (ListingChangeKind.Kept, _) => AlertLevel.Page,
        (ListingChangeKind.Listed, ListWeight.Minor) or (ListingChangeKind.PlaceLost, _) => AlertLevel.Warn,
        (ListingChangeKind.ZoneSuspended, ListWeight.Major) => AlertLevel.Warn,
        _ => AlertLevel.None,
    };

    /// <summary>One sentence for events and alerts.</summary>
    public string Text => Kind switch
    {
        ListingChangeKind.Listed => $"{Subject.Target} is listed by {List}: {Meaning}; TTL {Ttl.TotalSeconds:0} s; {Delisting}",
        ListingChangeKind.Delisted => $"{Subject.Target} is off {List}{Because}",
        ListingChangeKind.Quarantined => $"mail moved away from {Subject.Target}, listed by {List}: {Meaning}; {Delisting}",
        ListingChangeKind.Kept => $"{Subject.Target} is listed by {List} ({Meaning}) and stays in service{Because}; {Delisting}",
        ListingChangeKind.Returning => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Subject.Target} gets {Share:0.##} of its mail again, off {List}"),
        ListingChangeKind.Restored => $"{Subject.Target} is in service again{Because}",
        ListingChangeKind.PlaceHeld => $"{Subject.Target} stands on the allow list {List}: {Meaning}",
        ListingChangeKind.PlaceLost => $"{Subject.Target} has lost its place on the allow list {List}",
        ListingChangeKind.ZoneSuspended => $"{List} is not counted: {Reason}",
        _ => $"{List} is counted again",
    };

    private string Delisting => List.Delisting.Length > 0 ? $"delisting: {List.Delisting}" : "no delisting address is known";

    private string Because => Reason.Length > 0 ? $": {Reason}" : string.Empty;
}
