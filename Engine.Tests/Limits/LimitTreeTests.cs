using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;

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
    public void A_reload_keeps_the_state_of_every_limit_whose_match_and_key_did_not_change()
    {
        var options = new LimitOptions { Per = [LimitDimension.Source], Rate = Rate.PerSecondOf(10) };
        var tree = Tree(("same", options), ("faster", options), ("keyed", options));
        var before = tree.Find(Subject, LimitScope.Lane).ToDictionary(limit => limit.Name);
        for (var count = 0; count < 10; count++)
        {
            before["faster"].TryTake(tree.Timestamp, StreamClass.Transactional, holdsBack: false, hasTurn: false);
        }

        tree.Load(new Dictionary<string, LimitOptions>
        {
            ["same"] = options with { Per = [LimitDimension.Source] },
            ["faster"] = options with { Rate = Rate.PerSecondOf(20) },
            ["keyed"] = options with { Per = [LimitDimension.Pool] },
        });
        var after = tree.Find(Subject, LimitScope.Lane).ToDictionary(limit => limit.Name);

        Assert.That(after["same"], Is.SameAs(before["same"]));
        Assert.That(after["faster"], Is.SameAs(before["faster"]));
        Assert.That(after["faster"].Bucket!.Rate.Count, Is.EqualTo(20));
        Assert.That(after["faster"].Bucket!.Level(tree.Timestamp), Is.Zero.Within(0.01), "a reload is no gift of tokens");
        Assert.That(after["keyed"], Is.Not.SameAs(before["keyed"]));
        Assert.That(before["keyed"].Bucket, Is.Null, "whoever waits for it is let go");
    }

    [TestCase(new[] { LimitDimension.Source }, LimitScope.Lane)]
    [TestCase(new[] { LimitDimension.Account, LimitDimension.Class }, LimitScope.Flow)]
    [TestCase(new[] { LimitDimension.Account, LimitDimension.Destination }, LimitScope.Flow)]
    [TestCase(new[] { LimitDimension.Account, LimitDimension.Source }, LimitScope.FlowOfSource)]
    [TestCase(new LimitDimension[0], LimitScope.Lane)]
    public void The_scope_follows_from_the_dimensions(LimitDimension[] per, object expected) =>
        Assert.That(LimitTree.ScopeOf(new LimitOptions { Per = per }), Is.EqualTo(expected));

    [Test]
    public void A_provider_is_matched_by_its_id_and_counted_by_it()
    {
        var tree = Tree(("google", new LimitOptions
        {
            Match = new Dictionary<LimitDimension, string> { [LimitDimension.Provider] = "google" },
            Per = [LimitDimension.Provider, LimitDimension.Source],
            Connections = 5,
        }));

        Assert.That(tree.Find(Subject with { Provider = "google" }, LimitScope.Lane).Single().Key, Is.EqualTo("google/a1"));
        Assert.That(tree.Find(Subject with { Provider = "mx.example" }, LimitScope.Lane), Is.Empty);
    }

    [Test]
    public void What_is_as_new_and_was_not_asked_for_during_an_hour_is_forgotten()
    {
        var clock = new ManualClock();
        var tree = new LimitTree(clock);
        tree.Load(new Dictionary<string, LimitOptions>
        {
            ["rate"] = new() { Per = [LimitDimension.Source], Rate = Rate.PerSecondOf(1) },
            ["day"] = new() { Per = [LimitDimension.Account], PerDay = 10 },
        });
        var version = tree.Version;
        var (rate, day) = (tree.Find(Subject, LimitScope.Lane).Single(), tree.Find(Subject, LimitScope.Flow).Single());
        var account = tree.Dynamic("$.accounts.quota", "acme");
        var steered = tree.Dynamic("control/source", "a1");
        Assert.That(day.TryTake(tree.Timestamp, StreamClass.Marketing, holdsBack: false, hasTurn: false), Is.True);

        clock.Advance(LimitTree.KeptIdle - TimeSpan.FromMinutes(1));
        tree.Sweep(tree.Timestamp);
        Assert.That(tree.All, Is.EquivalentTo(new[] { rate, day, account, steered }));
        Assert.That(tree.Version, Is.EqualTo(version));

        clock.Advance(TimeSpan.FromMinutes(1));
        tree.Sweep(tree.Timestamp);
        Assert.That(tree.All, Is.EquivalentTo(new[] { day, steered }), "a count is kept for its day; who steers a limit forgets it");
        Assert.That(tree.Version, Is.GreaterThan(version));
    }

    [Test]
    public void What_is_forgotten_once_is_not_taken_for_another_of_the_same_name()
    {
        var tree = Tree();
        var old = tree.Dynamic("control/source", "a1");
        tree.Forget([old]);
        var young = tree.Dynamic("control/source", "a1");
        tree.Forget([old]);

        Assert.That(tree.All.Single(), Is.SameAs(young));
    }

    private static LimitTree Tree(params (string Name, LimitOptions Options)[] limits)
    {
        var tree = new LimitTree(new ManualClock());
        tree.Load(limits.ToDictionary(limit => limit.Name, limit => limit.Options));
        return tree;
    }
}
