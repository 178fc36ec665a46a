using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;
using Engine.Scheduling;

namespace Engine.Tests.Scheduling;

/// <summary>Many who share one limit: a refill wakes as many as it admits, nobody starves, nothing of the limit is wasted.</summary>
internal sealed class SharedLimitTests
{
    private static readonly Flow Receipts = new(StreamClass.Transactional, "acme", "receipts", "", DomainName.Parse("acme.example"), "");
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", DomainName.Parse("acme.example"), "");

    private readonly ManualClock _clock = new();
    private readonly LimitTree _limits;

    public SharedLimitTests() => _limits = new LimitTree(_clock);

    [TestCase(0, 0)]
    [TestCase(200, 30)]
    public void A_thousand_destinations_on_one_account_limit_are_woken_at_most_twice_as_often_as_admitted(int connect, int message)
    {
        Load(("account", new LimitOptions { Per = [LimitDimension.Account], Rate = new Rate(100, TimeSpan.FromSeconds(1), 10) }));
        using var workers = new VirtualWorkers(_clock, _limits, TimeSpan.FromMilliseconds(connect), TimeSpan.FromMilliseconds(message));
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var item = 0; item < 10_000; item++)
        {
            workers.Add(pool, News, destination: item % 1_000);
        }

        workers.Run(TimeSpan.FromSeconds(60));

        var sent = workers.Sent.Count;
        Assert.That(sent, Is.EqualTo(6_000).Within(2).Percent, "the limit is used");
        Assert.That(workers.Scheduler.Lines.WakeUps, Is.LessThanOrEqualTo(2 * sent));
        var perDestination = workers.Sent.GroupBy(one => one.Lane.Destination.Id).Select(group => group.Count()).ToList();
        Assert.That(perDestination, Has.Count.EqualTo(1_000), "nobody starves");
        Assert.That(perDestination.Max() - perDestination.Min(), Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void A_thousand_lanes_on_one_provider_limit_share_it_too()
    {
        Load(("provider", new LimitOptions { Per = [LimitDimension.Provider], Rate = new Rate(50, TimeSpan.FromSeconds(1), 5) }));
        using var workers = new VirtualWorkers(_clock, _limits, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(10));
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var item = 0; item < 5_000; item++)
        {
            workers.Add(pool, News, destination: item % 1_000, operatorId: "google");
        }

        workers.Run(TimeSpan.FromSeconds(60));

        Assert.That(workers.Sent, Has.Count.EqualTo(3_000).Within(2).Percent);
        Assert.That(workers.Scheduler.Lines.WakeUps, Is.LessThanOrEqualTo(2 * workers.Sent.Count));
        Assert.That(workers.Sent.GroupBy(one => one.Lane.Destination.Id).Count(), Is.EqualTo(1_000));
    }

    [Test]
    public void In_a_limit_s_line_transactional_mail_stands_first()
    {
        Load(("account", new LimitOptions { Per = [LimitDimension.Account], Rate = new Rate(10, TimeSpan.FromSeconds(1), 1) }));
        using var workers = new VirtualWorkers(_clock, _limits);
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var destination = 0; destination < 500; destination++)
        {
            workers.Add(pool, News, destination);
        }

        workers.Run(TimeSpan.FromSeconds(1));
        var receipt = workers.Add(pool, Receipts, destination: 700);
        var added = _clock.GetUtcNow();
        workers.Run(TimeSpan.FromSeconds(1));

