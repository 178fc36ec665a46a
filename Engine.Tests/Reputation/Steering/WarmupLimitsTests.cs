using Engine.Configuration;
using Engine.Limits;
using Engine.Reputation.Steering;
using Engine.Reputation.Warmup;
using Engine.Tests.Reputation.Warmup;

namespace Engine.Tests.Reputation.Steering;

internal sealed class WarmupLimitsTests
{
    private readonly ManualClock _clock = new(Attempts.Start);
    private readonly LimitTree _tree;
    private readonly SteeredLimits _steered;
    private readonly WarmupBook _book = Attempts.Book();
    private readonly WarmupLimits _limits;

    public WarmupLimitsTests()
    {
        _tree = new LimitTree(_clock);
        _steered = new SteeredLimits(_tree, new CampaignNames(), _clock);
        _limits = new WarmupLimits(_tree, _book, LimitDimension.Source, _steered, _clock);
    }

    [Test]
    public void A_domain_that_is_called_as_a_source_has_a_limit_of_its_own()
    {
        var domains = new WarmupLimits(_tree, Attempts.Book(), LimitDimension.SenderDomain, _steered, _clock);
        var found = new List<Limit>();
        _limits.Add(Attempts.Source, Attempts.Gmail, found);
        domains.Add(Attempts.Source, Attempts.Gmail, found);

        Assert.That(found[0], Is.Not.SameAs(found[1]));
        Assert.That(found.Select(limit => limit.Name), Is.EqualTo(new[] { "warmup/source", "warmup/domain" }));
        Assert.That(found.Select(limit => limit.Key), Is.All.EqualTo($"{Attempts.Source} at {Attempts.Gmail}"));
    }

    [Test]
    public void A_pair_that_is_warm_is_forgotten()
    {
        _limits.Add(Attempts.Source, Attempts.Gmail, []);
        _book.SetStep(Attempts.Source, Attempts.Gmail, 1_000, _clock.GetUtcNow());
        _limits.Refresh();
        var version = _tree.Version;

        _limits.Sweep(_clock.GetTimestamp());

        Assert.That(_limits.Find(Attempts.Source, Attempts.Gmail), Is.Null);
        Assert.That(_tree.All, Is.Empty);
        Assert.That(_tree.Version, Is.GreaterThan(version));
    }

    [Test]
    public void A_pair_that_is_idle_is_forgotten_and_binds_as_before_when_it_is_asked_for_again()
    {
        var (before, after) = (new List<Limit>(), new List<Limit>());
        _limits.Add(Attempts.Source, Attempts.Gmail, before);
        _limits.Sweep(_clock.GetTimestamp());
        Assert.That(_limits.Find(Attempts.Source, Attempts.Gmail), Is.SameAs(before.Single()), "it warms up and is in use");

        _clock.Advance(LimitTree.KeptIdle);
        _limits.Refresh();
        _limits.Sweep(_clock.GetTimestamp());
        Assert.That(_tree.All, Is.Empty);

        _limits.Add(Attempts.Source, Attempts.Gmail, after);
        Assert.That(after.Single(), Is.Not.SameAs(before.Single()));
        Assert.That(after.Single().Bucket!.Rate.Count, Is.GreaterThan(0));
        Assert.That(after.Single().Bucket!.Level(_clock.GetTimestamp()), Is.AtMost(1).Within(0.01), "forgetting is no gift");
    }
}
