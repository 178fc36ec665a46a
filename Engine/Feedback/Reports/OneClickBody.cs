using System.Net;
using System.Text;

namespace Engine.Feedback.Reports;

/// <summary>Whether the body of a POST asks to be unsubscribed: <c>List-Unsubscribe=One-Click</c>, as a form in either encoding. RFC 8058 §3.1, RFC 7578.</summary>
internal static class OneClickBody
{
    /// <summary>Octets of a body that are looked at; nobody needs more.</summary>
    public const int MaxLength = 4_096;

    private const string Name = "List-Unsubscribe";
    private const string Value = "One-Click";

    /// <param name="contentType">As sent; a body without one is taken for a form.</param>
    /// <param name="body">Whole.</param>
    public static bool Asks(string? contentType, ReadOnlySpan<byte> body)
    {
        var text = Encoding.Latin1.GetString(body[..Math.Min(body.Length, MaxLength)]);
        return contentType?.Trim().StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true ? AsksInParts(text) : AsksInPairs(text);
    }

    private static bool AsksInPairs(string text)
    {
        foreach (var pair in text.Trim().Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && Is(WebUtility.UrlDecode(pair[..equals]), Name) && Is(WebUtility.UrlDecode(pair[(equals + 1)..]), Value))
            {
                return true;
            }
        }

        return false;
    }

    // A part: its header, which names the field, an empty line, its value up to the next boundary.
    private static bool AsksInParts(string text)
    {
        foreach (var part in text.ReplaceLineEndings("\n").Split("\n--"))
        {
            var empty = part.IndexOf("\n\n", StringComparison.Ordinal);
            if (empty > 0 && IsNamed(part.AsSpan(0, empty)) && Is(part[(empty + 2)..], Value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamed(ReadOnlySpan<char> header)
    {
        foreach (var line in header.Split('\n'))
        {
            if (!header[line].StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var parameter in header[line].Split(';'))
            {
                var text = header[line][parameter].Trim();
                if (text.StartsWith("name=", StringComparison.OrdinalIgnoreCase) && text[5..].Trim('"').Equals(Name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Is(string found, string wanted) => found.AsSpan().Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase);
}
