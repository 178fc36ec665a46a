using Engine.Configuration;
using Engine.Mail;

namespace Engine.Suppression;

/// <summary>What each reason does, as <c>suppression.rules</c> says. Immutable; make one for each snapshot.</summary>
internal sealed class SuppressionRules(SuppressionOptions options)
{
    private readonly SuppressionRulesOptions _rules = options.Rules;

    /// <summary>The entry to add.</summary>
    /// <param name="reason">Hard, Complaint, Unsubscribe or Strike. A Warning is kept where a Strike would be; Manual is the operator's choice, global and for ever here.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="address">Who.</param>
    /// <param name="stream">What the mail was sent in.</param>
    /// <param name="now">When the evidence came.</param>
    public SuppressionEntry EntryFor(SuppressionReason reason, SuppressionOrigin origin, AddressDigest address, StreamKey stream, DateTimeOffset now)
    {
        if (RuleOf(reason) is not { } rule)
        {
            return new SuppressionEntry(address, SuppressionScope.Global, reason, origin, now);
        }

        return new SuppressionEntry(address, ScopeOf(rule, stream), reason, origin, now, now + rule.Expires) { Count = (byte)(reason is SuppressionReason.Warning ? 1 : 0) };
    }

    private static SuppressionScope ScopeOf(SuppressionRuleOptions rule, StreamKey stream) => rule.Scope switch
    {
        SuppressionReach.Global => SuppressionScope.Global with { Class = rule.Class },
        SuppressionReach.Account => SuppressionScope.OfAccount(stream, rule.Class),
        _ => SuppressionScope.OfStream(stream) with { Class = rule.Class },
    };

    private SuppressionRuleOptions? RuleOf(SuppressionReason reason) => reason switch
    {
        SuppressionReason.Hard => _rules.Hard,
        SuppressionReason.Complaint => _rules.Complaint,
        SuppressionReason.Unsubscribe => _rules.Unsubscribe,
        SuppressionReason.Strike or SuppressionReason.Warning => _rules.Strike,
        SuppressionReason.Manual => null,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "suppresses nobody"),
    };
}
