namespace Engine.Mail;

/// <summary>
/// Walks fields (<c>Name: value</c> with continuation lines, RFC 5322 §2.2) in text whose lines end with LF, forgiving what mails in the field do wrong: lines that are no field
/// are passed over. Ends at the first empty line. Allocates nothing. <see cref="HeaderWalker"/> is the strict one, for mail that leaves.
/// </summary>
/// <param name="text">A header block, with or without what follows.</param>
internal ref struct HeaderLines(ReadOnlySpan<char> text)
{
    // No name in the field is longer; a longer one is text.
    private const int MaxName = 76;

    private readonly ReadOnlySpan<char> _text = text;
    private int _next;

    /// <summary>Name of the current field.</summary>
    public ReadOnlySpan<char> Name { get; private set; }

    /// <summary>Its value, folded as it stands, trimmed.</summary>
    public ReadOnlySpan<char> Value { get; private set; }

    /// <summary>Where the next line starts; behind the empty line once the walk is over.</summary>
    public readonly int Position => _next;

    /// <summary>Value of the first field of this name; empty when there is none.</summary>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> block, ReadOnlySpan<char> name)
    {
        var lines = new HeaderLines(block);
        while (lines.Next())
        {
            if (lines.Is(name))
            {
                return lines.Value;
            }
        }

        return default;
    }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the empty line or the end.</returns>
    public bool Next()
    {
        while (_next < _text.Length)
        {
            var line = LineAt(_next);
            if (line.IsEmpty)
            {
                _next = Math.Min(_next + 1, _text.Length);
                return false;
            }

            var start = _next;
            var end = _next + line.Length;
            while (end + 1 < _text.Length && _text[end + 1] is ' ' or '\t')
            {
                var more = LineAt(end + 1);
                if (more.IsWhiteSpace())
                {
                    break;
                }

                end += 1 + more.Length;
            }

            _next = Math.Min(end + 1, _text.Length);
            if (IsField(line, out var colon))
            {
                Name = line[..colon].TrimEnd();
                Value = _text[(start + colon + 1)..end].Trim();
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the current field has this name; case does not count.</summary>
    public readonly bool Is(ReadOnlySpan<char> name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsField(ReadOnlySpan<char> line, out int colon)
    {
        colon = line[..Math.Min(line.Length, MaxName)].IndexOf(':');
        return colon > 0 && !line[..colon].TrimEnd().ContainsAnyExceptInRange('!', '~');
    }

    private readonly ReadOnlySpan<char> LineAt(int start)
    {
        var rest = _text[start..];
        var end = rest.IndexOf('\n');
        return end < 0 ? rest : rest[..end];
    }
}
