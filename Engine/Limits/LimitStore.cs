using System.Buffers;
using System.Text.Json;
using Engine.Configuration;

namespace Engine.Limits;

/// <summary>Keeps what is in limits over restarts: one file, replaced as a whole. One thread at a time.</summary>
/// <param name="tree">Its limits.</param>
/// <param name="path">The file, <c>state/limits</c>.</param>
/// <param name="clock">Wall clock.</param>
internal sealed class LimitStore(LimitTree tree, string path, TimeProvider clock)
{
    private readonly ArrayBufferWriter<byte> _octets = new(4_096);

    /// <summary>Before the tree is used: limits made from now on take up what was saved.</summary>
    /// <returns>Why the file could not be read; null when it was, or when there is none.</returns>
    public string? Load()
    {
        try
        {
            tree.Saved = File.Exists(path) ? SavedLimits.Read(File.ReadAllBytes(path), clock.GetUtcNow()) : SavedLimits.None(clock.GetUtcNow());
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            tree.Saved = SavedLimits.None(clock.GetUtcNow());
            return fault.Message;
        }
    }

    /// <summary>Writes every limit that is not full, and what was saved of those that nobody has asked for yet. Call it every 10 s and at the end.</summary>
    /// <exception cref="IOException">The old save stays.</exception>
    public void Save()
    {
        _octets.ResetWrittenCount();
        var now = clock.GetUtcNow();
        using (var writer = new Utf8JsonWriter(_octets))
        {
            writer.WriteStartObject();
            writer.WriteString("saved", now);
            WriteOutages(writer, now);
            writer.WriteStartArray("limits");

            // These first: of a limit that is made meanwhile the later row counts.
            foreach (var (id, row) in tree.Saved?.Left(now) ?? [])
            {
                Write(writer, id.Name, id.Key, row);
            }

            foreach (var limit in tree.All)
            {
                if (RowOf(limit, now) is { } row)
                {
                    Write(writer, limit.Name, limit.Key, row);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Replace(path, _octets.WrittenSpan);
    }

    // Null for what needs no saving. What it has no bucket or window for yet is still as it was saved.
    private SavedLimit? RowOf(Limit limit, DateTimeOffset now)
    {
        var timestamp = clock.GetTimestamp();
        var left = tree.Saved?.Left(limit.Name, limit.Key, now);
        var (tokens, connects, day) = (Missing(limit.Bucket, timestamp), Missing(limit.ConnectBucket, timestamp), limit.Day);
        var used = day?.UsedAt(timestamp) ?? 0;
        if (left is null && tokens is null && connects is null && used == 0)
        {
            return null;
        }

        var until = left?.Until ?? now;
        until = Later(until, FullAt(limit.Bucket, tokens, now));
        until = Later(until, FullAt(limit.ConnectBucket, connects, now));
        if (used > 0)
        {
            until = Later(until, day!.Running.End + (day.Carries ? Math.Min(used / day.Maximum, 1_000) * day.Span : TimeSpan.Zero));
        }

        return new SavedLimit(
            limit.Bucket is null ? left?.Tokens : tokens,
            limit.ConnectBucket is null ? left?.ConnectTokens : connects,
            day is null ? left?.Used ?? 0 : used,
            day is null ? left?.Start ?? default : day.Running.Start,
            now,
            until);
    }

    private void WriteOutages(Utf8JsonWriter writer, DateTimeOffset now)
    {
        writer.WriteStartArray("outages");
        foreach (var outage in tree.Saved?.OutagesAt(now) ?? [])
        {
            writer.WriteStartArray();
            writer.WriteStringValue(outage.End);
            writer.WriteNumberValue(outage.Length.Ticks);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    // A bucket that owes a lot is remembered for a year at most.
    private static DateTimeOffset FullAt(TokenBucket? bucket, double? tokens, DateTimeOffset now) =>
        tokens is not { } level ? now : now + TimeSpan.FromSeconds(Math.Min((bucket!.Rate.Burst - level) / bucket.Rate.PerSecond, TimeSpan.FromDays(365).TotalSeconds));

    private static void Write(Utf8JsonWriter writer, string name, string key, SavedLimit row)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(name);
        writer.WriteStringValue(key);
        Write(writer, row.Tokens);
        Write(writer, row.ConnectTokens);
        writer.WriteNumberValue(row.Used);
        writer.WriteStringValue(row.Start);
        writer.WriteStringValue(row.At);
        writer.WriteStringValue(row.Until);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, double? tokens)
    {
        if (tokens is { } level)
        {
            writer.WriteNumberValue(Math.Round(level, 3));
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    // Null for a full bucket, which needs no saving.
    private static double? Missing(TokenBucket? bucket, long now) =>
        bucket is { IsTouched: true } && bucket.Level(now) is var level && level < bucket.Rate.Burst ? level : null;
}
