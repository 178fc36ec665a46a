using System.Globalization;
using System.Text;
using System.Text.Json;
using Engine.Mail;

namespace Engine.Reputation.Score;

/// <summary>
/// Reads opens and clicks line by line: JSON objects (<c>address</c>, <c>kind</c>, <c>time</c>, <c>account</c>) or CSV with these columns, in the order of a header line or else in this one. Any
/// text may be quoted (RFC 4180); no field may hold a line end. Opens and clicks count alike: many opens are made by machines that fetch images for the reader. Not thread-safe.
/// </summary>
internal sealed class EngagementReader
{
    private static readonly string[] Names = ["address", "kind", "time", "account"];

    private string[] _columns = Names;
    private bool _begun;

    /// <summary>Takes one line without its end.</summary>
    /// <param name="line">UTF-8.</param>
    /// <param name="mark">What it says.</param>
    /// <returns>Null when it is good, else what is wrong with it; empty for a line that says nothing: an empty one, the header.</returns>
    public string? Read(ReadOnlySpan<byte> line, out EngagementMark mark)
    {
        mark = default;
        line = line.TrimEnd((byte)'\r');
        if (line.IsEmpty)
        {
            return string.Empty;
        }

        var isFirst = !_begun;
        _begun = true;
        if (line[0] == (byte)'{')
        {
            return ReadJson(line, out mark);
        }

        var fields = Split(Encoding.UTF8.GetString(line));
        if (isFirst && fields.Contains("address", StringComparer.OrdinalIgnoreCase))
        {
            _columns = [.. fields.Select(field => field.ToLowerInvariant())];
            return string.Empty;
        }

        string? Field(string name) => Array.IndexOf(_columns, name) is >= 0 and var index && index < fields.Count && fields[index].Length > 0 ? fields[index] : null;
        return Make(Field("address"), Field("kind"), Field("time"), Field("account"), out mark);
    }

    private static string? ReadJson(ReadOnlySpan<byte> line, out EngagementMark mark)
    {
        mark = default;
        var values = new string?[Names.Length];
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var index = Array.IndexOf(Names, reader.GetString());
                reader.Read();
                if (index >= 0 && reader.TokenType is JsonTokenType.String)
                {
                    values[index] = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }

            reader.Read();
        }
        catch (JsonException)
        {
            return "is no JSON object";
        }

        return Make(values[0], values[1], values[2], values[3], out mark);
    }

    private static string? Make(string? address, string? kind, string? time, string? account, out EngagementMark mark)
    {
        mark = default;
        if (address is null || !Mailbox.TryParse(Encoding.UTF8.GetBytes(address), allowUtf8: true, out var mailbox))
        {
            return $"expected an address, found '{address}'";
        }

        if (kind is not ("open" or "click"))
        {
            return $"expected the kind 'open' or 'click', found '{kind}'";
        }

        DateTimeOffset? at = null;
        if (time is not null)
        {
            if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed))
            {
                return $"expected a time such as 2026-11-22T08:00:00Z, found '{time}'";
            }

            at = parsed;
        }

        mark = new EngagementMark(mailbox, at, account);
        return null;
    }

    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            var letter = line[at];
            if (letter == '"' && isQuoted && at + 1 < line.Length && line[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (letter == ',' && !isQuoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(letter);
            }
        }

        fields.Add(field.ToString().Trim());
        return fields;
    }
}
