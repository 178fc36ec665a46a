using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Classification;

/// <summary>A rule ready to use, with what belongs to it. Immutable; any thread.</summary>
internal sealed class ReplyRule
{
    // Never on one hit, whatever the data says: these do not speak of the recipient for certain.
    private static readonly string[] NeverSuppressing = ["unknown_perm", "policy", "spam_content"];

    private ReplyRule(ProviderRule rule, RetrySchedule? own, RetrySchedule? shared)
    {
        Rule = rule;
        Own = own;
        Shared = shared;
        MaySuppress = rule.Disposition is Disposition.Suppress && !NeverSuppressing.Contains(rule.Category.Id);
        Hold = rule.Actions.Where(static action => action.Operation is FlowOperation.Pause).Select(static action => (FlowScope?)action.Scope).FirstOrDefault();
    }

    /// <summary>The rule as data.</summary>
    public ProviderRule Rule { get; }

    /// <summary>The provider's own schedule for it; wins over engine.json's. Null for none.</summary>
    public RetrySchedule? Own { get; }

    /// <summary>The data's schedule for it. Null for none.</summary>
    public RetrySchedule? Shared { get; }

    public bool MaySuppress { get; }

    /// <summary>Scope of its first pausing action; null for none.</summary>
    public FlowScope? Hold { get; }

    /// <summary>A rule of the data.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="provider">Whose; null for a generic rule asked for no provider.</param>
    /// <param name="book">The data it is from.</param>
    public static ReplyRule Of(ProviderRule rule, Provider? provider, ProviderBook book) => new(
        rule,
        provider?.Retry.GetValueOrDefault(rule.Schedule),
        book.Schedules.GetValueOrDefault(rule.Schedule));

    /// <summary>A fixed judgement of the engine's own: no reply ever meets it.</summary>
    public static ReplyRule Fixed(string id, string category, CategoryClass kind, Disposition disposition, RetryKind schedule) => new(
        new ProviderRule(id, null, [], null, new Category(category), kind, disposition, schedule, AlertLevel.None, false, [], [], string.Empty),
        null,
        null);
}
