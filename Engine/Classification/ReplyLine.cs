using System.Globalization;
using Engine.Mail;

namespace Engine.Classification;

/// <summary>Writes the line that rules are matched against: <c>code enhanced text</c>, blanks collapsed.</summary>
internal static class ReplyLine
{
    /// <summary>Room for code and enhanced code.</summary>
    public const int HeadLength = 20;

    /// <returns>Characters written.</returns>
    /// <param name="code">0 is left out.</param>
    /// <param name="enhanced">The default value is left out.</param>
    /// <param name="text">The text; control characters count as blanks.</param>
    /// <param name="line">At least <see cref="HeadLength"/> longer than the text.</param>
    public static int Write(ushort code, EnhancedCode enhanced, ReadOnlySpan<char> text, Span<char> line)
    {
        var length = 0;
        if (code != 0)
        {
            code.TryFormat(line, out length, default, CultureInfo.InvariantCulture);
            line[length++] = ' ';
        }

        if (enhanced.IsPresent)
        {
            length += Number(enhanced.Class, '.', line[length..]);
            length += Number(enhanced.Subject, '.', line[length..]);
            length += Number(enhanced.Detail, ' ', line[length..]);
        }

        // A blank ends the head, so leading ones of the text go too.
        var blank = true;
        foreach (var letter in text)
        {
            var isBlank = letter <= ' ';
            if (!isBlank || !blank)
            {
                line[length++] = isBlank ? ' ' : letter;
            }

            blank = isBlank;
        }

        return length;
    }

    private static int Number(ushort number, char end, Span<char> target)
    {
        number.TryFormat(target, out var length, default, CultureInfo.InvariantCulture);
        target[length] = end;
        return length + 1;
    }
}
