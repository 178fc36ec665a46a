using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Mail;

namespace Engine.Feedback.Reading;

/// <summary>The SMTP reply that a text quotes, found by hand: texts of strangers, looked at once from left to right.</summary>
/// <param name="Code">Reply code; 0 when there is none.</param>
/// <param name="Enhanced">Enhanced code, also where it stands alone (<c>#5.1.1</c>); none when there is none.</param>
/// <param name="Text">What the server said, without codes; the whole text when it quotes no reply.</param>
/// <param name="Start">Where the reply stands in the text.</param>
internal readonly record struct ServerReply(ushort Code, EnhancedCode Enhanced, string Text, int Start = 0)
{
    private const int MaxLength = 2_048;

    private static readonly SearchValues<char> Numbers = SearchValues.Create("0123456789.");

    /// <summary>Finds the reply in a text on one line.</summary>
    public static ServerReply In(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxLength)].Trim();
        var best = -1;
        for (var at = Next(text, 0); at + 3 <= text.Length; at = Next(text, at + 1))
        {
            if (!IsCode(text, at))
            {
                continue;
            }

            best = best < 0 ? at : best;
            if (EnhancedAt(text, at + 3, out _).IsPresent)
            {
                // A code with an enhanced one behind is a reply for certain; the first such wins over a bare number before it, but not over a quoted one.
                best = best != at && IsQuoted(text, best) ? best : at;
                break;
            }
        }

        return best < 0 ? WithoutCode(text) : At(text, best);
    }

    // Codes of failures begin so; the end where there is none.
    private static int Next(ReadOnlySpan<char> text, int from) => text[from..].IndexOfAny('4', '5') is >= 0 and var at ? from + at : text.Length;

    private static ServerReply At(ReadOnlySpan<char> text, int at)
    {
        var code = ushort.Parse(text.Slice(at, 3), CultureInfo.InvariantCulture);
        var enhanced = EnhancedAt(text, at + 3, out var end);
        var said = Said(text[end..], text.Slice(at, 3));
        enhanced = enhanced.IsPresent ? enhanced : Alone(said, (byte)(code / 100));
        return new ServerReply(code, enhanced, said, at);
    }

    private static ServerReply WithoutCode(ReadOnlySpan<char> text)
    {
        var enhanced = EnhancedAt(text, 0, out var end);
        return enhanced.IsPresent ? new ServerReply(0, enhanced, text[end..].Trim().ToString()) : new ServerReply(0, Alone(text, 0), text.ToString());
    }

    // RFC 5321 §4.2.1: the code again at each further line, "550-5.7.1" or "550 5.7.1"; nothing of it is text.
    private static string Said(ReadOnlySpan<char> text, ReadOnlySpan<char> code)
    {
        var said = new StringBuilder(text.Length);
        while (text.IndexOf(code) is >= 0 and var at)
        {
            var isStart = at == 0 || text[at - 1] is ' ' or '\n' or '\t';
            var behind = text[(at + 3)..];
            if (!isStart || behind is not (['-', ..] or [' ', ..]) || (behind[0] == ' ' && !EnhancedAt(text, at + 3, out _).IsPresent))
            {
                said.Append(text[..(at + 3)]);
                text = behind;
                continue;
            }

            said.Append(text[..at]);
            EnhancedAt(text, at + 3, out var end);
            text = text[Math.Max(end, at + 4)..];
        }

        return said.Append(text).ToString().Trim();
    }

    // A code stands alone: not in an address of a host, not in a number, and something that ends a word follows.
    private static bool IsCode(ReadOnlySpan<char> text, int at) =>
        text[at + 1] is >= '0' and <= '7' && char.IsAsciiDigit(text[at + 2])
        && (at == 0 || text[at - 1] is ' ' or '\t' or '\n' or '<' or '(' or '[' or '"' or '\'' or ':' or '#' or ';' or '>')
        && (at + 3 == text.Length || text[at + 3] is ' ' or '-' or ':' or '\n' or '\t' or ',' or '>' or ']')
        && !IsNumberOfThings(text[(at + 3)..]);

    // "after 500 seconds", "432 minutes", "limit of 500 recipients".
    private static bool IsNumberOfThings(ReadOnlySpan<char> behind)
    {
        behind = behind.TrimStart();
        return behind.StartsWith("second", StringComparison.OrdinalIgnoreCase) || behind.StartsWith("minute", StringComparison.OrdinalIgnoreCase)
            || behind.StartsWith("hour", StringComparison.OrdinalIgnoreCase) || behind.StartsWith("recipients", StringComparison.OrdinalIgnoreCase)
            || behind.StartsWith("bytes", StringComparison.OrdinalIgnoreCase) || behind.StartsWith("KB", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsQuoted(ReadOnlySpan<char> text, int at)
    {
        var before = text[..at].TrimEnd();
        return at == 0 || before.EndsWith("said:", StringComparison.OrdinalIgnoreCase) || before.EndsWith(']') || before.EndsWith("<<<");
    }

    private static EnhancedCode EnhancedAt(ReadOnlySpan<char> text, int at, out int end)
    {
        while (at < text.Length && text[at] is ' ' or '-' or ':' or '\t' or '\n' or '#' or '(' or '[')
        {
            at++;
        }

        end = at;
        var length = text[at..].IndexOfAnyExcept(Numbers);
        length = length < 0 ? text.Length - at : length;
        var code = length is >= 5 and <= 9 ? EnhancedCode.Parse(text.Slice(at, length).TrimEnd('.')) : default;
        end = code.IsPresent ? at + length : at;
        while (code.IsPresent && end < text.Length && text[end] is ')' or ' ' or ':' or ']')
        {
            end++;
        }

        return code;
    }

    // "(#5.1.1)" of qmail and its kin, "[#4.1.9]", "5.7.1 This system …" in the middle.
    private static EnhancedCode Alone(ReadOnlySpan<char> text, byte severity)
    {
        for (var at = Next(text, 0); at + 5 <= text.Length; at = Next(text, at + 1))
        {
            if (text[at + 1] == '.' && (at == 0 || text[at - 1] is '#' or ' ' or '(' or '[' or ':'))
            {
                var length = text[at..].IndexOfAnyExcept(Numbers);
                length = length < 0 ? text.Length - at : length;
                var code = length is >= 5 and <= 9 ? EnhancedCode.Parse(text.Slice(at, length).TrimEnd('.')) : default;
                if (code.IsPresent && (severity == 0 || code.Class == severity) && (at > 0 && text[at - 1] != ' ' || severity != 0 || code.Subject <= 7))
                {
                    return code;
                }
            }
        }

        return default;
    }
}
