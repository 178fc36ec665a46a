using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Dkim.Rotation;

/// <summary>
/// Keeps the book: file <c>dkim-rotation</c> in the state directory, JSON, replaced whole and on stable storage before what it says is done. It is read
/// before the first key ring is made, because a next key must not sign and a revoked one never again. One writer at a time.
/// </summary>
/// <param name="path">Full path.</param>
internal sealed class RotationFile(string path)
{
    public const string Name = "dkim-rotation";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The file of a configuration.</summary>
    public static RotationFile Of(Snapshot snapshot) => new(snapshot.PathTo(System.IO.Path.Join(snapshot.Options.State, Name)));

    public string Path => path;

    /// <summary>Reads the book; a blank one when there is no file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public RotationBook Load()
    {
        if (!File.Exists(path))
        {
            return RotationBook.Blank;
        }

        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(path), Format) ?? throw new InvalidDataException($"{path} is empty");
            var domains = kept.Domains.Select(static domain => new DomainRotation(DomainName.Parse(domain.Domain), [.. domain.Keys]));
            return new RotationBook(domains.ToImmutableDictionary(static domain => domain.Domain), kept.Version);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is damaged: {fault.Message}", fault);
        }
    }

    /// <summary>Writes the book; on stable storage when this returns.</summary>
    /// <exception cref="IOException">The old content stays.</exception>
    public void Save(RotationBook book)
    {
        var kept = new Kept(book.Version, [.. book.Domains.Values.OrderBy(static domain => domain.Domain.Name, StringComparer.Ordinal).Select(static domain => new KeptDomain(domain.Domain.Name, domain.Keys))]);
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(kept, Format));
    }

    private sealed record Kept(long Version, IReadOnlyList<KeptDomain> Domains);

    private sealed record KeptDomain(string Domain, IReadOnlyList<RotatedKey> Keys);
}