        var sent = workers.Sent.Single(one => one.Slot == receipt);
        Assert.That(sent.At - added, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(101)), "one refill");
    }

    [Test]
    public void A_million_for_one_provider_behind_one_limit_go_at_its_rate()
    {
        Load(("provider", new LimitOptions { Per = [LimitDimension.Provider], Rate = new Rate(1_000, TimeSpan.FromSeconds(1), 100) }));
        using var workers = new VirtualWorkers(_clock, _limits, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(20));
        var pool = VirtualWorkers.PoolOf(null, 1, 1, 1, 1);
        for (var item = 0; item < 1_000_000; item++)
        {
            workers.Add(pool, News, operatorId: "google");
        }

        workers.Run(TimeSpan.FromSeconds(10));

        Assert.That(workers.Sent, Has.Count.EqualTo(10_000).Within(5).Percent);
        Assert.That(workers.Scheduler.Lines.WakeUps, Is.LessThanOrEqualTo(2 * workers.Sent.Count));
        Assert.That(workers.Sent.Select(one => one.Slot), Is.Unique);
    }

    [Test]
    public void A_limit_that_is_paused_grants_nothing_and_all_go_on_when_it_resumes()
    {
        var dynamic = new OneLimit(_limits.Dynamic("control", "mx", LimitDimension.Provider));
        using var workers = new VirtualWorkers(_clock, _limits, dynamic: dynamic);
        var pool = VirtualWorkers.PoolOf(null, 1);
        dynamic.Limit.PauseUntil(_limits.Timestamp + TimeSpan.FromMinutes(10).Ticks, "google-421-rate");
        for (var destination = 0; destination < 100; destination++)
        {
            workers.Add(pool, News, destination);
        }

        workers.Run(TimeSpan.FromMinutes(1));
        Assert.That(workers.Started, Is.Zero, "no connection for mail that may not go");
        var why = workers.Scheduler.Explain(new DestinationId(5), "default", News)!;
        Assert.That(why.Lanes.Single().Limits.Single().Limit.Reason.Rule, Is.EqualTo("google-421-rate"));
        Assert.That(why.Lanes.Single().Limits.Single().Until, Is.EqualTo(_clock.GetUtcNow() + TimeSpan.FromMinutes(9)).Within(TimeSpan.FromSeconds(1)));

        dynamic.Limit.Resume("control-probe");
        workers.Run(TimeSpan.FromSeconds(1));
        Assert.That(workers.Sent, Has.Count.EqualTo(100));
    }

    [Test]
    public void A_pause_ends_by_itself()
    {
        var dynamic = new OneLimit(_limits.Dynamic("control", "mx", LimitDimension.Provider));
        using var workers = new VirtualWorkers(_clock, _limits, dynamic: dynamic);
        dynamic.Limit.PauseUntil(_limits.Timestamp + TimeSpan.FromSeconds(30).Ticks, "x");
        workers.Add(VirtualWorkers.PoolOf(null, 1), News);
        workers.Run(TimeSpan.FromSeconds(29));
        Assert.That(workers.Sent, Is.Empty);
        workers.Run(TimeSpan.FromSeconds(2));
        Assert.That(workers.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_rate_that_is_raised_is_used_at_once_and_one_that_falls_keeps_what_was_saved()
    {
        var dynamic = new OneLimit(_limits.Dynamic("control", "mx", LimitDimension.Provider));
        dynamic.Limit.SetRate(new Rate(1, TimeSpan.FromMinutes(1), 1));
        using var workers = new VirtualWorkers(_clock, _limits, dynamic: dynamic);
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var item = 0; item < 100; item++)
        {
            workers.Add(pool, News);
        }

        workers.Run(TimeSpan.FromSeconds(10));
        Assert.That(workers.Sent, Has.Count.EqualTo(1), "a new limit starts with one token");
        dynamic.Limit.SetRate(new Rate(10, TimeSpan.FromSeconds(1), 1));
        workers.Run(TimeSpan.FromSeconds(2));
        Assert.That(workers.Sent, Has.Count.EqualTo(21).Within(2));
        dynamic.Limit.SetRate(null);
        workers.Run(TimeSpan.FromSeconds(1));
        Assert.That(workers.Sent, Has.Count.EqualTo(100));
    }

    [Test]
    public void Fewer_connections_take_effect_at_the_next_message_boundary_and_more_at_once()
    {
        var dynamic = new OneLimit(_limits.Dynamic("control", "mx", LimitDimension.Provider));
        using var workers = new VirtualWorkers(_clock, _limits, message: TimeSpan.FromMilliseconds(100), dynamic: dynamic);
        var pool = VirtualWorkers.PoolOf(StreamClass.Marketing, 1);
        for (var item = 0; item < 10_000; item++)
        {
            workers.Add(pool, News);
        }

        workers.Run(TimeSpan.FromSeconds(5));
        Assert.That(workers.Scheduler.Workers, Is.EqualTo(20));
        dynamic.Limit.SetConnections(3);
        workers.Run(TimeSpan.FromMilliseconds(110));
        Assert.That(workers.Scheduler.Workers, Is.EqualTo(3).Within(1));
        dynamic.Limit.SetConnections(8);
        workers.Run(TimeSpan.FromSeconds(2));
        Assert.That(workers.Scheduler.Workers, Is.EqualTo(7), "marketing leaves one of eight: transactional mail counts in it too");
        Assert.That(dynamic.Limit.Connections!.Open, Is.EqualTo(7));
    }

    [Test]
    public void New_connections_come_at_their_rate_and_open_ones_are_not_held_up()
    {
        Load(("connects", new LimitOptions { Per = [LimitDimension.Provider], ConnectionRate = new Rate(1, TimeSpan.FromSeconds(1), 1) }));
        using var workers = new VirtualWorkers(_clock, _limits, message: TimeSpan.FromMilliseconds(100));
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var item = 0; item < 1_000; item++)
        {
            workers.Add(pool, Receipts);
        }

        workers.Run(TimeSpan.FromMilliseconds(3_500));

        Assert.That(workers.Opened, Is.EqualTo(4));
        Assert.That(workers.Sent, Has.Count.EqualTo(35 + 25 + 15 + 5).Within(5));
    }

    [Test]
    public void A_worker_that_finds_an_open_connection_takes_no_token_of_the_connection_rate()
    {
        Load(
            ("connects", new LimitOptions { Per = [LimitDimension.Provider], ConnectionRate = new Rate(1, TimeSpan.FromHours(1), 1) }),
            ("rate", new LimitOptions { Per = [LimitDimension.Provider], Rate = new Rate(2, TimeSpan.FromSeconds(1), 1) }));
        using var workers = new VirtualWorkers(_clock, _limits, message: TimeSpan.FromMilliseconds(10)) { KeepsOpen = true };
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var item = 0; item < 100; item++)
        {
            workers.Add(pool, Receipts);
        }

        workers.Run(TimeSpan.FromSeconds(20));

        Assert.That(workers.Opened, Is.EqualTo(1));
        Assert.That(workers.Sent, Has.Count.EqualTo(41).Within(2));
    }

    [Test]
    public void A_day_s_volume_ends_with_the_day_of_the_time_zone()
    {
        _limits.Load(
            new Dictionary<string, LimitOptions> { ["warmup"] = new() { Per = [LimitDimension.Source], PerDay = 50 } },
            TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(11), "x", "x"));
        using var workers = new VirtualWorkers(_clock, _limits);
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var item = 0; item < 120; item++)
        {
            workers.Add(pool, News, destination: item % 7);
        }

        // Noon in UTC: one hour is left of the day at +11.
        workers.Run(TimeSpan.FromMinutes(59));
        Assert.That(workers.Sent, Has.Count.EqualTo(50));
        workers.Run(TimeSpan.FromMinutes(2));
        Assert.That(workers.Sent, Has.Count.EqualTo(100));
    }

    private void Load(params (string Name, LimitOptions Options)[] limits) =>
        _limits.Load(limits.ToDictionary(limit => limit.Name, limit => limit.Options));

    private sealed class OneLimit(Limit limit) : ILimitSource
    {
        public Limit Limit { get; } = limit;

        public int Version => 0;

        public void OfLane(string operatorId, string source, List<Limit> limits) => limits.Add(Limit);

        public void OfFlow(string operatorId, Flow flow, List<Limit> limits)
        {
        }
    }
}
