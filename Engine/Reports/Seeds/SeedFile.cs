using System.Text.Json;
using Engine.Mail;

namespace Engine.Reports.Seeds;

/// <summary>Keeps results, and probes on their way, as JSON.</summary>
internal static class SeedFile
{
    public static void Save(Stream stream, SeedBoard board, SeedHistory history) => JsonSerializer.Serialize(stream, new Saved(
        [.. history.All],
        [.. board.Seeds.Select(seed => new SavedSeed(seed.Plan.Name, seed.NextProbe, seed.NextCleaning, [.. seed.Open.Select(probe => new SavedProbe(probe.Token, probe.Pool, probe.Id.Value, probe.Sent))]))]));

    /// <summary>Reads it. Seeds that are not configured any more are passed over.</summary>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static void Load(Stream stream, SeedBoard board, SeedHistory history, DateTimeOffset now)
    {
        var saved = JsonSerializer.Deserialize<Saved>(stream) ?? throw new JsonException("empty");
        foreach (var result in saved.Results)
        {
            // What drifted then has been told.
            history.Add(result, now);
        }

        foreach (var seed in saved.Seeds)
        {
            board.Restore(seed.Name, seed.NextProbe, seed.NextCleaning, [.. seed.Open.Select(probe => new SeedProbe(probe.Token, probe.Pool, new MessageId(probe.Id), probe.Sent))], now);
        }
    }

    private sealed record Saved(SeedResult[] Results, SavedSeed[] Seeds);

    private sealed record SavedSeed(string Name, DateTimeOffset NextProbe, DateTimeOffset NextCleaning, SavedProbe[] Open);

    private sealed record SavedProbe(string Token, string Pool, ulong Id, DateTimeOffset Sent);
}
