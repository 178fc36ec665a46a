using System.Net;
using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Scheduling;

namespace Engine.Tests.Scheduling;

internal sealed class SchedulerTests
{
    private static readonly Flow Receipts = new(StreamClass.Transactional, "acme", "receipts", "", DomainName.Parse("acme.example"), "");
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", DomainName.Parse("acme.example"), "");

    private readonly ManualClock _clock = new();
    private readonly List<Lane> _started = [];
    private readonly LimitTree _limits;
    private readonly Pool _pool = PoolOf(1);
    private int _slots;

    public SchedulerTests() => _limits = new LimitTree(_clock);

    [Test]
    public void Transactional_mail_goes_first_whatever_came_first()
    {
        using var scheduler = Make();
        Add(scheduler, News);
        Add(scheduler, News);
        Add(scheduler, Receipts);

        Assert.That(PullAll(scheduler), Is.EqualTo(new[] { 2, 0, 1 }));
    }

    [Test]
    public void Accounts_take_turns_and_so_do_campaigns_within_one()
    {
        using var scheduler = Make();
        for (var round = 0; round < 4; round++)
        {
            Add(scheduler, News);
        }

        Add(scheduler, News with { Account = "small" });
        Add(scheduler, News with { Campaign = "autumn" });

        // acme spring 0, small 4, acme autumn 5, then the rest of spring.
        Assert.That(PullAll(scheduler), Is.EqualTo(new[] { 0, 4, 5, 1, 2, 3 }));
    }

