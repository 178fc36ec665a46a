using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Scheduling;

namespace Engine.Tests.Scheduling;

/// <summary>Which source gets the mail: weights that change, wishes for one source, sources that warm up.</summary>
internal sealed class SourceChoiceTests : IDisposable
{
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", DomainName.Parse("acme.example"), "");

    private readonly ManualClock _clock = new();
    private readonly Weights _weights = new();
    private readonly Pool _pool = VirtualWorkers.PoolOf(StreamClass.Marketing, 1, 1, 1);
    private readonly VirtualWorkers _workers;

    public SourceChoiceTests() =>
        _workers = new VirtualWorkers(_clock, new LimitTree(_clock), message: TimeSpan.FromMilliseconds(10), perDestination: 2, weights: _weights);

    public void Dispose() => _workers.Dispose();

    [Test]
    public void A_source_whose_weight_falls_to_nothing_ends_at_its_next_message_boundary_and_the_others_go_on()
    {
        AddMany(300);
        _workers.Run(TimeSpan.FromMilliseconds(200));
        Assert.That(Sources(), Is.EquivalentTo(new[] { "s0", "s1", "s2" }));

        Set(0, 0);
        _workers.Sent.Clear();
        _workers.Run(TimeSpan.FromMilliseconds(10));
        _workers.Sent.Clear();
        _workers.Run(TimeSpan.FromSeconds(5));

        Assert.That(Sources(), Is.EquivalentTo(new[] { "s1", "s2" }));
        Assert.That(_workers.Scheduler.Destinations, Is.Empty, "all of it was sent");
    }

    [Test]
    public void When_no_source_may_send_mail_waits_until_one_may_or_it_is_moved()
    {
        Set(0, 0);
        Set(1, 0);
        Set(2, 0);
        AddMany(10);
        _workers.Run(TimeSpan.FromSeconds(10));
        Assert.That(_workers.Sent, Is.Empty);
        var why = _workers.Scheduler.Explain(new DestinationId(1), "default", News)!;
        Assert.That((why.Waiting, why.FlowWaiting), Is.EqualTo((10, 10)));
        Assert.That(why.Lanes.Select(lane => lane.Weight), Is.All.Zero);

        Set(1, 5);
        _workers.Run(TimeSpan.FromSeconds(1));
        Assert.That(_workers.Sent, Has.Count.EqualTo(10));
        Assert.That(Sources(), Is.EqualTo(new[] { "s1" }));

        Set(1, 0);
        AddMany(7);
        Assert.That(_workers.Scheduler.Drain("default", "other"), Is.Empty);
        Assert.That(_workers.Scheduler.Drain("default", "mx1"), Has.Count.EqualTo(7));
        Assert.That(_workers.Scheduler.Destinations, Is.Empty);
    }

    [Test]
    public void Little_mail_to_each_of_many_destinations_is_shared_by_weight_too()
    {
        Set(0, 30_000);
        Set(1, 10_000);
        Set(2, 0);
        for (var destination = 0; destination < 400; destination++)
        {
            _workers.Add(_pool, News, destination);
        }

        _workers.Run(TimeSpan.FromSeconds(1));
        Assert.That(_workers.Sent.Count(one => one.Lane.Source.Name == "s0"), Is.EqualTo(300).Within(20));
        Assert.That(_workers.Sent.Count(one => one.Lane.Source.Name == "s1"), Is.EqualTo(100).Within(20));
    }

    [Test]
    public void A_recipient_that_wants_a_source_waits_for_it_and_others_pass()
    {
        // The wanted source is busy: its two workers hold all it may.
        AddMany(100);
        var wanted = Enumerable.Range(0, 5).Select(_ => _workers.Add(_pool, News, hint: Hint(2))).ToArray();
        AddMany(100);
        _workers.Run(TimeSpan.FromSeconds(5));

        Assert.That(_workers.Sent, Has.Count.EqualTo(205));
        Assert.That(_workers.Sent.Where(one => wanted.Contains(one.Slot)).Select(one => one.Lane.Source.Name), Is.All.EqualTo("s2"));
        Assert.That(Sources(), Is.EquivalentTo(new[] { "s0", "s1", "s2" }));
    }

    [Test]
    public void A_wish_ends_with_its_time()
    {
        var limits = new LimitTree(_clock);
        var pause = limits.Dynamic("control", "s2", Engine.Configuration.LimitDimension.Source);
        pause.PauseUntil(limits.Timestamp + TimeSpan.FromHours(1).Ticks, "x");
        using var workers = new VirtualWorkers(_clock, limits, weights: _weights, dynamic: new LimitOfSource("s2", pause));
        workers.Add(_pool, News, hint: Hint(2));
        workers.Run(TimeSpan.FromMinutes(9));
        Assert.That(workers.Sent, Is.Empty);
        workers.Run(TimeSpan.FromMinutes(2));
        Assert.That(workers.Sent.Single().Lane.Source.Name, Is.Not.EqualTo("s2"));
    }

