namespace Engine.Feedback.Reading;

/// <summary>Rules in order, of which the first that has words in a text decides. One pass over the text finds them all. Immutable; any thread.</summary>
internal sealed class WordingTable
{
    private readonly WordingRule[] _rules;
    private readonly (string Words, int Rule)[] _words;
    private readonly WordSet _all;

    public WordingTable(params WordingRule[] rules)
    {
        _rules = rules;
        _words = [.. rules.SelectMany(static (rule, index) => rule.Words.Select(words => (words, index)))];
        _all = new WordSet([.. _words.Select(static entry => entry.Words)]);
    }

    public IReadOnlyList<WordingRule> Rules => _rules;

    /// <summary>The first rule with words in the text; null for none.</summary>
    public WordingRule? Find(ReadOnlySpan<char> text)
    {
        var best = _rules.Length;
        for (var rest = text; _all.FirstIn(rest) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            best = Better(rest[at..], best);
        }

        for (var rest = text; _all.FirstWideIn(rest) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            best = Better(rest[at..], best);
        }

        return best < _rules.Length ? _rules[best] : null;
    }

    private int Better(ReadOnlySpan<char> text, int best)
    {
        foreach (var (words, rule) in _words)
        {
            if (rule >= best)
            {
                break;
            }

            if (text.StartsWith(words, StringComparison.OrdinalIgnoreCase))
            {
                return rule;
            }
        }

        return best;
    }
}
