using Engine.Configuration;
using Engine.Mail;

namespace Engine.Tests.Simulation;

/// <summary>Hours of traffic through the deciding half of the engine, in virtual time.</summary>
internal sealed class SteeringScenarioTests
{
    private static readonly DomainName Sender = DomainName.Parse("acme.example");
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", Sender, "");
    private static readonly Flow Codes = new(StreamClass.Transactional, "acme", "otp", "", Sender, "");

    [Test]
    public void A_limiter_that_nobody_knows_is_found_and_held_with_few_deferrals()
    {
        using var engine = new SimulatedEngine(WithSources(1));
        var receiver = new SimulatedReceiver { RatePerSecond = 5, Burst = 20 };
        engine.Open("regional", receiver, isProvider: false);
        engine.SubmitSteadily(20, TimeSpan.FromHours(4), News, "regional");

        engine.Time.RunFor(TimeSpan.FromHours(4));

        var steady = engine.Now - TimeSpan.FromHours(2);
        var (good, _, _) = engine.Counts("s1", "regional").Between(steady, engine.Now);
        var share = engine.Counts("s1", "regional").DeferredShare(steady, engine.Now);
        TestContext.Out.WriteLine($"{share:P2} deferred, {good / 7_200.0:0.00} a second of 5");
        Assert.That(share, Is.LessThan(0.05));
        Assert.That(good / 7_200.0, Is.GreaterThan(5 * 0.8));
    }

    [Test]
    public void One_degraded_address_of_ten_loses_its_traffic_within_seconds_at_that_provider_only_and_comes_back()
    {
        using var engine = new SimulatedEngine(WithSources(10));
        for (var number = 0; number < 10; number++)
        {
            engine.Open($"p{number}", new SimulatedReceiver(), isProvider: false);
            engine.SubmitSteadily(number == 4 ? 20 : 2, TimeSpan.FromHours(5), News, $"p{number}");
        }

        engine.Time.RunFor(TimeSpan.FromMinutes(20));
        var since = engine.Now;
        ((SimulatedReceiver)engine.Receiver("p4")).OfSource = (source, now) => source == "s3" && now < since + TimeSpan.FromHours(1) ? SimulatedReceiver.PoorReputation : null;
        engine.Time.RunFor(TimeSpan.FromSeconds(5));
        var early = engine.Counts("s3", "p4").Between(since, engine.Now + TimeSpan.FromMinutes(1));
        engine.Time.RunFor(TimeSpan.FromMinutes(10));
        var late = engine.Counts("s3", "p4").Between(since + TimeSpan.FromMinutes(1), engine.Now);
        TestContext.Out.WriteLine($"{early} in the first minute, {late} in the ten after it");

        Assert.That(late.Deferred + late.Failed, Is.LessThan(20), "after five seconds next to nothing goes there");
        Assert.That(engine.Counts("s3", "p5").Between(since, engine.Now).Good, Is.GreaterThan(80), "other providers keep it");
        Assert.That(engine.Counts("s2", "p4").Between(since + TimeSpan.FromMinutes(1), engine.Now).Good, Is.GreaterThan(1_000), "other addresses take its part");
        Assert.That(engine.Events.Of(EventKind.Throttled).Concat(engine.Events.Of(EventKind.SourceQuarantined)).Select(line => (line.Source, line.Provider)).Distinct(), Is.EqualTo(new[] { ("s3", "p4") }));

        engine.Time.RunFor(TimeSpan.FromHours(4.4));
        var back = engine.Counts("s3", "p4").Between(engine.Now - TimeSpan.FromMinutes(30), engine.Now);
        TestContext.Out.WriteLine($"{back} in the last half hour");
        Assert.That(back.Good, Is.GreaterThan(600), "it has a part again");
    }

    [Test]
    public void An_address_that_is_refused_in_words_that_may_mean_anything_is_found_out_beside_the_others()
    {
        using var engine = new SimulatedEngine(WithSources(5));
        engine.Open("big", new SimulatedReceiver { OfSource = (source, _) => source == "s3" ? new SimulatedReply(550, "5.7.1", "Administrative prohibition") : null }, isProvider: false);
        engine.SubmitSteadily(50, TimeSpan.FromMinutes(10), News, "big");

        engine.Time.RunFor(TimeSpan.FromMinutes(10));

        TestContext.Out.WriteLine($"{engine.Counts("s3", "big").Failed} of {engine.Recipients.Count} were lost to it");
        Assert.That(engine.Counts("s3", "big").Failed, Is.LessThan(100), "not 6 000");
        Assert.That(engine.Events.Of(EventKind.SourceQuarantined).Select(line => (line.Source, line.Provider)), Does.Contain(("s3", "big")));
    }

