using Engine.Mail;

namespace Engine.Configuration.Providers;

/// <summary>One rule with what its category adds. Immutable.</summary>
/// <param name="Id">Its name in events.</param>
/// <param name="Provider">Whose rule it is; null for a generic one.</param>
/// <param name="Patterns">Regexes over <c>code enhanced text</c>, of which one must match; case-insensitive, culture-invariant, NonBacktracking.</param>
/// <param name="Code">A code, <c>4xx</c> or <c>5xx</c>; null for any.</param>
/// <param name="Category">Why.</param>
/// <param name="Class">Of the category.</param>
/// <param name="Disposition">What is done with the recipient, before the guards.</param>
/// <param name="Schedule">When it is tried again, if it is.</param>
/// <param name="Alert">Whether an operator should look.</param>
/// <param name="IsStrike">Whether several hits over days may suppress the recipient.</param>
/// <param name="Actions">What it does to the flow of mail.</param>
/// <param name="Sources">Names of where it is from.</param>
/// <param name="Sample">A reply it decides.</param>
internal sealed record ProviderRule(
    string Id,
    string? Provider,
    IReadOnlyList<string> Patterns,
    string? Code,
    Category Category,
    CategoryClass Class,
    Disposition Disposition,
    RetryKind Schedule,
    AlertLevel Alert,
    bool IsStrike,
    IReadOnlyList<FlowAction> Actions,
    IReadOnlyList<string> Sources,
    string Sample)
{
    public static ProviderRule Of(RuleOptions rule, string? provider, CategoryOptions category) => new(
        rule.Id,
        provider,
        rule.Patterns,
        rule.Code,
        new Category(rule.Category),
        category.Class,
        DispositionWords.Parse(rule.Disposition ?? category.Disposition),
        rule.Schedule ?? category.Schedule,
        rule.Alert ?? category.Alert,
        rule.Strike ?? category.Strike,
        [.. rule.Flow.Select(flow => flow.Action)],
        rule.Source,
        rule.Sample);
}
