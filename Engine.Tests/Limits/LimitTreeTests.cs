using Engine.Configuration;
using Engine.Limits;

namespace Engine.Tests.Limits;

internal sealed class LimitTreeTests
{
    private static readonly LimitSubject Subject = new() { Source = "a1", Destination = "mx.example", Pool = "tx", Account = "acme", Class = "marketing", SenderDomain = "acme.example" };

    [TestCase(LimitDimension.Source, "a1", true)]
    [TestCase(LimitDimension.Source, "b1", false)]
    [TestCase(LimitDimension.Destination, "MX.example", true, Description = "names compare without case")]
    public void A_lane_limit_matches_by_value(LimitDimension dimension, string value, bool expected)
    {
        var tree = Tree(("one", new LimitOptions { Match = new Dictionary<LimitDimension, string> { [dimension] = value }, Connections = 5 }));

        Assert.That(tree.Find(Subject, LimitScope.Lane), expected ? Has.Length.EqualTo(1) : Is.Empty);
    }

    [Test]
    public void Each_key_has_a_bucket_of_its_own_and_the_same_key_always_the_same()
    {
        var tree = Tree(("per", new LimitOptions { Per = [LimitDimension.Account], Rate = Rate.PerSecondOf(1) }));
        var acme = tree.Find(Subject, LimitScope.Flow).Single();
        var other = tree.Find(Subject with { Account = "other" }, LimitScope.Flow).Single();

        Assert.That(tree.Find(Subject, LimitScope.Flow).Single(), Is.SameAs(acme));
        Assert.That(other, Is.Not.SameAs(acme));
    }

    [Test]
    public void Narrow_limits_stand_before_wide_ones()
    {
        var tree = Tree(
            ("wide", new LimitOptions { Per = [LimitDimension.Pool], Rate = Rate.PerSecondOf(1) }),
            ("narrow", new LimitOptions { Per = [LimitDimension.Pool, LimitDimension.Source], Rate = Rate.PerSecondOf(1) }));

        Assert.That(tree.Find(Subject, LimitScope.Lane).Select(limit => limit.Name), Is.EqualTo(new[] { "narrow", "wide" }));
    }

    [Test]
    public void A_reload_keeps_the_state_of_what_did_not_change_and_only_of_that()
    {
        var same = new LimitOptions { Per = [LimitDimension.Source], Rate = Rate.PerSecondOf(1) };
        var tree = Tree(("same", same), ("other", same));
        var before = tree.Find(Subject, LimitScope.Lane).ToDictionary(limit => limit.Name);

        tree.Load(new Dictionary<string, LimitOptions> { ["same"] = same with { Per = [LimitDimension.Source] }, ["other"] = same with { Rate = Rate.PerSecondOf(2) } });
        var after = tree.Find(Subject, LimitScope.Lane).ToDictionary(limit => limit.Name);

        Assert.That(after["same"], Is.SameAs(before["same"]));
        Assert.That(after["other"], Is.Not.SameAs(before["other"]));
    }

    [TestCase(new[] { LimitDimension.Source }, LimitScope.Lane)]
    [TestCase(new[] { LimitDimension.Account, LimitDimension.Class }, LimitScope.Flow)]
    [TestCase(new[] { LimitDimension.Account, LimitDimension.Destination }, LimitScope.Lane | LimitScope.Flow)]
    [TestCase(new LimitDimension[0], LimitScope.Lane)]
    public void The_scope_follows_from_the_dimensions(LimitDimension[] per, object expected) =>
        Assert.That(LimitTree.ScopeOf(new LimitOptions { Per = per }), Is.EqualTo(expected));

    private static LimitTree Tree(params (string Name, LimitOptions Options)[] limits)
    {
        var tree = new LimitTree(new ManualClock());
        tree.Load(limits.ToDictionary(limit => limit.Name, limit => limit.Options));
        return tree;
    }
}
