using System.Globalization;
using System.Text;

namespace Engine.Reports.Imap;

/// <summary>Writes strings into commands. RFC 9051 §4.3.</summary>
internal static class ImapText
{
    /// <summary>True when it can stand in quotes; else it goes as a literal.</summary>
    public static bool IsQuotable(string text) => text.Length <= 500 && text.All(letter => letter is >= ' ' and <= '~');

    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>A server's words for a person: printable, at most 200 letters.</summary>
    public static string Shown(ReadOnlySpan<byte> words) =>
        new([.. Encoding.UTF8.GetString(words[..Math.Min(words.Length, 200)]).Select(letter => char.IsControl(letter) ? ' ' : letter)]);

    /// <summary>A date of SEARCH, as 21-Nov-2026.</summary>
    public static string DateOf(DateTimeOffset time) => time.UtcDateTime.ToString("d-MMM-yyyy", CultureInfo.InvariantCulture);

    /// <summary>INTERNALDATE, as <c>" 1-Nov-2026 02:44:25 -0700"</c>; null when it is none.</summary>
    public static DateTimeOffset? TimeIn(ReadOnlySpan<byte> text) =>
        DateTimeOffset.TryParseExact(Encoding.ASCII.GetString(text).Trim(), "d-MMM-yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
