using System.Text.Json;
using Engine.Configuration;

namespace Engine.Limits;

/// <summary>
/// What limits had in them when the engine last ran. A bucket takes up its tokens and what has come in since; without a save that is fresh
/// (missing, from the future, older than the rate's own period) it starts with one token: a restart is no gift of a burst. Windows
/// keep their counts while they last. Immutable.
/// </summary>
/// <param name="saved">Wall clock of the save; null when there is none.</param>
/// <param name="loaded">Wall clock of the start.</param>
/// <param name="limits">Those that were not full; by name and key.</param>
internal sealed class SavedLimits(DateTimeOffset? saved, DateTimeOffset loaded, IReadOnlyDictionary<(string Name, string Key), SavedLimit> limits)
{
    /// <summary>Nothing was saved, or it cannot be read.</summary>
    public static SavedLimits None(DateTimeOffset loaded) => new(null, loaded, new Dictionary<(string Name, string Key), SavedLimit>());

    public SavedLimit? Find(string name, string key) => limits.GetValueOrDefault((name, key));

    /// <summary>Tokens to start with; null for a full bucket.</summary>
    /// <param name="tokens">As saved; null for a bucket that was full.</param>
    /// <param name="rate">Its rate now.</param>
    /// <param name="now">Wall clock.</param>
    public double? LevelOf(double? tokens, Rate rate, DateTimeOffset now)
    {
        if (saved is not { } at || at > loaded || loaded - at > rate.Per)
        {
            return 1 + ((now - loaded).TotalSeconds * rate.PerSecond);
        }

        return tokens + ((now - at).TotalSeconds * rate.PerSecond);
    }

    /// <summary>Reads a save; <see cref="None"/> for what is none.</summary>
    /// <param name="octets">The file.</param>
    /// <param name="loaded">Wall clock.</param>
    public static SavedLimits Read(ReadOnlySpan<byte> octets, DateTimeOffset loaded)
    {
        try
        {
            var reader = new Utf8JsonReader(octets);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var limits = new Dictionary<(string Name, string Key), SavedLimit>();
            foreach (var row in root.GetProperty("limits").EnumerateArray())
            {
                limits[(row[0].GetString()!, row[1].GetString()!)] = new SavedLimit(Number(row[2]), Number(row[3]), row[4].GetInt64(), row[5].GetDateTimeOffset());
            }

            return new SavedLimits(root.GetProperty("saved").GetDateTimeOffset(), loaded, limits);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            return None(loaded);
        }
    }

    private static double? Number(JsonElement value) => value.ValueKind is JsonValueKind.Null ? null : value.GetDouble();
}
