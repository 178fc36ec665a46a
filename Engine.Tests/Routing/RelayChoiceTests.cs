using Engine.Configuration;
using Engine.Mail;
using Engine.Routing;

namespace Engine.Tests.Routing;

internal sealed class RelayChoiceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    // backup: transactional, ip_block or network after 15m, anything after 4h; never spam_content; 24h. second: both classes, network after 1h; 12h.
    private static readonly RelayTable Table = new(
    [
        Make("backup", new RelayOptions
        {
            When = [new() { Age = TimeSpan.FromMinutes(15), Categories = ["ip_block", "network"] }, new() { Age = TimeSpan.FromHours(4) }],
            Never = ["spam_content"],
            Quota = new Rate(2, TimeSpan.FromDays(1), 1),
        }),
        Make("second", new RelayOptions
        {
            When = [new() { Age = TimeSpan.FromHours(1), Categories = ["network"] }],
            Class = [StreamClass.Transactional, StreamClass.Marketing],
            GiveUp = TimeSpan.FromHours(12),
        }),
    ]);

    // Minutes since acceptance, attempts, last category, relay of onEmpty; "backup" or "second" by which rule.
    [TestCase(20, 1, "ip_block", null, "backup relays.backup.when[0]")]
    [TestCase(15, 3, "network", null, "backup relays.backup.when[0]")]
    [TestCase(14, 3, "network", null, "none")]
    [TestCase(20, 1, "server_busy", null, "none")]
    [TestCase(239, 9, "server_busy", null, "none")]
    [TestCase(240, 9, "server_busy", null, "backup relays.backup.when[1]")]
    [TestCase(240, 0, null, null, "none", Description = "not tried yet, whatever its age: it may have been scheduled")]
    [TestCase(600, 9, "spam_content", null, "none", Description = "never wins over when")]
    [TestCase(600, 9, "spam_content", "backup", "none", Description = "and over onEmpty")]
    [TestCase(0, 0, null, "backup", "backup onEmpty")]
    [TestCase(0, 0, null, "gone", "none")]
    [TestCase(90, 2, "network", "second", "second onEmpty", Description = "the pool's own relay comes first")]
    [TestCase(24 * 60, 9, "network", null, "none", Description = "past every giveUp")]
    [TestCase((24 * 60) - 1, 9, "network", null, "backup relays.backup.when[0]")]
    [TestCase(5, 1, "relay:backup", null, "backup relay.doubt", Description = "in doubt: no condition is asked")]
    [TestCase(5, 1, "relay:second", "backup", "second relay.doubt")]
    [TestCase(5, 1, "relay:gone", null, "none", Description = "a relay that left the configuration cannot be asked")]
    [TestCase(24 * 60, 1, "relay:backup", null, "expired backup relay.doubt")]
    [TestCase(12 * 60, 1, "relay:second", null, "expired second relay.doubt")]
    public void A_transactional_recipient_goes(int minutes, int attempts, string? category, string? onEmpty, string expected) =>
        Assert.That(Decide(new RelayLedger(), StreamClass.Transactional, minutes, attempts, category, onEmpty), Is.EqualTo(expected));

    [TestCase(20, 1, "ip_block", null, "none")]
    [TestCase(600, 9, "ip_block", "backup", "none", Description = "a relay takes its classes only")]
    [TestCase(60, 2, "network", null, "second relays.second.when[0]")]
    [TestCase(59, 2, "network", null, "none")]
    public void A_marketing_recipient_goes(int minutes, int attempts, string? category, string? onEmpty, string expected) =>
        Assert.That(Decide(new RelayLedger(), StreamClass.Marketing, minutes, attempts, category, onEmpty), Is.EqualTo(expected));

    // Category and minutes before and after a failure; when to look again, in minutes; "" for when its schedule says.
    [TestCase(2, null, "ip_block", "15")]
    [TestCase(2, "server_busy", "network", "15")]
    [TestCase(2, null, "server_busy", "240")]
    [TestCase(20, "server_busy", "ip_block", "20", Description = "at once: the relay takes it now and did not before")]
    [TestCase(20, "ip_block", "ip_block", "", Description = "the relay was there for it, so it was in trouble: no circles")]
    [TestCase(2, null, "spam_content", "")]
    [TestCase(24 * 60, "network", "network", "")]
    public void A_failed_recipient_is_looked_at_again_when_a_relay_takes_it(int minutes, string? before, string after, string expected)
    {
        var earlier = new RelayCase { Age = TimeSpan.FromMinutes(minutes), Class = StreamClass.Transactional, Attempts = before is null ? 0 : 1, Category = before is null ? default : new Category(before), Pool = "p" };
        var later = earlier with { Attempts = earlier.Attempts + 1, Category = new Category(after) };

        var next = new RelayChoice(Table, new RelayLedger()).LookAgainAt(earlier, later, Now);

        Assert.That(next is { } age ? $"{age.TotalMinutes}" : string.Empty, Is.EqualTo(expected));
    }

    [TestCase(1, "none")]
    [TestCase(2, "Send")]
    public void Who_is_in_doubt_at_its_receiver_is_tried_there_again_first(int attempts, string expected)
    {
        var asked = new RelayCase { Age = TimeSpan.FromHours(1), Class = StreamClass.Transactional, Attempts = attempts, Category = new Category("network"), IsUncertain = true, Pool = "p" };

        var verdict = new RelayChoice(Table, new RelayLedger()).Decide(asked, Now).Verdict;

        Assert.That(verdict is RelayVerdict.None ? "none" : verdict.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void A_relay_without_quota_left_is_passed_over_until_the_next_day()
    {
        var ledger = new RelayLedger();
        var backup = Table.Find("backup")!;

        Assert.That((ledger.TryTake(backup, Now), ledger.TryTake(backup, Now), ledger.TryTake(backup, Now)), Is.EqualTo((true, true, false)));
        Assert.That(Decide(ledger, StreamClass.Transactional, 20, 1, "ip_block"), Is.EqualTo("none"));
        Assert.That(Decide(ledger, StreamClass.Transactional, 90, 1, "network"), Is.EqualTo("second relays.second.when[0]"));
        Assert.That(Decide(ledger, StreamClass.Transactional, 20, 1, "relay:backup"), Is.EqualTo("wait backup relay.doubt"));

        ledger.GiveBack(backup, 1, Now);
        Assert.That(Decide(ledger, StreamClass.Transactional, 20, 1, "ip_block"), Is.EqualTo("backup relays.backup.when[0]"));
        Assert.That((ledger.TryTake(backup, Now), ledger.TryTake(backup, Now)), Is.EqualTo((true, false)));
        Assert.That((ledger.TryTake(backup, Now.AddHours(14)), ledger.Taken(backup, Now.AddHours(14))), Is.EqualTo((true, 1)), "UTC's next day");
    }

    [Test]
    public void A_paused_relay_is_passed_over_for_that_pool_until_then()
    {
        var ledger = new RelayLedger();
        var backup = Table.Find("backup")!;
        ledger.Pause(backup, "p", Now.AddSeconds(30));

        Assert.That(ledger.IsOpen(backup, "p", Now.AddSeconds(29)), Is.False);
        Assert.That(ledger.IsOpen(backup, "other", Now.AddSeconds(29)), Is.True);
        Assert.That(ledger.IsOpen(backup, "p", Now.AddSeconds(30)), Is.True);
        Assert.That(Decide(ledger, StreamClass.Transactional, 90, 1, "network"), Is.EqualTo("second relays.second.when[0]"));
        Assert.That(Decide(ledger, StreamClass.Transactional, 90, 1, "ip_block"), Is.EqualTo("none"));

        ledger.Pause(backup, RelayLedger.AnyPool, Now.AddSeconds(30));
        Assert.That((ledger.IsOpen(backup, "other", Now), ledger.IsOpen(backup, "other", Now.AddSeconds(30))), Is.EqualTo((false, true)));
    }

    [Test]
    public void Counts_survive_where_they_are_saved_and_their_window_lasts()
    {
        var (before, after) = (new RelayLedger(), new RelayLedger());
        var backup = Table.Find("backup")!;
        before.TryTake(backup, Now);
        before.TryTake(backup, Now);

        after.Restore(before.Capture());

        Assert.That((after.IsOpen(backup, "p", Now), after.IsOpen(backup, "p", Now.AddDays(1))), Is.EqualTo((false, true)));
    }

    [Test]
    public void Each_relay_has_a_limit_of_its_own_unless_one_is_written()
    {
        var options = new EngineOptions
        {
            Relays = new Dictionary<string, RelayOptions> { ["a"] = new() { Rate = new Rate(50, TimeSpan.FromSeconds(1), 50), Connections = 3 }, ["b"] = new() },
            Limits = new Dictionary<string, LimitOptions> { ["relay/b"] = new() { Connections = 1 } },
        };

        var limits = RelayTable.WithLimits(options, options.Limits);

        Assert.That(limits["relay/a"].Match, Is.EqualTo(new Dictionary<LimitDimension, string> { [LimitDimension.Destination] = "relay:a" }));
        Assert.That((limits["relay/a"].Rate, limits["relay/a"].Connections), Is.EqualTo((new Rate(50, TimeSpan.FromSeconds(1), 50), 3)));
        Assert.That((limits.Count, limits["relay/b"].Connections), Is.EqualTo((2, 1)));
    }

    [Test]
    public void The_destination_of_a_relay_keeps_its_number_and_follows_the_configuration()
    {
        var table = new DestinationTable(TimeProvider.System);
        var first = table.Intern(Make("backup", new RelayOptions { Connections = 1 }));
        var second = table.Intern(Make("backup", new RelayOptions { Connections = 2 }));

        Assert.That((second.Id, second.Name, second.Operator), Is.EqualTo((first.Id, "relay:backup", "relay:backup")));
        Assert.That(table.Find(first.Id)!.Relay!.Options.Connections, Is.EqualTo(2));
    }

    private static string Decide(RelayLedger ledger, StreamClass streamClass, int minutes, int attempts, string? category, string? onEmpty = null)
    {
        var asked = new RelayCase
        {
            Age = TimeSpan.FromMinutes(minutes),
            Class = streamClass,
            Attempts = attempts,
            Category = category is null ? default : new Category(category),
            Pool = "p",
            OnEmpty = onEmpty,
        };
        var decision = new RelayChoice(Table, ledger).Decide(asked, Now);
        return decision.Verdict switch
        {
            RelayVerdict.None => "none",
            RelayVerdict.Send => $"{decision.Relay!.Name} {decision.Rule}",
            var other => $"{other.ToString().ToLowerInvariant()} {decision.Relay!.Name} {decision.Rule}",
        };
    }

    private static Relay Make(string name, RelayOptions options) => new(name, new ExchangerHost(0, "relay.example.net", null, 587), options, null);
}
