using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;

namespace Engine.Classification;

/// <summary>What an outcome means and what follows. A small value: it refers to the rule. The default value is that of a delivery: nothing follows.</summary>
internal readonly record struct Judgement
{
    private readonly ReplyRule? _rule;

    public Judgement(ReplyRule rule) => (_rule, Disposition, Schedule) = (rule, rule.Rule.Disposition, rule.Rule.Schedule);

    /// <summary>Why.</summary>
    public Category Category => _rule?.Rule.Category ?? default;

    /// <summary>Whom the fault is laid on.</summary>
    public CategoryClass CategoryClass => _rule?.Rule.Class ?? default;

    /// <summary>What is done with the recipient, after all guards.</summary>
    public Disposition Disposition { get; init; }

    /// <summary>Which retry schedule, where it is tried again.</summary>
    public RetryKind Schedule { get; init; }

    /// <summary>Name of the rule that matched, for events; <c>engine.…</c> for a fixed judgement.</summary>
    public string Rule => _rule?.Rule.Id ?? string.Empty;

    /// <summary>The provider whose rule it is; null for a generic one.</summary>
    public string? Provider => _rule?.Rule.Provider;

    /// <summary>Whether the recipient may be suppressed for this reply alone. Then <see cref="Disposition"/> is <see cref="Disposition.Suppress"/>.</summary>
    public bool IsHard { get; init; }

    /// <summary>Whether it counts against the recipient: three from distinct messages over 72 h or more may suppress.</summary>
    public bool IsStrike { get; init; }

    /// <summary>Attempts that may still follow this one; null for no bound but the time. A 5xx that is tried again gets 2.</summary>
    public byte? MaxFurtherAttempts { get; init; }

    /// <summary>Scope of the first pausing action; null when nothing is paused.</summary>
    public FlowScope? Hold => _rule?.Hold;

    /// <summary>Whether an operator should look.</summary>
    public AlertLevel Alert => _rule?.Rule.Alert ?? AlertLevel.None;

    /// <summary>What the rule does to the flow of mail; empty for most.</summary>
    public IReadOnlyList<FlowAction> Actions => _rule?.Rule.Actions ?? [];

    /// <summary>The provider's own schedule, which wins over engine.json's; null for none.</summary>
    public RetrySchedule? OwnSchedule => _rule?.Own;

    /// <summary>The provider data's schedule; null for a fixed judgement.</summary>
    public RetrySchedule? SharedSchedule => _rule?.Shared;

    /// <summary>Whether the recipient is tried again.</summary>
    public bool IsRetry => Disposition is not (Disposition.Fail or Disposition.Suppress);

    /// <summary>The same without suppression, as when <see cref="SuppressionBreaker"/> is open.</summary>
    public Judgement Softened() =>
        this with { Disposition = Disposition is Disposition.Suppress ? Disposition.Fail : Disposition, IsHard = false };
}