    [Test]
    public void A_wish_for_a_source_that_may_not_send_is_none()
    {
        Set(2, 0);
        _workers.Add(_pool, News, hint: Hint(2));
        _workers.Run(TimeSpan.FromSeconds(1));
        Assert.That(_workers.Sent, Has.Count.EqualTo(1));

        Set(2, 1);
        for (var count = 0; count < 50; count++)
        {
            _workers.Add(_pool, News, hint: Hint(2));
        }

        _workers.Run(TimeSpan.FromMilliseconds(30));
        Set(2, 0);
        _workers.Run(TimeSpan.FromSeconds(2));
        Assert.That(_workers.Sent, Has.Count.EqualTo(51), "what waited for it goes by the others");
    }

    [Test]
    public void A_source_that_warms_up_takes_lively_recipients_first_and_never_silent_ones_while_others_can()
    {
        _weights.Warming.Add("s0");
        _weights.Version++;
        var engagement = new Dictionary<int, Engagement>();
        for (var count = 0; count < 300; count++)
        {
            var one = (Engagement)(count % 3);
            engagement.Add(_workers.Add(_pool, News with { Campaign = $"c{count % 5}" }, engagement: one), one);
        }

        _workers.Run(TimeSpan.FromSeconds(10));

        var warming = _workers.Sent.Where(one => one.Lane.Source.Name == "s0").Select(one => engagement[one.Slot]).ToList();
        Assert.That(_workers.Sent, Has.Count.EqualTo(300));
        Assert.That(warming, Is.Not.Empty.And.None.EqualTo(Engagement.Low));
        Assert.That(warming.TakeWhile(one => one is Engagement.High).Count(), Is.GreaterThan(10));
        var others = _workers.Sent.Where(one => one.Lane.Source.Name != "s0").Take(30).Select(one => engagement[one.Slot]);
        Assert.That(others.Distinct(), Has.Exactly(3).Items, "the others take what comes");
    }

    [Test]
    public void Where_all_sources_warm_up_silent_recipients_go_last_but_go()
    {
        _weights.Warming.UnionWith(["s0", "s1", "s2"]);
        _weights.Version++;
        var silent = _workers.Add(_pool, News, engagement: Engagement.Low);
        _workers.Run(TimeSpan.FromSeconds(1));
        Assert.That(_workers.Sent.Single().Slot, Is.EqualTo(silent));
    }

    [Test]
    public void Silent_recipients_alone_do_not_start_a_source_that_warms_up()
    {
        _weights.Warming.Add("s0");
        Set(1, 0);
        Set(2, 1);
        for (var count = 0; count < 50; count++)
        {
            _workers.Add(_pool, News, engagement: Engagement.Low);
        }

        _workers.Run(TimeSpan.FromSeconds(2));
        Assert.That(Sources(), Is.EqualTo(new[] { "s2" }));
        Assert.That(_workers.Started, Is.LessThan(10), "and no worker starts in vain");

        // A lively one that comes into the backlog starts it.
        for (var count = 0; count < 50; count++)
        {
            _workers.Add(_pool, News, engagement: Engagement.Low);
        }

        _workers.Run(TimeSpan.FromMilliseconds(5));
        _workers.Sent.Clear();
        var lively = _workers.Add(_pool, News, engagement: Engagement.High);
        _workers.Run(TimeSpan.FromMilliseconds(25));
        Assert.That(_workers.Sent.Single(one => one.Slot == lively).Lane.Source.Name, Is.EqualTo("s0"));
    }

    private SourceHint Hint(short source) => new(new SourceId(source), _clock.GetTimestamp() + TimeSpan.FromMinutes(10).Ticks);

    private void AddMany(int count)
    {
        for (var item = 0; item < count; item++)
        {
            _workers.Add(_pool, News);
        }
    }

    private string[] Sources() => [.. _workers.Sent.Select(one => one.Lane.Source.Name).Distinct().Order()];

    private void Set(int source, int weight)
    {
        _weights.Given[$"s{source}"] = weight;
        _weights.Version++;
        _workers.Scheduler.Reconsider();
    }

    private sealed class Weights : ISourceWeights
    {
        public Dictionary<string, int> Given { get; } = [];

        public HashSet<string> Warming { get; } = [];

        public int Version { get; set; }

        public int Weight(Pool pool, Source source, string operatorId) => Given.GetValueOrDefault(source.Name, 1);

        public bool IsWarming(Source source, string operatorId) => Warming.Contains(source.Name);
    }

    private sealed class LimitOfSource(string source, Limit limit) : ILimitSource
    {
        public int Version => 0;

        public void OfLane(string operatorId, string name, List<Limit> limits)
        {
            if (name == source)
            {
                limits.Add(limit);
            }
        }

        public void OfFlow(string operatorId, Flow flow, List<Limit> limits)
        {
        }
    }
}
