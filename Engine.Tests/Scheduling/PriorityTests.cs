using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;

namespace Engine.Tests.Scheduling;

/// <summary>Transactional before marketing, and shares between accounts, under load.</summary>
internal sealed class PriorityTests
{
    private static readonly Flow Receipts = new(StreamClass.Transactional, "shop", "receipts", "", DomainName.Parse("shop.example"), "");
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", DomainName.Parse("acme.example"), "");

    private readonly ManualClock _clock = new();
    private readonly LimitTree _limits;

    public PriorityTests() => _limits = new LimitTree(_clock);

    [Test]
    public void A_million_marketing_messages_delay_transactional_mail_to_the_same_provider_by_less_than_50_ms()
    {
        Load(("provider", new LimitOptions { Per = [LimitDimension.Provider], Rate = new Rate(500, TimeSpan.FromSeconds(1), 50), Connections = 20 }));
        using var workers = new VirtualWorkers(_clock, _limits, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        var pool = VirtualWorkers.PoolOf(null, 1, 1);
        for (var item = 0; item < 1_000_000; item++)
        {
            workers.Add(pool, News, operatorId: "google");
        }

        workers.Run(TimeSpan.FromSeconds(2));
        var added = new Dictionary<int, DateTimeOffset>();
        for (var count = 0; count < 500; count++)
        {
            added.Add(workers.Add(pool, Receipts, operatorId: "google"), _clock.GetUtcNow());
            workers.Run(TimeSpan.FromMilliseconds(17));
        }

        workers.Run(TimeSpan.FromSeconds(1));
        var waits = workers.Sent.Where(one => added.ContainsKey(one.Slot)).Select(one => (one.At - added[one.Slot]).TotalMilliseconds).Order().ToList();
        TestContext.Out.WriteLine($"p50 {waits[250]} p99 {waits[495]} max {waits[^1]}");
        Assert.That(waits, Has.Count.EqualTo(500));
        Assert.That(workers.Sent.Count, Is.GreaterThan(5_000), "marketing goes on meanwhile");

        // Connecting and sending itself take 40 ms, with or without the million.
        Assert.That(waits[495] - 40, Is.LessThan(50));
    }

    [Test]
    public void At_a_limit_of_one_connection_transactional_mail_elsewhere_gets_it_at_the_next_message_boundary()
    {
        Load(("source", new LimitOptions { Per = [LimitDimension.Source], Connections = 1 }));
        using var workers = new VirtualWorkers(_clock, _limits, message: TimeSpan.FromMilliseconds(30));
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var item = 0; item < 1_000; item++)
        {
            workers.Add(pool, News, destination: 1);
        }

        workers.Run(TimeSpan.FromMilliseconds(100));
        var receipt = workers.Add(pool, Receipts, destination: 2);
        var added = _clock.GetUtcNow();
        workers.Run(TimeSpan.FromMilliseconds(200));

        Assert.That(workers.Sent.Single(one => one.Slot == receipt).At - added, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(62)));
        Assert.That(workers.MostAtOnce, Is.EqualTo(1));
        Assert.That(workers.Sent[^1].Flow, Is.EqualTo(News), "and marketing goes on afterwards");
    }

    [Test]
    public void Marketing_that_took_over_transactional_places_gives_them_back_when_they_are_wanted()
    {
        using var workers = new VirtualWorkers(_clock, _limits, message: TimeSpan.FromMilliseconds(30), connections: 10);
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var destination = 0; destination < 10; destination++)
        {
            workers.Add(pool, Receipts, destination);
            for (var count = 0; count < 100; count++)
            {
                workers.Add(pool, News, destination);
            }
        }

        workers.Run(TimeSpan.FromMilliseconds(100));
        Assert.That(workers.Scheduler.Workers, Is.EqualTo(10), "places are not left idle");
        var receipt = workers.Add(pool, Receipts, destination: 99);
        var added = _clock.GetUtcNow();
        workers.Run(TimeSpan.FromMilliseconds(200));

        Assert.That(workers.Sent.Single(one => one.Slot == receipt).At - added, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(62)));
    }

    [Test]
    public void An_account_with_a_million_does_not_delay_one_with_ten()
    {
        using var workers = new VirtualWorkers(_clock, _limits, message: TimeSpan.FromMilliseconds(10), perDestination: 2);
        var pool = VirtualWorkers.PoolOf(StreamClass.Marketing, 1);
        for (var item = 0; item < 1_000_000; item++)
        {
            workers.Add(pool, News);
        }

        workers.Run(TimeSpan.FromSeconds(1));
        var small = Enumerable.Range(0, 10).Select(_ => workers.Add(pool, News with { Account = "small" })).ToHashSet();
        var before = workers.Sent.Count;
        workers.Run(TimeSpan.FromSeconds(1));

        var last = workers.Sent.FindLastIndex(one => small.Contains(one.Slot));
        Assert.That(workers.Sent.Count(one => small.Contains(one.Slot)), Is.EqualTo(10));
        Assert.That(last - before, Is.LessThanOrEqualTo(24), "every other one is the small account's");
    }

    [Test]
    public void Who_sends_to_many_at_once_gets_no_more_than_who_sends_to_one()
    {
        using var workers = new VirtualWorkers(_clock, _limits, message: TimeSpan.FromMilliseconds(10), perDestination: 1);
        var pool = VirtualWorkers.PoolOf(StreamClass.Marketing, 1);
        for (var item = 0; item < 20_000; item++)
        {
            workers.Add(pool, News with { Account = "many" }, message: (ulong)(item / 40));
            workers.Add(pool, News with { Account = "one" });
        }

        workers.Run(TimeSpan.FromSeconds(100));
        var many = workers.Sent.Count(one => one.Flow.Account == "many");
        var single = workers.Sent.Count(one => one.Flow.Account == "one");
        Assert.That(many + single, Is.GreaterThan(10_000));
        Assert.That(many / (double)single, Is.EqualTo(1).Within(0.05));
    }

    [Test]
    public void Account_limits_in_the_middle_of_a_backlog_leave_other_accounts_their_full_speed()
    {
        Load(("slow", new LimitOptions { Match = new Dictionary<LimitDimension, string> { [LimitDimension.Account] = "acme" }, Rate = new Rate(1, TimeSpan.FromSeconds(1), 1) }));
        using var workers = new VirtualWorkers(_clock, _limits, message: TimeSpan.FromMilliseconds(10), perDestination: 1);
        var pool = VirtualWorkers.PoolOf(StreamClass.Marketing, 1);
        for (var item = 0; item < 1_000; item++)
        {
            workers.Add(pool, News);
            workers.Add(pool, News with { Account = "free" });
        }

        workers.Run(TimeSpan.FromSeconds(5));
        Assert.That(workers.Sent.Count(one => one.Flow.Account == "acme"), Is.EqualTo(5).Within(1));
        Assert.That(workers.Sent.Count(one => one.Flow.Account == "free"), Is.EqualTo(495).Within(5));
    }

    [Test]
    public void Two_saturated_limits_in_one_way_let_everybody_through_in_turn()
    {
        Load(
            ("account", new LimitOptions { Per = [LimitDimension.Account], Rate = new Rate(20, TimeSpan.FromSeconds(1), 1) }),
            ("ip", new LimitOptions { Per = [LimitDimension.Source], Rate = new Rate(25, TimeSpan.FromSeconds(1), 1), Connections = 5 }));
        using var workers = new VirtualWorkers(_clock, _limits, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(10));
        var pool = VirtualWorkers.PoolOf(null, 1);
        for (var item = 0; item < 2_000; item++)
        {
            workers.Add(pool, News with { Account = $"a{item % 2}" }, destination: item % 100);
        }

        workers.Run(TimeSpan.FromSeconds(40));
        Assert.That(workers.Sent.Count, Is.GreaterThan(850).And.LessThanOrEqualTo(1_002));
        Assert.That(workers.Sent.GroupBy(one => one.Lane.Destination.Id).Count(), Is.EqualTo(100));
        Assert.That(workers.Sent.Count(one => one.Flow.Account == "a0"), Is.EqualTo(workers.Sent.Count / 2).Within(60));
    }

    private void Load(params (string Name, LimitOptions Options)[] limits) =>
        _limits.Load(limits.ToDictionary(limit => limit.Name, limit => limit.Options));
}