    [Test]
    public void When_a_provider_is_down_nobody_is_blamed_and_mail_flows_as_soon_as_it_is_back()
    {
        using var engine = new SimulatedEngine(WithSources(4));
        var receiver = new SimulatedReceiver();
        engine.Open("big", receiver, isProvider: false);
        engine.Open("other", new SimulatedReceiver(), isProvider: false);
        engine.SubmitSteadily(20, TimeSpan.FromHours(4), News, "big");
        engine.SubmitSteadily(20, TimeSpan.FromHours(4), News, "other");
        engine.Time.RunFor(TimeSpan.FromMinutes(10));

        receiver.IsDown = true;
        engine.Time.RunFor(TimeSpan.FromHours(1));
        receiver.IsDown = false;
        var since = engine.Now;
        engine.Time.RunFor(TimeSpan.FromHours(1));

        Assert.That(engine.Events.Of(EventKind.SourceQuarantined), Is.Empty);
        Assert.That(engine.Recipients.Count(recipient => recipient.Failed is not null), Is.Zero);
        Assert.That(engine.Counts("s1", "other").Between(since - TimeSpan.FromHours(1), since).Good, Is.GreaterThan(16_000));
        var waiting = engine.Recipients.Count(recipient => recipient.Operator == "big" && recipient.Delivered is null);
        TestContext.Out.WriteLine($"{waiting} still wait an hour after it came back");
        Assert.That(waiting, Is.LessThan(20 * 60 * 5), "all but the last minutes' is delivered");
    }

    [Test]
    public void Mail_of_an_account_that_sends_spam_leaves_the_others_alone()
    {
        using var engine = new SimulatedEngine(WithSources(3));
        engine.Open("big", new SimulatedReceiver { OfMessage = (flow, number) => flow.Account == "spammer" && number % 10 != 0 ? SimulatedReceiver.Spam : null }, isProvider: false);
        var spam = News with { Account = "spammer", Campaign = "pills", SenderDomain = DomainName.Parse("spam.example") };
        engine.SubmitSteadily(10, TimeSpan.FromHours(1), spam, "big");
        engine.SubmitSteadily(10, TimeSpan.FromHours(1), News, "big");
        engine.SubmitSteadily(1, TimeSpan.FromHours(1), Codes, "big");

        engine.Time.RunFor(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));

        var good = engine.Recipients.Where(recipient => recipient.Flow.Account == "acme").ToArray();
        Assert.That(good.Count(recipient => recipient.Delivered is null), Is.Zero);
        Assert.That(good.Max(recipient => recipient.Waited), Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(engine.Events.Of(EventKind.SourceQuarantined), Is.Empty);
        Assert.That(engine.Events.Of(EventKind.CampaignPaused).Select(line => (line.Account, line.Campaign)), Does.Contain(("spammer", "pills")));
    }

    [Test]
    public void A_listed_source_sends_nothing_from_the_moment_it_is_known_and_its_mail_takes_the_others()
    {
        using var engine = new SimulatedEngine(WithSources(4));
        engine.Open("big", new SimulatedReceiver(), isProvider: false);
        engine.SubmitSteadily(40, TimeSpan.FromHours(1), News, "big");
        engine.Time.RunFor(TimeSpan.FromMinutes(10));

        engine.Quarantined.Add("s2");
        engine.ListingVersion++;
        engine.Time.RunFor(TimeSpan.FromSeconds(2));
        var before = engine.Counts("s2", "big").Attempts;
        engine.Time.RunFor(TimeSpan.FromMinutes(10));

        Assert.That(engine.Counts("s2", "big").Attempts, Is.EqualTo(before));
        Assert.That(engine.Recipients.Count(recipient => recipient.Delivered is null), Is.LessThan(60));
        engine.Quarantined.Clear();
        engine.ListingVersion++;
        engine.Time.RunFor(TimeSpan.FromMinutes(10));
        Assert.That(engine.Counts("s2", "big").Attempts, Is.GreaterThan(before + 3_000));
    }

