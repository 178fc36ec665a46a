using System.Globalization;
using System.Text;
using System.Text.Json;
using Engine.Mail;

namespace Engine.Queue.Transfer;

/// <summary>
/// A JSON object whose last member is the CRC-32C of all octets before it: <c>…,"crc32c":"9ae0daaf"}</c> and a line end. A flipped bit in
/// an address must not become mail to somebody else.
/// </summary>
internal static class SealedJson
{
    private const int SealLength = 21; // ,"crc32c":"xxxxxxxx"}

    public static string TextOf(uint checksum) => checksum.ToString("x8", CultureInfo.InvariantCulture);

    /// <param name="json">An object with at least one member.</param>
    public static ReadOnlyMemory<byte> Seal(ReadOnlySpan<byte> json)
    {
        var body = json[..^1];
        var octets = new byte[body.Length + SealLength + 1];
        body.CopyTo(octets);
        Encoding.ASCII.GetBytes($",\"crc32c\":\"{TextOf(Crc32C.Of(body))}\"}}\n", octets.AsSpan(body.Length));
        return octets;
    }

    /// <exception cref="InvalidDataException">It is not sealed, or damaged.</exception>
    public static JsonDocument Open(ReadOnlyMemory<byte> octets)
    {
        var length = octets.Length - SealLength - 1;
        if (length <= 0)
        {
            throw new InvalidDataException("it is too short");
        }

        var body = octets.Span[..length];
        if (!octets.Span[length..].SequenceEqual(Encoding.ASCII.GetBytes($",\"crc32c\":\"{TextOf(Crc32C.Of(body))}\"}}\n")))
        {
            throw new InvalidDataException("its checksum does not fit");
        }

        try
        {
            return JsonDocument.Parse(octets);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"it is no JSON: {fault.Message}", fault);
        }
    }
}
