namespace Engine.Reputation.Blocklists;

/// <summary>How block lists stand, for <c>blocklist status</c> and <c>GET /v1/blocklists</c>. Written as JSON by its names.</summary>
/// <param name="QuestionsPerSecond">What the plan asks for.</param>
/// <param name="Sources">Sources asked about.</param>
/// <param name="Domains">Domain names asked about.</param>
/// <param name="Lists">Every list.</param>
/// <param name="Listings">Who is listed, suspected or coming back.</param>
internal sealed record BlocklistReport(double QuestionsPerSecond, int Sources, int Domains, IReadOnlyList<BlocklistReport.Zone> Lists, IReadOnlyList<BlocklistReport.Entry> Listings)
{
    public static BlocklistReport Of(BlocklistWatch watch) => new(
        Math.Round(watch.Plan.Rate, 2),
        watch.Plan.Subjects.Count(subject => subject.IsSource),
        watch.Plan.Subjects.Count(subject => !subject.IsSource),
        [.. watch.Tests.Select(Zone.Of)],
        [.. watch.Book.Listings.Select(Entry.Of)]);

    /// <summary>One list.</summary>
    /// <param name="Name">The zone, without a key.</param>
    /// <param name="Kind">What it is asked about.</param>
    /// <param name="Weight">What a listing means.</param>
    /// <param name="Health">What its self-test found.</param>
    /// <param name="Since">Since when.</param>
    /// <param name="Seen">What the last self-test saw that was not good.</param>
    /// <param name="NextTest">When it is tested again.</param>
    /// <param name="NegativeTtl">Seconds a resolver keeps its "no": how late a listing may be seen. Null until known.</param>
    internal sealed record Zone(string Name, string Kind, string Weight, string Health, DateTimeOffset Since, string Seen, DateTimeOffset NextTest, double? NegativeTtl)
    {
        public static Zone Of(SelfTest test) => new(
            test.List.Zone,
            Word(test.List.Kind),
            Word(test.List.Weight),
            Word(test.Health),
            test.Since,
            test.Seen,
            test.NextAt,
            test.NegativeTtl?.TotalSeconds);
    }

    /// <summary>One subject on one list.</summary>
    /// <param name="Subject">Source or domain.</param>
    /// <param name="Target">Address or domain.</param>
    /// <param name="List">The zone.</param>
    /// <param name="State">Suspected, listed or returning.</param>
    /// <param name="Meaning">Codes and what they mean.</param>
    /// <param name="Since">When it was first confirmed; first seen while it is suspected.</param>
    /// <param name="LastSeen">Last answer that said so.</param>
    /// <param name="Ttl">Seconds of life the resolver's answer had then.</param>
    /// <param name="Quarantined">Its mail is moved away, or coming back.</param>
    /// <param name="Kept">It stays because its pool needs it.</param>
    /// <param name="Delisting">Where to ask for delisting.</param>
    internal sealed record Entry(
        string Subject, string Target, string List, string State, string Meaning, DateTimeOffset Since, DateTimeOffset LastSeen, double Ttl, bool Quarantined, bool Kept, string Delisting)
    {
        public static Entry Of(Listing listing) => new(
            listing.Subject.Name,
            listing.Subject.Target,
            listing.List.Zone,
            Word(listing.State),
            listing.Meaning,
            listing.Since,
            listing.LastSeen,
            Math.Round(listing.Ttl.TotalSeconds),
            listing.IsQuarantined,
            listing.IsKept,
            listing.List.Delisting);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
