using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression;

namespace Engine.Tests.Suppression;

internal sealed class SuppressionRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [TestCase(SuppressionReason.Hard, ScopeKind.Account, null, 365, 0)]
    [TestCase(SuppressionReason.Complaint, ScopeKind.Account, StreamClass.Marketing, 0, 0)]
    [TestCase(SuppressionReason.Unsubscribe, ScopeKind.Stream, null, 0, 0)]
    [TestCase(SuppressionReason.Strike, ScopeKind.Account, null, 30, 0)]
    [TestCase(SuppressionReason.Warning, ScopeKind.Account, null, 30, 1)]
    [TestCase(SuppressionReason.Manual, ScopeKind.Global, null, 0, 0)]
    public void By_default_a_reason_reaches(SuppressionReason reason, ScopeKind kind, StreamClass? only, int days, int count)
    {
        var rules = new SuppressionRules(new SuppressionOptions());
        var entry = rules.EntryFor(reason, SuppressionOrigin.Bounce, new AddressDigest(1, 2), new StreamKey(7, 3), Now);

        var key = kind switch { ScopeKind.Global => default, ScopeKind.Account => new StreamKey(7, 0), _ => new StreamKey(7, 3) };
        var scope = new SuppressionScope(kind, key, only);
        Assert.That(entry, Is.EqualTo(new SuppressionEntry(new AddressDigest(1, 2), scope, reason, SuppressionOrigin.Bounce, Now, days == 0 ? null : Now.AddDays(days)) { Count = (byte)count }));
        Assert.That(rules.EntryFor(reason, SuppressionOrigin.Reply, default, new StreamKey(7, 3), Now).Scope, Is.EqualTo(scope));
    }

    [Test]
    public void A_rule_that_is_written_stands_for_itself()
    {
        var rules = new SuppressionRules(new SuppressionOptions { Rules = new() { Hard = new() { Scope = SuppressionReach.Global, Class = StreamClass.Transactional }, Strike = new() { Scope = SuppressionReach.Stream } } });

        var hard = rules.EntryFor(SuppressionReason.Hard, SuppressionOrigin.Reply, default, new StreamKey(7, 3), Now);
        Assert.That((hard.Scope, hard.Expires), Is.EqualTo((new SuppressionScope(ScopeKind.Global, default, StreamClass.Transactional), (DateTimeOffset?)null)));
        Assert.That(rules.EntryFor(SuppressionReason.Strike, SuppressionOrigin.Reply, default, new StreamKey(7, 3), Now).Scope, Is.EqualTo(SuppressionScope.OfStream(new StreamKey(7, 3))));
        Assert.That(() => rules.EntryFor(SuppressionReason.None, default, default, default, Now), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
