using System.Numerics;

namespace Engine.Classification;

/// <summary>
/// Rules in order, of which the first that matches a line decides. Code and texts tell which patterns can match at all; only those are asked. Immutable; any
/// thread.
/// </summary>
internal sealed class RuleSet
{
    // 2,048 patterns; a set of more asks all of them.
    private const int MaxWords = 32;

    // In the order of the rules; those of one rule stand together.
    private readonly RulePattern[] _patterns;
    private readonly LiteralScan _scan;
    private readonly ulong[] _always;
    private readonly ulong[] _byCode;
    private readonly int _words;

    public RuleSet(IEnumerable<ReplyRule> rules)
    {
        _patterns = [.. rules.SelectMany(RulePattern.Of)];
        _words = (_patterns.Length + 63) / 64;
        _always = new ulong[_words];
        _byCode = new ulong[_words * CodeSet.Places];
        _scan = new LiteralScan([.. _patterns.Select(static pattern => pattern.Texts)]);
        for (var index = 0; index < _patterns.Length; index++)
        {
            var (word, bit) = (index / 64, 1UL << (index % 64));
            _always[word] |= _patterns[index].Texts is null ? bit : 0;
            for (var place = 0; place < CodeSet.Places; place++)
            {
                _byCode[(place * _words) + word] |= _patterns[index].Codes[place] ? bit : 0;
            }
        }
    }

    /// <summary>Patterns that no text is known for, so that they are asked for every reply of their code; for tests and figures.</summary>
    public IEnumerable<RulePattern> Blind => _patterns.Where(static pattern => pattern.Texts is null);

    /// <summary>The first rule that matches; null for none.</summary>
    /// <param name="code">The reply's code; 0 for none.</param>
    /// <param name="line"><c>code enhanced text</c>.</param>
    public ReplyRule? First(ushort code, ReadOnlySpan<char> line)
    {
        if (_words > MaxWords)
        {
            return FirstOfAll(code, line);
        }

        Span<ulong> marks = stackalloc ulong[_words];
        _always.CopyTo(marks);
        _scan.Mark(line, marks);
        var mine = _byCode.AsSpan(CodeSet.PlaceOf(code) * _words, _words);
        for (var word = 0; word < _words; word++)
        {
            for (var left = marks[word] & mine[word]; left != 0; left &= left - 1)
            {
                var pattern = _patterns[(word * 64) + BitOperations.TrailingZeroCount(left)];
                if (pattern.IsCertain || pattern.Matches(line))
                {
                    return pattern.Rule;
                }
            }
        }

        return null;
    }

    /// <summary>The same by asking every pattern in order: what <see cref="First"/> must never differ from.</summary>
    public ReplyRule? FirstOfAll(ushort code, ReadOnlySpan<char> line)
    {
        foreach (var pattern in _patterns)
        {
            if (Fits(pattern.Rule.Rule.Code, code) && pattern.Matches(line))
            {
                return pattern.Rule;
            }
        }

        return null;
    }

    private static bool Fits(string? bound, ushort code) =>
        bound is null || (bound[1] == 'x' ? code / 100 == bound[0] - '0' : code == ushort.Parse(bound, provider: null));
}
