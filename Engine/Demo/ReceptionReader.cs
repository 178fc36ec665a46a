using System.Buffers.Text;
using System.Text;
using Engine.Mail;

namespace Engine.Demo;

/// <summary>Reads out of a head what the ledger keeps.</summary>
/// <param name="numberField">Name of the field that holds the number.</param>
internal sealed class ReceptionReader(string numberField)
{
    private readonly byte[] _numberField = Encoding.ASCII.GetBytes(numberField);

    public (long Number, string EngineId) Read(ReadOnlySpan<byte> message)
    {
        var number = 0L;
        var id = default(string);
        foreach (var field in new HeaderWalker(message))
        {
            if (field.Is("Received"u8))
            {
                id ??= IdOf(field.Value);
            }
            else if (field.Is(_numberField) && Utf8Parser.TryParse(field.Value.TrimStart((byte)' '), out long value, out _))
            {
                number = value;
                break;
            }
        }

        return (number, id ?? string.Empty);
    }

    // "… with ESMTP id 0123456789abc for …" RFC 5321 §4.4.
    private static string IdOf(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.SplitAny(" \t\r\n;"u8))
        {
            if (value[range] is var word && word.Length == 2 && Ascii.EqualsIgnoreCase(word, "id"u8))
            {
                var rest = value[range.End..].TrimStart(" \t\r\n"u8);
                var end = rest.IndexOfAny(" \t\r\n;"u8);
                return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
            }
        }

        return string.Empty;
    }
}
