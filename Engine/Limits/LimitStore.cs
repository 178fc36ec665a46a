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

    /// <summary>Writes every limit that is not full. Call it every 10 s and at the end.</summary>
    /// <exception cref="IOException">The old save stays.</exception>
    public void Save()
    {
        _octets.ResetWrittenCount();
        var now = clock.GetUtcNow();
        var timestamp = clock.GetTimestamp();
        using (var writer = new Utf8JsonWriter(_octets))
        {
            writer.WriteStartObject();
            writer.WriteString("saved", now);
            writer.WriteStartArray("limits");
            foreach (var limit in tree.All)
            {
                Write(writer, limit, timestamp);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DurableFile.Replace(path, _octets.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, Limit limit, long now)
    {
        var (tokens, connects) = (Missing(limit.Bucket, now), Missing(limit.ConnectBucket, now));
        var used = limit.Day?.UsedAt(now) ?? 0;
        if (tokens is null && connects is null && used == 0)
        {
            return;
        }

        writer.WriteStartArray();
        writer.WriteStringValue(limit.Name);
        writer.WriteStringValue(limit.Key);
        Write(writer, tokens);
        Write(writer, connects);
        writer.WriteNumberValue(used);
        writer.WriteStringValue(limit.Day?.Running.Start ?? default);
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