    [Test]
    public void A_flood_of_marketing_hardly_keeps_a_transactional_message_waiting()
    {
        var options = WithSources(2) with { Pools = new Dictionary<string, PoolOptions>(), Limits = new Dictionary<string, LimitOptions> { ["all"] = new() { Per = [LimitDimension.Source], Rate = new Rate(100, TimeSpan.FromSeconds(1), 10) } } };
        using var engine = new SimulatedEngine(options);
        engine.Open("big", new SimulatedReceiver { Latency = TimeSpan.FromMilliseconds(100) }, isProvider: false);
        for (var number = 0; number < 200_000; number++)
        {
            engine.Submit(News with { Campaign = $"c{number % 50}" }, "big");
        }

        engine.Time.RunFor(TimeSpan.FromSeconds(30));
        engine.SubmitSteadily(5, TimeSpan.FromMinutes(2), Codes, "big");
        engine.Time.RunFor(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(5));

        var waits = engine.Recipients.Where(recipient => recipient.Flow == Codes).Select(recipient => recipient.Waited!.Value.TotalMilliseconds - 100).Order().ToArray();
        TestContext.Out.WriteLine($"added wait: median {waits[waits.Length / 2]:0.0} ms, p99 {waits[waits.Length * 99 / 100]:0.0} ms, longest {waits[^1]:0.0} ms");
        Assert.That(waits, Has.Length.EqualTo(600));
        Assert.That(waits[waits.Length * 99 / 100], Is.LessThan(50));
    }

    [Test]
    public void A_dead_domain_with_a_million_messages_costs_nobody_else_anything()
    {
        using var engine = new SimulatedEngine(WithSources(2));
        engine.Open("dead", new SimulatedReceiver { IsDown = true }, isProvider: false);
        engine.Open("alive", new SimulatedReceiver(), isProvider: false);
        for (var number = 0; number < 1_000_000; number++)
        {
            engine.Submit(News, "dead");
        }

        var begun = engine.Time.Happened;
        engine.SubmitSteadily(10, TimeSpan.FromHours(1), News, "alive");
        engine.Time.RunFor(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(5));

        var alive = engine.Recipients.Where(recipient => recipient.Operator == "alive").ToArray();
        var tries = engine.Counts("s1", "dead").Attempts + engine.Counts("s2", "dead").Attempts;
        TestContext.Out.WriteLine($"{tries} tries in an hour, {engine.Time.Happened - begun} happenings");
        Assert.That(alive.Count(recipient => recipient.Delivered is null), Is.Zero);
        Assert.That(alive.Max(recipient => recipient.Waited), Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(tries, Is.LessThan(500));
    }

    [Test]
    public void A_new_address_ramps_up_at_Gmail_in_thirty_days_without_much_trouble()
    {
        var options = WithSources(3);
        options = options with
        {
            Sources = options.Sources.ToDictionary(source => source.Key, source => source.Key == "s3" ? source.Value with { Warmup = new WarmupOptions { Plan = "14-day" } } : source.Value),
        };
        using var engine = new SimulatedEngine(options, TimeSpan.FromSeconds(10));
        engine.Open("google", new GmailModel(), isProvider: true);
        foreach (var warm in new[] { "s1", "s2" })
        {
            // They have been known for long.
            for (var taken = 0; taken < 200_000; taken++)
            {
                ((GmailModel)engine.Receiver("google")).Receive(warm, News, 0, engine.Now - TimeSpan.FromDays(1));
            }
        }

        engine.SubmitSteadily(0.1, TimeSpan.FromDays(30), News, "google");
        engine.Time.RunFor(TimeSpan.FromDays(30));

        var days = Enumerable.Range(0, 30).Select(day => engine.Counts("s3", "google").Between(engine.Now - TimeSpan.FromDays(30 - day), engine.Now - TimeSpan.FromDays(29 - day))).ToArray();
        TestContext.Out.WriteLine(string.Join(", ", days.Select(day => $"{day.Good}+{day.Deferred}")));
        Assert.That(days[0].Good, Is.InRange(60, 101));
        Assert.That(days.Sum(day => day.Deferred) / (double)days.Sum(day => day.Good), Is.LessThan(0.05));
        Assert.That(days[29].Good, Is.GreaterThan(2_500), "its part of the day's 8 640");
        Assert.That(engine.Events.Of(EventKind.WarmupAdvanced).Count(), Is.GreaterThan(5));
    }

    private static EngineOptions WithSources(int count) => new()
    {
        Hostname = "mta.example",
        Sources = Enumerable.Range(1, count).ToDictionary(number => $"s{number}", number => new SourceOptions { Address = $"192.0.2.{number}" }),
        Pools = new Dictionary<string, PoolOptions>
        {
            ["bulk"] = new() { Class = StreamClass.Marketing, Sources = Enumerable.Range(1, count).ToDictionary(number => $"s{number}", _ => 1) },
            ["tx"] = new() { Class = StreamClass.Transactional, Sources = Enumerable.Range(1, count).ToDictionary(number => $"s{number}", _ => 1) },
        },
    };
}
