using System.Buffers;
using System.Text.Json;

namespace Engine.Queue.Transfer;

/// <summary>The last file of an export: without it, the export was cut.</summary>
/// <param name="Export">Name of this export, from its first file.</param>
/// <param name="Messages">How many stand before it.</param>
/// <param name="Recipients">How many of them.</param>
/// <param name="Octets">Of heads and contents.</param>
/// <param name="InFlight">Recipients left out because they were being delivered.</param>
/// <param name="Unreadable">Messages left out because they are damaged.</param>
internal sealed record TransferManifest(string Export, long Messages, long Recipients, long Octets, long InFlight, long Unreadable)
{
    public const string FileName = "manifest.json";

    public ReadOnlyMemory<byte> Write()
    {
        var octets = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(octets))
        {
            json.WriteStartObject();
            json.WriteNumber("version"u8, EnvelopeJson.Version);
            json.WriteString("export"u8, Export);
            json.WriteNumber("messages"u8, Messages);
            json.WriteNumber("recipients"u8, Recipients);
            json.WriteNumber("octets"u8, Octets);
            json.WriteNumber("inFlight"u8, InFlight);
            json.WriteNumber("unreadable"u8, Unreadable);
            json.WriteEndObject();
        }

        return SealedJson.Seal(octets.WrittenSpan);
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static TransferManifest Read(ReadOnlyMemory<byte> octets)
    {
        using var document = SealedJson.Open(octets);
        try
        {
            var root = document.RootElement;
            return new TransferManifest(
                root.GetProperty("export"u8).GetString()!,
                root.GetProperty("messages"u8).GetInt64(),
                root.GetProperty("recipients"u8).GetInt64(),
                root.GetProperty("octets"u8).GetInt64(),
                root.GetProperty("inFlight"u8).GetInt64(),
                root.GetProperty("unreadable"u8).GetInt64());
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"a member is missing or has a wrong form: {fault.Message}", fault);
        }
    }
}
