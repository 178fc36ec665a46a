using System.Text.Json;
using System.Text.Json.Serialization;
using Engine.Configuration;

namespace Engine.Reputation.Warmup;

/// <summary>The file a book is kept in: <c>state/warmup</c> and <c>state/warmup-domains</c>. JSON, replaced whole. One caller at a time.</summary>
internal sealed class WarmupFile(string path)
{
    private const int Version = 1;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>On stable storage when this returns.</summary>
    /// <exception cref="IOException">It was not written; the old file stays.</exception>
    public void Save(WarmupBook book, DateTimeOffset now) => DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(
        new Content(Version, book.Subject, now, [.. book.Records()], book.Volume.Records()),
        Format));

    /// <summary>Fills a new book; without a file it stays empty.</summary>
    /// <returns>Null, or what is wrong with the file: it is put aside as <c>PATH.damaged</c>, and everything starts over until events are replayed.</returns>
    /// <exception cref="IOException">The file is there and cannot be read or put aside.</exception>
    public string? Load(WarmupBook book, DateTimeOffset now)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var fault = Read(book, now);
        if (fault is not null)
        {
            File.Move(path, path + ".damaged", overwrite: true);
        }

        return fault;
    }

    private string? Read(WarmupBook book, DateTimeOffset now)
    {
        Content? content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Format);
        }
        catch (JsonException damage)
        {
            return $"{path}: {damage.Message}";
        }

        if (content is not { Version: Version } || content.Subject != book.Subject)
        {
            return $"{path}: version {content?.Version} about {content?.Subject}: expected version {Version} about {book.Subject}";
        }

        book.Restore(content.Tracks, content.SavedAt, now);
        book.Volume.Restore(content.Volumes);
        return null;
    }

    private sealed record Content(int Version, WarmupSubject Subject, DateTimeOffset SavedAt, IReadOnlyList<WarmupRecord> Tracks, IReadOnlyList<VolumeRecord> Volumes);
}
