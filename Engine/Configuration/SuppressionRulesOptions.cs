using Engine.Mail;

namespace Engine.Configuration;

/// <summary>Whose mail is kept from an address, and how long, by reason. Key <c>suppression.rules</c>.</summary>
internal sealed record SuppressionRulesOptions
{
    /// <summary>The address is dead. Default scope account for 365d: domains and mailboxes come back, and one sender's broken list is not another's evidence.</summary>
    public SuppressionRuleOptions Hard { get; init; } = new() { Scope = SuppressionReach.Account, Expires = TimeSpan.FromDays(365) };

    /// <summary>Its owner called mail spam. Default scope account, class marketing, for ever: he may still want his receipts.</summary>
    public SuppressionRuleOptions Complaint { get; init; } = new() { Scope = SuppressionReach.Account, Class = StreamClass.Marketing };

    /// <summary>Its owner unsubscribed. Default scope stream, for ever: he left one list.</summary>
    public SuppressionRuleOptions Unsubscribe { get; init; } = new() { Scope = SuppressionReach.Stream };

    /// <summary>Failed softly too often. Default scope account for 30d.</summary>
    public SuppressionRuleOptions Strike { get; init; } = new() { Scope = SuppressionReach.Account, Expires = TimeSpan.FromDays(30) };
}
