using System.Text.Json;
using Engine.Configuration;

namespace Engine.Limits;

/// <summary>
/// What limits had in them when the engine last ran. A bucket takes up its tokens and what has come in since; after an outage that is longer
/// than the rate's own period (or whose save is missing, or from the future) it starts with one token: a restart is no gift of a burst.
/// Windows keep their counts while they last. Thread-safe; its lock is a leaf.
/// </summary>
/// <remarks>
/// Limits are made when they are first asked for. What one takes up is taken out of here, once; what nobody has asked for stays, and is
/// saved again: two restarts lose no more than one.
/// </remarks>
/// <param name="rows">Those that were not full; by name and key.</param>
/// <param name="outages">Those that may still matter: each is longer than all that came after it.</param>
internal sealed class SavedLimits(Dictionary<(string Name, string Key), SavedLimit> rows, IReadOnlyList<Outage> outages)
{
    // A rate's period is a day at most; its bucket may take some of them to fill.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    private readonly Lock _gate = new();

    /// <summary>Nothing was saved, or it cannot be read.</summary>
    public static SavedLimits None(DateTimeOffset loaded) => new([], [new Outage(loaded, TimeSpan.MaxValue)]);

    /// <summary>Tokens to start with; null for a full bucket. The next to ask finds none saved.</summary>
    /// <param name="name">Of the limit.</param>
    /// <param name="key">Of the limit.</param>
    /// <param name="isOfConnects">The bucket of connections; else that of recipients.</param>
    /// <param name="rate">Its rate now.</param>
    /// <param name="now">Wall clock.</param>
    /// <param name="startsFull">A bucket of which nothing was saved was full; else it starts with one token.</param>
    public double? TakeTokens(string name, string key, bool isOfConnects, Rate rate, DateTimeOffset now, bool startsFull)
    {
        var row = Take(name, key, row => isOfConnects ? row with { ConnectTokens = null } : row with { Tokens = null });
        var tokens = isOfConnects ? row?.ConnectTokens : row?.Tokens;
        if (tokens is null && !startsFull)
        {
            return 1;
        }

        var outage = outages.LastOrDefault(one => one.Length > rate.Per);
        return tokens is { } level && row!.At >= outage.End ? level + ((now - row.At).TotalSeconds * rate.PerSecond)
            : outage == default ? tokens
            : 1 + ((now - outage.End).TotalSeconds * rate.PerSecond);
    }

    /// <summary>The count of a window; null when nothing was counted. The next to ask finds none.</summary>
    public SavedLimit? TakeUsed(string name, string key) =>
        Take(name, key, row => row with { Used = 0 }) is { Used: > 0 } row ? row : null;

    /// <summary>What no limit has taken up of this row; null when there is nothing left that matters.</summary>
    public SavedLimit? Left(string name, string key, DateTimeOffset now)
    {
        lock (_gate)
        {
            return rows.TryGetValue((name, key), out var row) && row.Until > now ? row : null;
        }
    }

    /// <summary>Everything that no limit has taken up and that still matters; the rest is forgotten.</summary>
    public IReadOnlyList<((string Name, string Key) Id, SavedLimit Row)> Left(DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var (id, row) in rows)
            {
                if (row.Until <= now)
                {
                    rows.Remove(id);
                }
            }

            return [.. rows.Select(pair => (pair.Key, pair.Value))];
        }
    }

    /// <summary>Outages that a bucket may not have made up for yet.</summary>
    public IEnumerable<Outage> OutagesAt(DateTimeOffset now) => outages.Where(one => now - one.End < Remembered);

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
            var saved = root.GetProperty("saved").GetDateTimeOffset();
            var isOfFuture = saved > loaded;
            var limits = new Dictionary<(string Name, string Key), SavedLimit>();
            foreach (var row in root.GetProperty("limits").EnumerateArray())
            {
                // Before 2026-11-22 rows had neither time: all were of the save.
                var isDated = row.GetArrayLength() > 6;
                var at = isOfFuture ? DateTimeOffset.MinValue : isDated ? row[6].GetDateTimeOffset() : saved;
                var until = isDated ? row[7].GetDateTimeOffset() : saved.AddDays(1);
                limits[(row[0].GetString()!, row[1].GetString()!)] = new SavedLimit(Number(row[2]), Number(row[3]), row[4].GetInt64(), row[5].GetDateTimeOffset(), at, until);
            }

            var last = new Outage(loaded, isOfFuture ? TimeSpan.MaxValue : loaded - saved);
            return new SavedLimits(limits, [.. OutagesOf(root).Where(one => one.Length > last.Length), last]);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            return None(loaded);
        }
    }

    private static IEnumerable<Outage> OutagesOf(JsonElement root) => !root.TryGetProperty("outages", out var outages)
        ? []
        : outages.EnumerateArray().Select(row => new Outage(row[0].GetDateTimeOffset(), TimeSpan.FromTicks(row[1].GetInt64())));

    private static double? Number(JsonElement value) => value.ValueKind is JsonValueKind.Null ? null : value.GetDouble();

    private SavedLimit? Take(string name, string key, Func<SavedLimit, SavedLimit> less)
    {
        lock (_gate)
        {
            if (!rows.TryGetValue((name, key), out var row))
            {
                return null;
            }

            if (less(row) is { IsEmpty: false } rest)
            {
                rows[(name, key)] = rest;
            }
            else
            {
                rows.Remove((name, key));
            }

            return row;
        }
    }
}
