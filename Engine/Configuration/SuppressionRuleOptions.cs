using Engine.Configuration.Shapes;
using Engine.Mail;

namespace Engine.Configuration;

/// <summary>What one reason does. A rule that is written stands for itself: what it leaves out has the default below, not that of the reason.</summary>
internal sealed record SuppressionRuleOptions
{
    [Required]
    public SuppressionReach Scope { get; init; } = SuppressionReach.Account;

    /// <summary>Only mail of this class is kept back; default any.</summary>
    public StreamClass? Class { get; init; }

    /// <summary>How long it holds; counted from the newest evidence, rounded up to days. From 1d to 36500d; default for ever.</summary>
    [Between("1d", "36500d")]
    public TimeSpan? Expires { get; init; }
}
