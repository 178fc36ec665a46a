using Engine.Admin;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Daemon;
using Engine.Mail;
using Engine.Queue;
using Engine.Scheduling;

namespace Engine.Tests.Admin;

/// <summary>What <c>why</c> says of pauses and relays, and whom a name means.</summary>
internal sealed class WhyWordsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", DomainName.Parse("acme.example"), string.Empty);

    [Test]
    public void Every_override_that_holds_a_flow_is_named_and_the_account_s_status()
    {
        var snapshot = new Snapshot(new EngineOptions { Accounts = new Dictionary<string, AccountOptions> { ["acme"] = new() { Status = AccountStatus.Review } } });
        Override[] overrides =
        [
            new(OverrideKey.PauseStream("acme", "news"), "true", "operator", "wrong link", Noon, Noon.AddHours(1)),
            new(OverrideKey.PauseStream("acme", "receipts"), "true", "operator", "another", Noon),
            new(OverrideKey.PausePool("bulk"), "true", "brake", string.Empty, Noon),
        ];

        var reasons = PauseTable.Reasons(snapshot, overrides, News, "bulk");

        Assert.That(reasons.Select(one => one.Key), Is.EqualTo(["pause.stream.acme/news", "pause.pool.bulk", "accounts.acme.status"]));
        Assert.That(WhyWords.Paused(reasons), Is.EqualTo(
            "is paused: pause.stream.acme/news by operator since 2026-03-01 12:00:00Z until 2026-03-01 13:00:00Z (wrong link); pause.pool.bulk by brake since 2026-03-01 12:00:00Z; accounts.acme.status by configuration (the account is review)"));
        Assert.That(PauseTable.Of(snapshot, overrides).Holds(News, "bulk"), Is.True);
        Assert.That(PauseTable.Reasons(new Snapshot(new EngineOptions()), overrides, News with { Account = "other" }, "tx"), Is.Empty);
    }

    [Test]
    public void A_relay_is_named_where_its_conditions_can_hold()
    {
        var relays = new Dictionary<string, RelayOptions>
        {
            ["late"] = new() { Host = "relay.example", When = [new() { Age = TimeSpan.FromDays(2) }], GiveUp = TimeSpan.FromHours(24) },
            ["backup"] = new() { Host = "relay.example", When = [new() { Age = TimeSpan.FromHours(1), Categories = ["ip_block"] }] },
        };
        var blocked = new QueuedRecipient { Attempts = 1, Category = new Category("ip_block"), Accepted = Noon };

        Assert.That(WhyWords.Relays(relays, StreamClass.Transactional, blocked), Is.EqualTo(["may go by relay backup from 2026-03-01 13:00:00Z on (relays.backup.when[0])"]));
        Assert.That(WhyWords.Relays(relays, StreamClass.Marketing, blocked), Is.Empty, "it takes transactional mail alone");
        Assert.That(WhyWords.Relays(relays, StreamClass.Transactional, blocked with { Category = new Category("spam_content") }), Is.Empty);
        Assert.That(WhyWords.Relays(relays, StreamClass.Transactional, blocked with { Attempts = 0 }), Is.Empty, "the receiver is asked first");
    }

    [TestCase("MTA-STS, mx.example [192.0.2.1]: the policy does not name this host", "no exchanger comes to what MTA-STS asks (MTA-STS, mx.example [192.0.2.1]: the policy does not name this host); 'engine provider probe example.com' looks at each")]
    [TestCase("DANE, mx.example [192.0.2.1]: no TLSA record names the server's certificate", "no exchanger comes to what DANE asks (DANE, mx.example [192.0.2.1]: no TLSA record names the server's certificate); 'engine provider probe example.com' looks at each")]
    [TestCase("connecting to mx.example [192.0.2.1]: timed out", "no source reaches an exchanger")]
    [TestCase("mx.example is not used: no resolver answered about its TLSA records", "no source reaches an exchanger")]
    public void An_exchanger_that_is_reached_and_refused_is_not_said_to_be_away(string trouble, string expected)
    {
        LaneState[] lanes = [new("a1", 0, 0, 1, IsWarming: false, trouble, Noon, []), new("off", 0, 0, 0, IsWarming: false, null, null, [])];
        var why = new Explanation("mx.example", "mx.example", 1, 0, 0, IsFlowBlocked: false, [], [], lanes, (0, 10));

        Assert.That(WhyWords.Verdict(why, [], DomainName.Parse("example.com")), Is.EqualTo(expected));
    }

    [TestCase("google", "google")]
    [TestCase("Gmail.com", "google")]
    [TestCase("mx.one.example", "mx.one.example")]
    [TestCase("MX.two.example", "google")]
    [TestCase("mx.google.attacker.example", null)]
    [TestCase("nobody", null)]
    [TestCase("", null)]
    public void A_provider_or_destination_is_found_by_what_people_call_it(string text, string? expected)
    {
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["mx.one.example"] = "mx.one.example", ["mx.two.example"] = "google" };

        Assert.That(ProviderApi.Find(ProviderBook.Shipped, known, text), Is.EqualTo(expected));
    }

    [Test]
    public void Release_takes_back_the_hold_and_every_step_of_that_source()
    {
        Override[] overrides =
        [
            new(SourceOverride.HoldWarmup("a1"), "true", "operator", string.Empty, Noon),
            new(SourceOverride.WarmupStep("a1"), "3", "operator", string.Empty, Noon),
            new(SourceOverride.WarmupStep("a1", "google"), "warm", "operator", string.Empty, Noon),
            new(SourceOverride.WarmupStep("a10"), "3", "operator", string.Empty, Noon),
            new(SourceOverride.Drain("a1"), "true", "operator", string.Empty, Noon),
        ];

        Assert.That(WarmupApi.KeysOf(overrides, "a1"), Is.EqualTo(["warmup.hold.a1", "warmup.step.a1", "warmup.step.a1/google"]));
    }
}
