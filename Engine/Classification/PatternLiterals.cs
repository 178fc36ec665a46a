using System.Text;

namespace Engine.Classification;

/// <summary>
/// Finds texts of which every match of a pattern holds at least one, so that a reply without any of them needs no regex. Reads the regexes that provider
/// data uses; where it meets anything else it finds nothing, which is always right.
/// </summary>
internal ref struct PatternLiterals
{
    /// <summary>Where a regex follows, a longer text tells hardly more apart, and costs memory.</summary>
    public const int MaxLength = 8;

    // Where none follows, the text is all there is.
    private const int MaxWholeLength = 24;

    private const int MinLength = 2;

    private const int MaxTexts = 48;

    private const int MaxClass = 6;

    private readonly ReadOnlySpan<char> _pattern;
    private int _at;
    private bool _failed;
    private bool _anchored;

    private PatternLiterals(ReadOnlySpan<char> pattern) => _pattern = pattern;

    /// <summary>The texts, in lower case; null when there are none to go by.</summary>
    /// <param name="pattern">The regex.</param>
    /// <param name="isWhole">Whether a line that holds one of the texts is matched for certain: the pattern is nothing but these texts.</param>
    public static IReadOnlyList<string>? Of(string pattern, out bool isWhole)
    {
        var reader = new PatternLiterals(pattern);
        var part = reader.Alternation();
        var needed = part.Needed;
        isWhole = !reader._anchored && part.Whole is not null && part.Whole.TrueForAll(static text => text.Length <= MaxWholeLength && Ascii.IsValid(text));
        var longest = isWhole ? MaxWholeLength : MaxLength;
        return reader._failed || reader._at < pattern.Length || needed is null || needed.Exists(static text => text.Length < MinLength)
            ? null
            : [.. needed.Select(text => text.Length > longest ? text[..longest] : text).Distinct(StringComparer.Ordinal)];
    }

    private LiteralPart Alternation()
    {
        var part = Sequence();
        while (Next is '|')
        {
            _at++;
            part = LiteralPart.Either(part, Sequence(), MaxTexts);
        }

        return part;
    }

    // NUL at the end: no pattern holds one.
    private readonly char Next => !_failed && _at < _pattern.Length ? _pattern[_at] : '\0';

    private LiteralPart Sequence()
    {
        List<string> run = [string.Empty];
        var (best, isWhole) = ((List<string>?)null, true);
        while (Next is not ('\0' or '|' or ')'))
        {
            var part = Quantified(Atom());
            if (part.Whole is { } texts && run.Count * texts.Count <= MaxTexts)
            {
                run = [.. run.SelectMany(head => texts.Select(tail => head + tail))];
                continue;
            }

            // Texts that follow each other are joined; here the chain breaks.
            isWhole = false;
            best = LiteralPart.Better(LiteralPart.Better(best, run), part.Needed);
            run = part.Whole ?? [string.Empty];
        }

        return new LiteralPart(isWhole ? run : null, LiteralPart.Better(best, run));
    }

    private LiteralPart Quantified(LiteralPart part)
    {
        var (least, most) = Next switch
        {
            '?' => (0, 1),
            '*' => (0, int.MaxValue),
            '+' => (1, int.MaxValue),
            '{' => Counts(),
            _ => (-1, -1),
        };
        if (least < 0)
        {
            return part;
        }

        _at++;
        _at += Next is '?' ? 1 : 0;
        return (least, most) switch
        {
            (0, 1) => new LiteralPart(part.Whole is { } texts ? [.. texts, string.Empty] : null, null),
            (0, _) => LiteralPart.Open,
            (1, 1) => part,
            _ => new LiteralPart(null, part.Needed),
        };
    }

    // Leaves the place at the closing brace.
    private (int Least, int Most) Counts()
    {
        var length = _pattern[_at..].IndexOf('}');
        var inner = length < 0 ? default : _pattern[(_at + 1)..(_at + length)];
        var comma = inner.IndexOf(',');
        if (!int.TryParse(comma < 0 ? inner : inner[..comma], out var least))
        {
            _failed = true;
            return (0, int.MaxValue);
        }

        _at += length;
        return (least, comma < 0 ? least : int.TryParse(inner[(comma + 1)..], out var most) ? most : int.MaxValue);
    }

    private LiteralPart Atom()
    {
        var letter = _pattern[_at++];
        switch (letter)
        {
            case '(':
                return Group();
            case '[':
                return Class();
            case '.':
                return LiteralPart.Open;
            case '^' or '$':
                _anchored = true;
                return LiteralPart.Nothing;
            case '\\':
                return Escape();
            case '*' or '+' or '?' or '{':
                _failed = true;
                return LiteralPart.Open;
            default:
                return LiteralPart.Of([Lower(letter)]);
        }
    }

    private LiteralPart Group()
    {
        if (Next is '?')
        {
            _failed |= !_pattern[_at..].StartsWith("?:", StringComparison.Ordinal);
            _at += 2;
        }

        var part = Alternation();
        _failed |= Next is not ')';
        _at++;
        return part;
    }

    private LiteralPart Escape()
    {
        var letter = Next;
        _at++;
        switch (letter)
        {
            case 'b' or 'B' or 'A' or 'z' or 'Z':
                _anchored = true;
                return LiteralPart.Nothing;
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                return LiteralPart.Open;
            case '\0':
            case var other when char.IsAsciiLetterOrDigit(other):
                _failed = true;
                return LiteralPart.Open;
            default:
                return LiteralPart.Of([Lower(letter)]);
        }
    }

    private LiteralPart Class()
    {
        var isOpen = Next is '^' or ']';
        var letters = new List<string>();
        while (Next is not ('\0' or ']'))
        {
            var letter = _pattern[_at++];
            if (letter is '\\')
            {
                letter = Next;
                _at++;
                isOpen |= char.IsAsciiLetterOrDigit(letter);
            }

            isOpen |= letter is '[' || (Next is '-' && _at + 1 < _pattern.Length && _pattern[_at + 1] is not ']');
            letters.Add(Lower(letter));
        }

        _failed |= Next is not ']';
        _at++;
        return isOpen || letters.Count > MaxClass ? LiteralPart.Open : LiteralPart.Of(letters);
    }

    private static string Lower(char letter) => char.ToLowerInvariant(letter).ToString();
}
