namespace Engine.Feedback.Reading;

/// <summary>Text of strangers made fit for logs, events and terminals.</summary>
internal static class Printable
{
    private const int MaxLength = 1_024;

    /// <summary>One line without control characters, runs of blanks made one, at most 1 KiB.</summary>
    public static string Line(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, 4 * MaxLength)].Trim();
        Span<char> line = stackalloc char[MaxLength];
        var length = 0;
        var blank = true;
        foreach (var letter in text)
        {
            var isBlank = letter is ' ' or '\t' or '\n' or '\r' or '\u00A0';
            var isHidden = !isBlank && (char.IsControl(letter) || letter is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') || char.IsSurrogate(letter));
            if (length == MaxLength)
            {
                break;
            }

            if (!isBlank || !blank)
            {
                line[length++] = isHidden ? '?' : isBlank ? ' ' : letter;
            }

            blank = isBlank;
        }

        return line[..length].TrimEnd().ToString();
    }
}
