using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Scheduling;

namespace Engine.Tests.Scheduling;

/// <summary>Destinations of the same hosts, which differ in what is asked of TLS, are one receiver.</summary>
internal sealed class ReceiverPlacesTests : IDisposable
{
    private static readonly Flow Receipts = new(StreamClass.Transactional, "acme", "receipts", "", DomainName.Parse("acme.example"), "");
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", DomainName.Parse("acme.example"), "");

    private readonly ManualClock _clock = new();
    private readonly VirtualWorkers _workers;
    private readonly Pool _pool = VirtualWorkers.PoolOf(null, 1);

    public ReceiverPlacesTests() => _workers = new VirtualWorkers(_clock, new LimitTree(_clock), message: TimeSpan.FromMilliseconds(10), perDestination: 4);

    public void Dispose() => _workers.Dispose();

    [TestCase("mx.example", 4)]
    [TestCase(null, 8)]
    public void Together_they_have_the_connections_of_one(string? set, int most)
    {
        Fill(Receipts, 200, set, 1, 2);
        _workers.Run(TimeSpan.FromSeconds(30));

        Assert.That(_workers.Sent, Has.Count.EqualTo(400));
        Assert.That(_workers.MostAtOnce, Is.EqualTo(most));
        Assert.That(_workers.Scheduler.Destinations, Is.Empty);
    }

    [Test]
    public void Neither_starves_while_the_other_has_mail()
    {
        Fill(Receipts, 1_000, "mx.example", 1);
        _workers.Run(TimeSpan.FromSeconds(1));
        Fill(Receipts, 100, "mx.example", 2);
        _workers.Run(TimeSpan.FromSeconds(1));

        Assert.That(_workers.Sent.Count(static one => one.Lane.Destination.Id.Value == 2), Is.EqualTo(100));
        Assert.That(_workers.Sent.Count(static one => one.Lane.Destination.Id.Value == 1), Is.LessThan(1_000));
        Assert.That(_workers.MostAtOnce, Is.EqualTo(4));
        _workers.Run(TimeSpan.FromSeconds(30));
        Assert.That(_workers.Sent, Has.Count.EqualTo(1_100));
    }

    [Test]
    public void Thirty_policies_on_one_receiver_all_get_through_over_its_four_connections()
    {
        Fill(Receipts, 20, "mx.example", [.. Enumerable.Range(1, 30)]);
        _workers.Run(TimeSpan.FromSeconds(60));

        Assert.That(_workers.Sent, Has.Count.EqualTo(600));
        Assert.That(_workers.MostAtOnce, Is.EqualTo(4));
    }

    [Test]
    public void Transactional_mail_of_one_does_not_wait_for_marketing_of_the_other()
    {
        Fill(News, 1_000, "mx.example", 1);
        _workers.Run(TimeSpan.FromSeconds(1));
        Fill(Receipts, 10, "mx.example", 2);
        _workers.Run(TimeSpan.FromSeconds(0.3));

        Assert.That(_workers.Sent.Count(static one => one.Flow == Receipts), Is.EqualTo(10));
    }

    [Test]
    public void Whatever_mix_of_classes_and_destinations_all_is_sent_and_no_worker_starts_in_vain([Range(1, 40)] int seed)
    {
        var chance = new Random(seed);
        var (hosts, total) = (chance.Next(1, 4), 0);
        for (var round = 0; round < 20; round++)
        {
            var count = chance.Next(1, 60);
            var destination = chance.Next(1, 9);
            Fill(chance.Next(2) == 0 ? Receipts : News, count, $"mx{destination % hosts}", destination);
            total += count;
            _workers.Run(TimeSpan.FromMilliseconds(chance.Next(1, 120)));
        }

        _workers.Run(TimeSpan.FromSeconds(60));
        Assert.That(_workers.Sent, Has.Count.EqualTo(total));
        Assert.That(_workers.MostAtOnce, Is.LessThanOrEqualTo(4 * hosts));
        Assert.That(_workers.Started, Is.LessThanOrEqualTo(2 * total));
        Assert.That(_workers.Scheduler.Workers, Is.Zero);
    }

    [Test]
    public void Other_hosts_have_connections_of_their_own()
    {
        Fill(Receipts, 200, "a.example", 1);
        Fill(Receipts, 200, "b.example", 2);
        _workers.Run(TimeSpan.FromSeconds(30));

        Assert.That((_workers.Sent.Count, _workers.MostAtOnce), Is.EqualTo((400, 8)));
    }

    [Test]
    public void A_reload_changes_the_bound_for_all()
    {
        Fill(Receipts, 500, "mx.example", 1, 2);
        _workers.Run(TimeSpan.FromSeconds(0.5));
        _workers.Scheduler.Load(new SchedulerSettings(100, 2));
        _workers.Run(TimeSpan.FromSeconds(0.5));

        Assert.That(_workers.Scheduler.Workers, Is.EqualTo(2));
        _workers.Run(TimeSpan.FromSeconds(60));
        Assert.That(_workers.Sent, Has.Count.EqualTo(1_000));
    }

    [Test]
    public void Mail_of_one_destination_is_handed_back_alone()
    {
        using var scheduler = new Scheduler(new LimitTree(_clock), _clock, new SchedulerSettings(100, 4), static _ => { });
        for (var slot = 0; slot < 6; slot++)
        {
            scheduler.Add(new DestinationId(slot % 2), "mx", "mx", _pool, News, new ReadyItem(slot, new MessageId((ulong)slot)), default, "mx");
        }

        Assert.That(scheduler.Drain(new DestinationId(1), static item => item.Slot != 3).Select(static item => item.Slot), Is.EqualTo(new[] { 1, 5 }));
        Assert.That(scheduler.Drain(new DestinationId(1), static item => item.Slot != 3), Is.Empty);
        Assert.That(scheduler.Drain(new DestinationId(1), static _ => true).Select(static item => item.Slot), Is.EqualTo(new[] { 3 }));
        Assert.That(scheduler.Drain("default", "mx"), Has.Count.EqualTo(3));
    }

    [Test]
    public void What_is_left_after_some_was_handed_back_is_sent()
    {
        Fill(Receipts, 100, "mx.example", 1);
        Fill(News, 100, "mx.example", 1);
        var inFlight = _workers.Scheduler.Destinations.Single().Ready.Sum(static ready => ready.Count);
        var news = _workers.Scheduler.Drain(new DestinationId(1), item => _workers.Flows[item.Slot] == News);
        var odd = _workers.Scheduler.Drain(new DestinationId(1), static item => item.Slot % 2 == 1);
        Assert.That(_workers.Scheduler.Destinations.Single().Ready.Sum(static ready => ready.Count), Is.EqualTo(inFlight - news.Count - odd.Count));

        Fill(News, 10, "mx.example", 1);
        _workers.Run(TimeSpan.FromSeconds(30));
        Assert.That(_workers.Sent.Select(static one => one.Slot), Is.EquivalentTo(Enumerable.Range(0, 210).Except(news.Concat(odd).Select(static item => item.Slot))));
        Assert.That((news.Count, odd.Count, _workers.Scheduler.Destinations.Count), Is.EqualTo((100, 50, 0)));
    }

    private void Fill(Flow flow, int count, string? set, params int[] destinations)
    {
        for (var number = 0; number < count; number++)
        {
            foreach (var destination in destinations)
            {
                _workers.Add(_pool, flow, destination, set: set);
            }
        }
    }
}
