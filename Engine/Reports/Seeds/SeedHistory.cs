namespace Engine.Reports.Seeds;

/// <summary>Results of seven days, by provider and pool, and whether they drift. Not thread-safe.</summary>
internal sealed class SeedHistory
{
    /// <summary>Results kept of one provider by one pool: a week of three seeds a half-hour each.</summary>
    public const int MaxResults = 1_008;

    /// <summary>Providers times pools; beyond it the one heard of longest ago goes.</summary>
    public const int MaxRows = 500;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly Dictionary<(string Provider, string Pool), Track> _tracks = [];

    /// <summary>Every result that is kept, the oldest first.</summary>
    public IReadOnlyList<SeedResult> All => [.. _tracks.Values.SelectMany(track => track.Results).OrderBy(result => result.Sent)];

    /// <summary>Takes a result.</summary>
    /// <returns>News for the operator: a drift that began or ended; null for none.</returns>
    public string? Add(SeedResult result, DateTimeOffset now)
    {
        var key = (result.Provider, result.Pool);
        if (!_tracks.TryGetValue(key, out var track))
        {
            if (_tracks.Count >= MaxRows)
            {
                _tracks.Remove(_tracks.MinBy(one => one.Value.Results[^1].Sent).Key);
            }

            _tracks[key] = track = new Track();
        }

        track.Results.Add(result);
        track.Results.RemoveAll(one => now - one.Sent > Week);
        if (track.Results.Count > MaxResults)
        {
            track.Results.RemoveRange(0, track.Results.Count - MaxResults);
        }

        return track.Drift.Judge(Of(track, now, Day), Before(track, now)) is { } news ? $"{result.Provider} by pool {result.Pool}: {news}" : null;
    }

    public IReadOnlyList<SeedRow> Rows(DateTimeOffset now) =>
    [
        .. _tracks.OrderBy(one => one.Key.Provider, StringComparer.Ordinal).ThenBy(one => one.Key.Pool, StringComparer.Ordinal)
            .Select(one => new SeedRow(one.Key.Provider, one.Key.Pool, SeedShare.Of(Of(one.Value, now, Day)), SeedShare.Of(Of(one.Value, now, Week)), one.Value.Drift.State)),
    ];

    private static SeedResult[] Of(Track track, DateTimeOffset now, TimeSpan span) => [.. track.Results.Where(result => now - result.Sent <= span)];

    private static SeedResult[] Before(Track track, DateTimeOffset now) => [.. track.Results.Where(result => now - result.Sent > Day)];

    private sealed class Track
    {
        public List<SeedResult> Results { get; } = [];

        public SeedDrift Drift { get; } = new();
    }
}
