using System.Text.Json;

namespace Engine.Reputation.Blocklists;

/// <summary>Listings as they survive a restart: JSON with a version, times of the wall clock.</summary>
internal static class ListingFile
{
    private const int Version = 1;

    public static byte[] Write(IEnumerable<Listing> listings) => JsonSerializer.SerializeToUtf8Bytes(
        new Saved(Version, [.. listings.Where(listing => listing.State is not ListingState.Suspected).Select(Entry.Of)]),
        JsonSerializerOptions.Web);

    /// <param name="utf8">What <see cref="Write"/> gave.</param>
    /// <param name="lists">Those asked now; listings of others are left out.</param>
    /// <param name="now">No time read lies behind it: a wall clock may have been set back.</param>
    /// <returns>Empty when it cannot be read or has another version: the next answers fill it again.</returns>
    public static IReadOnlyList<Listing> Read(ReadOnlySpan<byte> utf8, IReadOnlyList<Blocklist> lists, DateTimeOffset now)
    {
        try
        {
            var byName = lists.ToDictionary(list => (list.Zone, list.Kind));
            return JsonSerializer.Deserialize<Saved>(utf8, JsonSerializerOptions.Web) is { Version: Version } saved
                ? [.. saved.Listings.Where(entry => byName.ContainsKey((entry.Zone, entry.Kind))).Select(entry => entry.ToListing(byName[(entry.Zone, entry.Kind)], now))]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private sealed record Saved(int Version, IReadOnlyList<Entry> Listings);

    private sealed record Entry(
        string Source,
        string Target,
        string Zone,
        ListKind Kind,
        ListingState State,
        string Meaning,
        DateTimeOffset FirstSeen,
        DateTimeOffset Since,
        DateTimeOffset LastSeen,
        bool IsQuarantined,
        bool IsKept,
        DateTimeOffset? ReturnSince,
        int Step)
    {
        public static Entry Of(Listing listing) => new(
            listing.Subject.Source,
            listing.Subject.Target,
            listing.List.Zone,
            listing.List.Kind,
            listing.State,
            listing.Meaning,
            listing.FirstSeen,
            listing.Since,
            listing.LastSeen,
            listing.IsQuarantined,
            listing.IsKept,
            listing.State is ListingState.Returning ? listing.ReturnSince : null,
            listing.Step);

        public Listing ToListing(Blocklist list, DateTimeOffset now) => new(new ListSubject(Source, Target), list, Past(FirstSeen, now))
        {
            State = State,
            Meaning = Meaning,
            Since = Past(Since, now),
            LastSeen = Past(LastSeen, now),
            IsQuarantined = IsQuarantined,
            IsKept = IsKept,
            ReturnSince = Past(ReturnSince ?? now, now),
            Step = Step,
        };

        private static DateTimeOffset Past(DateTimeOffset time, DateTimeOffset now) => time < now ? time : now;
    }
}
