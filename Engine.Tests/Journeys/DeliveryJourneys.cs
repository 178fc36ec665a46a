using Engine.Configuration;
using Engine.Demo;
using Engine.Dns;

namespace Engine.Tests.Journeys;

/// <summary>Mail from a client through the whole engine to receivers of every kind.</summary>
internal sealed class DeliveryJourneys
{
    [Test]
    public async Task A_message_arrives_octet_for_octet_behind_what_was_added()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start);
        var letter = world.Write("A line.\r\n.\r\n..two dots\r\n\r\n.\r\nGrüße, \t \r\n", "reader@strict.demo.test");

        await world.SubmitAsync(letter);
        await world.DeliveredAsync(letter.Number);

        Assert.That(Body(world.Content(letter.Number)), Is.EqualTo(Body(JourneyWorld.Plain(letter))));
        Assert.That(world.Content(letter.Number), Does.StartWith("Received: ").Or.Contains("\r\nReceived: "));
    }

    [Test]
    public async Task A_greylisted_recipient_gets_it_once_at_a_later_attempt()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start);

        var number = await world.SubmitAsync("reader@grey.demo.test");
        await world.DeferredAsync(number);
        await world.DeliveredAsync(number);
        await world.DrainedAsync();

        Assert.That(world.Ledger.Read(number, static story => story.Recipients[0].Deliveries), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_refused_recipient_does_not_keep_it_from_the_others()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start);

        var number = await world.SubmitAsync("gone@strict.demo.test", "reader@strict.demo.test", "reader@modern.demo.test");
        await world.SettledAsync(number);
        await world.DrainedAsync();

        var summary = LedgerSummary.Of(world.Ledger);
        Assert.That((summary.Delivered, summary.Bounced, summary.Duplicates, summary.Lost), Is.EqualTo((2, 1, 0, 0)));
    }

    [Test]
    public async Task Receivers_with_tls_and_chunking_get_it_so()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start);
        var letter = world.Write(".first\r\n" + string.Concat(Enumerable.Repeat("0123456789abcdef\r\n", 20_000)), "reader@modern.demo.test");

        await world.SubmitAsync(letter);
        await world.DeliveredAsync(letter.Number);

        Assert.That(world.Ledger.Read(letter.Number, static story => story.Recipients[0].Deliveries[0].TlsVersion), Is.EqualTo("1.3"));
        Assert.That(Body(world.Content(letter.Number)), Is.EqualTo(Body(JourneyWorld.Plain(letter))));
    }

    [Test]
    public async Task Content_put_off_is_brought_again()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start, static _ => [House("one.test", new ReceiverScript { DeferEvery = 3 })]);

        await world.SubmitManyAsync(20, sessions: 2);
        await world.DrainedAsync();

        var summary = LedgerSummary.Of(world.Ledger);
        Assert.That((summary.Accepted, summary.Lost, summary.Duplicates), Is.EqualTo((20, 0, 0)));
        Assert.That(world.Receivers[0].Contents, Is.GreaterThan(summary.Delivered));
    }

    [Test]
    public async Task Sessions_that_are_cut_after_some_messages_lose_nothing()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start, static _ => [House("one.test", new ReceiverScript { MessagesPerConnection = 3 })]);

        await world.SubmitManyAsync(60);
        await world.DrainedAsync();

        var summary = LedgerSummary.Of(world.Ledger);
        Assert.That((summary.Accepted, summary.Lost, summary.Duplicates), Is.EqualTo((60, 0, 0)));
    }

    [Test]
    public async Task Connections_that_break_at_the_dot_do_not_repeat_what_was_taken()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start, static _ => [House("one.test", new ReceiverScript { DropEvery = 1 })]);

        var number = await world.SubmitAsync("reader@one.test");
        await world.DeliveredAsync(number);
        await world.QueueAsync(static counts => counts is { Queued: 1, InFlight: 0 });

        Assert.That(world.Ledger.Read(number, static story => story.Recipients[0].Deliveries), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task When_the_first_exchanger_is_not_there_the_second_gets_it()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start);
        world.Names
            .Add("two.test", new DnsRecord.Mx(5, "dead.test"))
            .Add("two.test", new DnsRecord.Mx(20, "mx.strict.demo.test"))
            .Add("dead.test", new DnsRecord.Address(System.Net.IPAddress.Parse("127.0.0.99")));

        var number = await world.SubmitAsync("reader@two.test");

        await world.DeliveredAsync(number);
    }

    [Test]
    public async Task Many_messages_by_many_connections_are_all_accounted_for()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start);

        await world.SubmitManyAsync(500);
        await world.DrainedAsync();

        var summary = LedgerSummary.Of(world.Ledger);
        Assert.That((summary.Accepted, summary.Lost, summary.Duplicates, summary.Strangers), Is.EqualTo((500, 0, 0, 0)));
        Assert.That(summary.Delivered, Is.EqualTo(summary.Recipients));
    }

    [Test]
    public async Task A_domain_that_does_not_exist_ends_without_a_receiver()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start);

        var number = await world.SubmitAsync("reader@nowhere.test");
        await world.QueueAsync(static counts => counts.Queued == 0);

        Assert.That(world.Ledger.Read(number, static story => story.Recipients[0].IsEnded), Is.False);
    }

    [Test]
    public async Task What_is_queued_at_a_stop_is_delivered_after_the_next_start()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start, adjust: static options => Mode(options, DeliveryMode.Hold));

        await world.SubmitManyAsync(50);
        await world.StopEngineAsync();
        Assert.That(world.Ledger.Counts.Delivered, Is.Zero);
        await world.StartEngineAsync(static options => Mode(options, DeliveryMode.Send));
        await world.DrainedAsync();

        var summary = LedgerSummary.Of(world.Ledger);
        Assert.That((summary.Accepted, summary.Lost, summary.Duplicates), Is.EqualTo((50, 0, 0)));
    }

    [Test]
    public async Task Stops_and_starts_in_between_lose_and_repeat_nothing()
    {
        await using var world = await JourneyWorld.StartAsync(JourneyEngine.Start);

        for (var round = 0; round < 3; round++)
        {
            await world.SubmitManyAsync(200);
            await world.StopEngineAsync();
            await world.StartEngineAsync();
        }

        await world.DrainedAsync();

        var summary = LedgerSummary.Of(world.Ledger);
        Assert.That((summary.Accepted, summary.Lost, summary.Duplicates), Is.EqualTo((600, 0, 0)));
    }

    private static ReceiverHouse House(string domain, ReceiverScript script) => new([domain], script with { Hostname = "mx." + domain });

    private static EngineOptions Mode(EngineOptions options, DeliveryMode mode) => options with { Delivery = options.Delivery with { Mode = mode } };

    private static string Body(string message) => message[(message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
}
