using System.Buffers;

namespace Engine.Feedback.Reading;

/// <summary>Finds addresses in text that people, servers and gateways wrote.</summary>
internal static class AddressScan
{
    // RFC 5321 §4.5.3.1.3.
    private const int MaxLength = 254;

    private static readonly SearchValues<char> LocalPart = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.");

    private static readonly SearchValues<char> Domain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private static readonly SearchValues<char> NoAddress = SearchValues.Create(" \t\n<>\"|:;,");

    /// <summary>The first address; an empty range when there is none.</summary>
    /// <param name="text">Any text.</param>
    public static Range First(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('@'); at >= 0;)
        {
            var start = Start(text, at);
            var length = DomainLength(text[(at + 1)..]);
            if (start < at && length > 2 && at - start + 1 + length <= MaxLength)
            {
                return start..(at + 1 + length);
            }

            var next = text[(at + 1)..].IndexOf('@');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return default;
    }

    /// <summary>The first address as a string; empty when there is none.</summary>
    public static string Find(ReadOnlySpan<char> text) => text[First(text)].ToString();

    /// <summary>The address of a recipient field (<c>rfc822; a@example.org</c>) when it holds one and nothing else; else empty.</summary>
    public static string Sole(ReadOnlySpan<char> value)
    {
        var type = value.IndexOf(';');
        var text = value[(type + 1)..].Trim().Trim("<>\"'");
        var (start, length) = First(text).GetOffsetAndLength(text.Length);
        return length > 0 && start == 0 && length == text.Length ? text.ToString() : Utf8Address(text);
    }

    // RFC 6531: letters of any script; RFC 6533 utf-8 addresses come so.
    private static string Utf8Address(ReadOnlySpan<char> text) =>
        text.Length is > 3 and <= MaxLength && text.IndexOf('@') is > 0 and var at && at < text.Length - 3 && text.ContainsAnyInRange('\u0080', '\uFFFF')
            && !text.ContainsAny(NoAddress) && !text.ContainsAnyInRange('\0', '\u001F') && !text.ContainsAnyInRange('\u007F', '\u009F') ? text.ToString() : string.Empty;

    private static int Start(ReadOnlySpan<char> text, int at)
    {
        if (at > 1 && text[at - 1] == '"')
        {
            var open = text[Math.Max(0, at - 66)..(at - 1)].LastIndexOf('"');
            return open < 0 ? at : Math.Max(0, at - 66) + open;
        }

        var start = at;
        while (start > 0 && at - start < 64 && LocalPart.Contains(text[start - 1]))
        {
            start--;
        }

        // Quotes, bullets and "name=" are no part of what they stand before.
        while (start < at && text[start] is '\'' or '*' or '`' or '.' or '=' or '|')
        {
            start++;
        }

        return start;
    }

    private static int DomainLength(ReadOnlySpan<char> text)
    {
        if (text is ['[', .. var literal])
        {
            var close = literal[..Math.Min(literal.Length, 50)].IndexOf(']');
            return close < 2 ? 0 : close + 2;
        }

        var end = text[..Math.Min(text.Length, MaxLength)].IndexOfAnyExcept(Domain);
        return text[..(end < 0 ? Math.Min(text.Length, MaxLength) : end)].TrimEnd("._-").Length;
    }
}