    [Test]
    public void Recipients_of_one_message_right_behind_each_other_are_pulled_together()
    {
        using var scheduler = Make();
        Add(scheduler, News, message: 7);
        Add(scheduler, News, message: 7);
        Add(scheduler, News, message: 8);
        var items = new ReadyItem[10];

        Assert.That(scheduler.TryPull(_started[0], PullKind.First, items, out var pulled), Is.True);
        Assert.That(pulled.Count, Is.EqualTo(2));
        Assert.That(items[..2].Select(item => item.Slot), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void A_worker_starts_for_the_first_recipient_and_the_next_only_once_it_is_through()
    {
        using var scheduler = Make();
        Add(scheduler, News);
        Add(scheduler, News);
        Add(scheduler, News);

        Assert.That(_started, Has.Count.EqualTo(1));
        scheduler.Connected(_started[0]);
        Assert.That(_started, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_worker_that_finds_nothing_is_retired_and_the_next_recipient_starts_another()
    {
        using var scheduler = Make();
        Add(scheduler, News);
        PullAll(scheduler);

        Assert.That(scheduler.Workers, Is.Zero);
        Assert.That(scheduler.Destinations, Is.Empty);
        Add(scheduler, News);
        Assert.That(_started, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_lane_refused_by_its_rate_goes_on_when_the_bucket_grants()
    {
        Load(("ip", new LimitOptions { Per = [LimitDimension.Source], Rate = new Rate(1, TimeSpan.FromSeconds(1), 1) }));
        using var scheduler = Make();
        Add(scheduler, Receipts);
        Add(scheduler, Receipts);

        Assert.That(PullAll(scheduler), Is.EqualTo(new[] { 0 }));
        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(_started, Has.Count.EqualTo(1));
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        Assert.That(_started, Has.Count.EqualTo(2));
        Assert.That(PullAll(scheduler), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void A_flow_refused_by_its_own_rate_leaves_the_others_alone()
    {
        Load(("campaign", new LimitOptions { Per = [LimitDimension.Campaign], Rate = new Rate(1, TimeSpan.FromMinutes(1), 1) }));
        using var scheduler = Make();
        Add(scheduler, News);
        Add(scheduler, News);
        Add(scheduler, News with { Campaign = "autumn" });

        Assert.That(PullAll(scheduler), Is.EqualTo(new[] { 0, 2 }));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.That(PullAll(scheduler), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Tokens_taken_from_narrow_limits_come_back_when_a_wide_one_refuses()
    {
        Load(
            ("flow", new LimitOptions { Per = [LimitDimension.Account], Rate = new Rate(1, TimeSpan.FromDays(1), 2) }),
            ("lane", new LimitOptions { Per = [LimitDimension.Source], Rate = new Rate(1, TimeSpan.FromSeconds(1), 1) }));
        using var scheduler = Make();
        Add(scheduler, Receipts);
        Add(scheduler, Receipts);

        Assert.That(PullAll(scheduler), Is.EqualTo(new[] { 0 }));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(PullAll(scheduler), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void A_connection_limit_over_all_destinations_passes_its_place_on()
    {
        Load(("ip", new LimitOptions { Per = [LimitDimension.Source], Connections = 1 }));
        using var scheduler = Make();
        Add(scheduler, Receipts, destination: 1);
        Add(scheduler, Receipts, destination: 2);

        Assert.That(_started.Select(lane => lane.Destination.Id.Value), Is.EqualTo(new[] { 1 }));
        PullAll(scheduler);
        Assert.That(_started.Select(lane => lane.Destination.Id.Value), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Marketing_leaves_connections_for_transactional_mail()
    {
        using var scheduler = Make(connections: 2);
        Add(scheduler, News, destination: 1);
        Add(scheduler, News, destination: 2);
        Assert.That(_started, Has.Count.EqualTo(1));

        Add(scheduler, Receipts, destination: 3);
        Assert.That(_started.Select(lane => lane.Destination.Id.Value), Is.EqualTo(new[] { 1, 3 }));
    }

    [Test]
    public void Trouble_with_every_lane_hands_the_rest_back_until_the_pause_is_over()
    {
        using var scheduler = Make();
        Add(scheduler, News);
        Add(scheduler, News);
        var items = new ReadyItem[1];
        scheduler.TryPull(_started[0], PullKind.First, items, out _);

        var drained = scheduler.Fail(_started[0], TimeSpan.FromSeconds(60), "connection refused", wasConnecting: true);

        Assert.That(drained.Select(item => item.Slot), Is.EqualTo(new[] { 1 }));
        Assert.That(Add(scheduler, News), Is.EqualTo(_clock.GetTimestamp() + TimeSpan.FromSeconds(60).Ticks));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.That(Add(scheduler, News), Is.Zero);
        Assert.That(_started, Has.Count.EqualTo(2));
    }

    [Test]
    public void One_connection_too_many_does_not_stop_those_that_work()
    {
        using var scheduler = Make();
        for (var count = 0; count < 6; count++)
        {
            Add(scheduler, Receipts);
        }

        var items = new ReadyItem[1];
        scheduler.TryPull(_started[0], PullKind.First, items, out _);
        scheduler.Connected(_started[0]);
        scheduler.TryPull(_started[1], PullKind.First, items, out _);

        Assert.That(scheduler.Fail(_started[1], TimeSpan.FromSeconds(30), "too many connections", wasConnecting: true), Is.Empty);
        Assert.That(scheduler.TryPull(_started[0], PullKind.Next, items, out _), Is.True);
        Assert.That(_started, Has.Count.EqualTo(2), "no further worker while the receiver bears one");
        _clock.Advance(TimeSpan.FromMinutes(6));
        Add(scheduler, Receipts);
        Assert.That(_started, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_reload_that_changes_nothing_leaves_lanes_their_mail()
    {
        using var scheduler = Make();
        Add(scheduler, Receipts);
        var lane = _started[0];
        var items = new ReadyItem[1];
        scheduler.TryPull(lane, PullKind.First, items, out _);
        scheduler.Connected(lane);
        Add(scheduler, Receipts, pool: PoolOf(1));

        Assert.That(scheduler.TryPull(lane, PullKind.Next, items, out _), Is.True);
    }

    [Test]
    public void Another_source_goes_on_while_one_is_in_trouble()
    {
        var pool = PoolOf(1, 1);
        using var scheduler = Make();
        Add(scheduler, News, pool: pool);
        Add(scheduler, News, pool: pool);
        var first = _started[0];
        scheduler.TryPull(first, PullKind.First, new ReadyItem[1], out _);

        Assert.That(scheduler.Fail(first, TimeSpan.FromSeconds(60), "blocked", wasConnecting: true), Is.Empty);
        Assert.That(_started[^1].Source, Is.Not.SameAs(first.Source));
        Assert.That(PullAll(scheduler, _started[^1]), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Lanes_are_offered_slots_as_their_weights_say()
    {
        var order = new LaneOrder(PoolOf(3, 1), new ConfiguredWeights(), "mx", start: 0);
        var offered = Enumerable.Range(0, 8).Select(_ => order.Next()).ToArray();

        Assert.That(offered.Count(place => place == 0), Is.EqualTo(6));
        Assert.That(offered.Count(place => place == 1), Is.EqualTo(2));
    }

    [Test]
    public void However_adds_and_pulls_meet_no_recipient_is_left_without_a_worker()
    {
        const int Total = 20_000;
        var seen = new int[Total];
        Scheduler scheduler = null!; // its starter needs it before it is made
        using var done = new CountdownEvent(Total);
        using var made = scheduler = new Scheduler(_limits, TimeProvider.System, new SchedulerSettings(8, 4), lane => ThreadPool.QueueUserWorkItem(_ => Work(lane)));
        var pool = PoolOf(1, 1);
        Parallel.For(0, Total, slot => scheduler.Add(new DestinationId(slot % 7), "mx", "mx", pool, slot % 3 == 0 ? Receipts : News, new ReadyItem(slot, new MessageId((ulong)slot))));

        Assert.That(done.Wait(TimeSpan.FromSeconds(30)), Is.True, $"{done.CurrentCount} were never pulled");
        Assert.That(seen, Is.All.EqualTo(1));

        void Work(Lane lane)
        {
            var kind = PullKind.First;
            var items = new ReadyItem[1];
            while (scheduler.TryPull(lane, kind, items, out _))
            {
                if (kind is PullKind.First)
                {
                    scheduler.Connected(lane);
                    kind = PullKind.Next;
                }

                Interlocked.Increment(ref seen[items[0].Slot]);
                done.Signal();
            }
        }
    }

    private static Pool PoolOf(params int[] weights) => new(
        "default",
        null,
        [.. weights.Select((weight, index) => (new Source(new SourceId((short)index), $"s{index}", IPAddress.Loopback, null, "mta.example"), weight))]);

    private Scheduler Make(int connections = 100, int perDestination = 20) =>
        new(_limits, _clock, new SchedulerSettings(connections, perDestination), _started.Add);

    private void Load(params (string Name, LimitOptions Options)[] limits) =>
        _limits.Load(limits.ToDictionary(limit => limit.Name, limit => limit.Options));

    private long Add(Scheduler scheduler, Flow flow, ulong? message = null, int destination = 1, Pool? pool = null)
    {
        var slot = _slots++;
        return scheduler.Add(new DestinationId(destination), $"mx{destination}", $"mx{destination}", pool ?? _pool, flow, new ReadyItem(slot, new MessageId(message ?? (ulong)(slot + 1_000))));
    }

    // Plays the last started worker until it is retired.
    private List<int> PullAll(Scheduler scheduler, Lane? lane = null)
    {
        var slots = new List<int>();
        var items = new ReadyItem[1];
        lane ??= _started[^1];
        var kind = PullKind.First;
        while (scheduler.TryPull(lane, kind, items, out _))
        {
            slots.Add(items[0].Slot);
            if (kind is PullKind.First)
            {
                // Reaching the server may start more workers; here one does all the work.
                lane.Connecting--;
                kind = PullKind.Next;
            }
        }

        return slots;
    }
}
