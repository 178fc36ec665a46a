namespace Engine.Dns;

/// <summary>What the TXT records of MTA-STS (RFC 8461 §3.1) and TLS reporting (RFC 8460 §3) have in common: a version in front, fields behind it, parted by semicolons.</summary>
internal static class VersionedText
{
    private const int MaxNameLength = 32;

    /// <summary>The one record of a version among all at a name; others are passed over.</summary>
    /// <param name="texts">Strings of each record joined.</param>
    /// <param name="version">Such as <c>v=STSv1</c>.</param>
    /// <returns>Null when there is none, or more than one.</returns>
    public static string? Only(IEnumerable<string> texts, string version) =>
        texts.Where(text => text.StartsWith(version, StringComparison.Ordinal) && text.AsSpan(version.Length).TrimStart(" \t") is [';', ..]).Take(2).ToArray() is [var only] ? only : null;

    /// <summary>Whether a field may be called so: a letter or digit, then at most 31 of letters, digits, <c>_</c>, <c>-</c> and <c>.</c></summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxNameLength || !char.IsAsciiLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
