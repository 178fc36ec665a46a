using System.Buffers;
using System.Text.Json;

namespace Engine.Queue.Transfer;

/// <summary>The first file of an export.</summary>
/// <param name="Export">32 hexadecimal digits: a repeated import knows by it what it has taken already.</param>
/// <param name="Host">Where it was made; for people.</param>
/// <param name="Made">When.</param>
internal sealed record TransferOrigin(string Export, string Host, DateTimeOffset Made)
{
    public const string FileName = "export.json";

    private const string Format = "engine-export";

    public static TransferOrigin Here(Guid export, string host, DateTimeOffset now) => new(export.ToString("N"), host, now);

    public ReadOnlyMemory<byte> Write()
    {
        var octets = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(octets))
        {
            json.WriteStartObject();
            json.WriteString("format"u8, Format);
            json.WriteNumber("version"u8, EnvelopeJson.Version);
            json.WriteString("export"u8, Export);
            json.WriteString("host"u8, Host);
            json.WriteString("made"u8, Made.UtcDateTime);
            json.WriteEndObject();
        }

        return SealedJson.Seal(octets.WrittenSpan);
    }

    /// <exception cref="InvalidDataException">It is damaged, or of another form.</exception>
    public static TransferOrigin Read(ReadOnlyMemory<byte> octets)
    {
        using var document = SealedJson.Open(octets);
        try
        {
            var root = document.RootElement;
            if (root.GetProperty("format"u8).GetString() != Format || root.GetProperty("version"u8).GetInt32() != EnvelopeJson.Version)
            {
                throw new InvalidDataException("its form is not known to this engine");
            }

            return Guid.TryParseExact(root.GetProperty("export"u8).GetString(), "N", out var export)
                ? Here(export, root.GetProperty("host"u8).GetString()!, root.GetProperty("made"u8).GetDateTimeOffset())
                : throw new InvalidDataException("the export has no name");
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"a member is missing or has a wrong form: {fault.Message}", fault);
        }
    }
}
