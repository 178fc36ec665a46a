using System.Text.RegularExpressions;
using Engine.Configuration.Providers;

namespace Engine.Classification;

/// <summary>One alternative of a rule's patterns. Its regex is built when it is first needed. Any thread.</summary>
internal sealed class RulePattern
{
    private readonly Lazy<Regex> _regex;

    private RulePattern(ReplyRule rule, string pattern)
    {
        Rule = rule;
        Codes = CodeSet.Of(pattern, rule.Rule.Code);
        Texts = PatternLiterals.Of(pattern, out var isWhole);
        IsCertain = Texts is not null && isWhole;
        _regex = new Lazy<Regex>(() => MxTable.Compile(pattern));
    }

    public ReplyRule Rule { get; }

    /// <summary>Codes it can match.</summary>
    public CodeSet Codes { get; }

    /// <summary>Texts of which every match holds one; null when none are known.</summary>
    public IReadOnlyList<string>? Texts { get; }

    /// <summary>Whether a line that holds one of <see cref="Texts"/>, and has one of <see cref="Codes"/>, is matched: no regex is needed.</summary>
    public bool IsCertain { get; }

    public static IEnumerable<RulePattern> Of(ReplyRule rule) =>
        rule.Rule.Patterns.SelectMany(PatternAlternatives.Of).Select(pattern => new RulePattern(rule, pattern));

    public bool Matches(ReadOnlySpan<char> line) => _regex.Value.IsMatch(line);
}
