namespace Engine.Mail;

/// <summary>Parameters of structured fields, RFC 2045 §5.1, read forgivingly.</summary>
internal static class MimeParameter
{
    /// <summary>The value of the first parameter of this name, without quotes; empty when there is none.</summary>
    /// <param name="field">A field's value, such as <c>multipart/report; boundary="x"</c>.</param>
    /// <param name="name">In lower case.</param>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> field, ReadOnlySpan<char> name)
    {
        for (var at = Separator(field); at >= 0 && at < field.Length;)
        {
            var rest = field[(at + 1)..].TrimStart();
            if (rest.StartsWith(name, StringComparison.OrdinalIgnoreCase) && rest[name.Length..].TrimStart() is ['=', .. var value])
            {
                return Unquoted(value.TrimStart());
            }

            var next = Separator(rest);
            at = next < 0 ? -1 : field.Length - rest.Length + next;
        }

        return default;
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value)
    {
        if (value is ['"', .. var quoted])
        {
            var close = quoted.IndexOf('"');
            return close < 0 ? quoted.TrimEnd() : quoted[..close];
        }

        var end = value.IndexOfAny(" \t\n;");
        return end < 0 ? value : value[..end];
    }

    // A semicolon in quotes separates nothing.
    private static int Separator(ReadOnlySpan<char> text)
    {
        var isQuoted = false;
        for (var index = 0; index < text.Length; index++)
        {
            isQuoted ^= text[index] == '"';
            if (text[index] == ';' && !isQuoted)
            {
                return index;
            }
        }

        return -1;
    }
}
