using Engine.Configuration.Providers;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Steering;

namespace Engine.Tests.Reputation.Steering;

/// <summary>One limit for each key, for as long as it says something.</summary>
internal sealed class SteeredLimitsTests
{
    private static readonly ControlKey Key = new(FlowScope.SourceAtProvider, "google", "a1");

    private readonly ManualClock _clock = new();
    private readonly LimitTree _tree;
    private readonly SteeredLimits _steered;

    public SteeredLimitsTests()
    {
        _tree = new LimitTree(_clock);
        _steered = new SteeredLimits(_tree, new CampaignNames(), _clock);
    }

    [Test]
    public void Keys_of_different_scopes_never_share_a_limit_though_their_subjects_are_the_same()
    {
        var keys = Enum.GetValues<FlowScope>().Select(scope => new ControlKey(scope, "google", "acme.example")).ToArray();
        foreach (var key in keys)
        {
            _steered.Set(key, Allow(rate: 1 + (int)key.Scope));
        }

        Assert.That(keys.Select(key => _steered.Find(key)!.Bucket!.Rate.Count), Is.EqualTo(keys.Select(key => 1.0 + (int)key.Scope)));
        Assert.That(_tree.All.Count(), Is.EqualTo(keys.Length));
        Assert.That(_tree.All.Count(limit => limit.Key.EndsWith(" at google", StringComparison.Ordinal)), Is.EqualTo(keys.Length - 2), "all but those of a source and of a provider alone");
    }

    [TestCase(59, true)]
    [TestCase(60, false)]
    public void A_limit_that_binds_nothing_is_forgotten_after_an_hour(int minutes, bool isKept)
    {
        _steered.Set(Key, Allow(rate: 5));
        _steered.Set(Key, Allow());
        var version = _tree.Version;

        Pass(minutes);

        Assert.That(_steered.Find(Key), isKept ? Is.Not.Null : Is.Null);
        Assert.That(_tree.All.Count(), Is.EqualTo(isKept ? 1 : 0));
        Assert.That(_tree.Version, isKept ? Is.EqualTo(version) : Is.GreaterThan(version));
    }

    [TestCase(1, null, null, 0)]
    [TestCase(null, 1, null, 0)]
    [TestCase(null, null, 1, 0)]
    [TestCase(null, null, null, 600)]
    public void One_that_binds_is_kept_however_long_nobody_asks(int? rate, int? connections, int? messages, int pausedMinutes)
    {
        _steered.Set(Key, Allow(rate, connections, messages, pausedMinutes));

        Pass(300);

        Assert.That(_steered.Find(Key), Is.Not.Null);
    }

    [Test]
    public void One_with_an_open_connection_or_somebody_who_waits_is_kept()
    {
        var (open, waited) = (Key, Key with { Subject = "a2" });
        _steered.Set(open, Allow());
        _steered.Set(waited, Allow());
        _steered.Find(open)!.Connections!.TryTake();
        var waiter = new Sleeper();
        _steered.Find(waited)!.Line.Join(waiter, StreamClass.Marketing, isFirst: false);

        Pass(120);
        Assert.That(_tree.All.Count(), Is.EqualTo(2));

        _steered.Find(open)!.Connections!.Release();
        _steered.Find(waited)!.Line.Leave(waiter);
        Pass(120);
        Assert.That(_tree.All, Is.Empty);
    }

    [Test]
    public void One_that_is_asked_for_or_taken_from_is_kept()
    {
        _steered.Set(Key, Allow());
        var found = new List<Limit>();
        Pass(50);
        _steered.OfLane("google", "a1", found);
        Pass(50);
        Assert.That(_steered.Find(Key), Is.SameAs(found.Single()));

        found[0].TryTake(_clock.GetTimestamp(), StreamClass.Marketing, holdsBack: true, hasTurn: false);
        Pass(50);
        Assert.That(_steered.Find(Key), Is.SameAs(found[0]));
    }

    [Test]
    public void Who_still_holds_a_forgotten_limit_goes_on_and_control_binds_a_new_one()
    {
        _steered.Set(Key, Allow());
        var held = _steered.Find(Key)!;
        Pass(60);
        _steered.Set(Key, Allow(connections: 1, pausedMinutes: 5));

        Assert.That(held.TryTake(_clock.GetTimestamp(), StreamClass.Marketing, holdsBack: true, hasTurn: false), Is.True);
        Assert.That(held.Connections!.TryTake(), Is.True);
        held.Connections.Release();
        Assert.That(_steered.Find(Key), Is.Not.SameAs(held));
        Assert.That(_tree.All.Single(), Is.SameAs(_steered.Find(Key)));
        Assert.That(_steered.Find(Key)!.PausedUntil, Is.GreaterThan(_clock.GetTimestamp()));
    }

    private static Allowance Allow(int? rate = null, int? connections = null, int? messages = null, DateTimeOffset until = default) =>
        new(rate, connections, messages, until, "rule", default);

    private Allowance Allow(int? rate, int? connections, int? messages, int pausedMinutes) =>
        Allow(rate, connections, messages, _clock.GetUtcNow() + TimeSpan.FromMinutes(pausedMinutes));

    private Allowance Allow(int connections, int pausedMinutes) => Allow(null, connections, null, pausedMinutes);

    private void Pass(int minutes)
    {
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        _steered.Sweep(_clock.GetTimestamp());
    }

    private sealed class Sleeper : Waiter
    {
        public override bool Wake(WaitLine line) => false;
    }
}
