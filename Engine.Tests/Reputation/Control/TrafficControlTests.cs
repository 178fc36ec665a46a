using System.Text;
using System.Text.Json;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Control;

namespace Engine.Tests.Reputation.Control;

internal sealed class TrafficControlTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private ControlFixture _fixture = new();

    [SetUp]
    public void Begin() => _fixture = new ControlFixture();

    [TestCase("sourceAtProvider", "a")]
    [TestCase("provider", "")]
    [TestCase("domainAtProvider", "shop.example")]
    [TestCase("senderDomainAtProvider", "shop.example")]
    [TestCase("campaignAtProvider", "acme/spring")]
    [TestCase("senderAtProvider", "shop.example")]
    public void A_pause_is_for_the_scope_its_rule_names_and_no_other(string scope, string subject)
    {
        var named = Enum.Parse<FlowScope>(scope, ignoreCase: true);
        _fixture.Bad("policy", CategoryClass.Block, new FlowAction(FlowOperation.Pause, named, Hour, 0, 0));

        Assert.That(_fixture.Control.Of(ControlFixture.Key(named, subject)).PausedUntil, Is.EqualTo(_fixture.Now + Hour));
        Assert.That(_fixture.Changes.Select(change => (change.Kind, change.Rule, change.Until)), Is.EqualTo(new[] { (ControlChangeKind.Paused, "test.policy", (DateTimeOffset?)_fixture.Now + Hour) }));
        Assert.That(_fixture.Control.DescribeAll(_fixture.Now), Has.Count.EqualTo(1));
    }

    [TestCase("setConnections", 3, "c3")]
    [TestCase("setRatePerMinute", 30, "r0.5")]
    [TestCase("setMessagesPerConnection", 2, "m2")]
    [TestCase("learnMessagesPerConnection", 0, "m11")]
    public void A_figure_of_a_rule_holds_for_its_time_and_then_grows_step_by_step(string operation, double value, string expected)
    {
        var action = new FlowAction(Enum.Parse<FlowOperation>(operation, ignoreCase: true), FlowScope.SourceAtProvider, Hour, value, 0);
        _fixture.Observe(_fixture.Of(ObservationKind.Deferred, "a") with
        {
            Category = new Category("session_limit"),
            CategoryClass = CategoryClass.Session,
            Rule = "r",
            Actions = [action],
            MessagesOnConnection = 12,
        });

        Assert.That(Text(), Is.EqualTo(expected));
        _fixture.Good(1_000, Hour - TimeSpan.FromSeconds(2));
        Assert.That(Text(), Is.EqualTo(expected), "before its hour is over");
        _fixture.Good(100, TimeSpan.FromMinutes(3));
        Assert.That(Text(), Is.Not.EqualTo(expected).And.Not.Empty, "a little more after it");
        Assert.That(Number(), Is.LessThanOrEqualTo(1.7 * Number(expected)));
    }

    [Test]
    public void A_bound_learned_loosens_by_one_a_day_and_is_let_go_at_what_is_configured()
    {
        _fixture.Observe(_fixture.Of(ObservationKind.Deferred, "a") with { Category = new Category("session_limit"), CategoryClass = CategoryClass.Session, MessagesOnConnection = 98 });
        var seen = new List<string>();
        for (var day = 0; day < 4; day++)
        {
            seen.Add(Text());
            _fixture.Pass(TimeSpan.FromHours(24.1));
        }

        Assert.That(seen, Is.EqualTo(new[] { "m97", "m98", "m99", string.Empty }));
    }

    [Test]
    public void Recipients_per_transaction_are_learned_from_the_refusal()
    {
        _fixture.Observe(_fixture.Of(ObservationKind.Deferred, "a") with
        {
            Category = new Category("rcpt_limit"),
            CategoryClass = CategoryClass.Session,
            Command = SmtpCommand.Rcpt,
            RecipientsInTransaction = 50,
            Rule = "r",
        });

        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SourceAtProvider, "a")).RecipientsPerTransaction, Is.EqualTo(50));
        Assert.That(_fixture.Control.ShareOf("a", "big"), Is.EqualTo(SourceShare.Full));
    }

    [Test]
    public void A_transaction_of_one_recipient_teaches_no_bound()
    {
        _fixture.Observe(_fixture.Of(ObservationKind.Deferred, "a") with
        {
            Category = new Category("rcpt_limit"),
            CategoryClass = CategoryClass.Session,
            Command = SmtpCommand.Rcpt,
            RecipientsInTransaction = 1,
            Rule = "r",
        });

        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SourceAtProvider, "a")).RecipientsPerTransaction, Is.Null);
    }

    [Test]
    public void An_action_may_wait_for_more_matches_within_the_hour()
    {
        var action = new FlowAction(FlowOperation.Pause, FlowScope.Provider, Hour, 0, 3);
        _fixture.Bad("server_busy", CategoryClass.Soft, action);
        _fixture.Pass(TimeSpan.FromMinutes(40));
        _fixture.Bad("server_busy", CategoryClass.Soft, action);
        _fixture.Pass(TimeSpan.FromMinutes(30));
        _fixture.Bad("server_busy", CategoryClass.Soft, action);
        Assert.That(_fixture.Changes, Is.Empty, "the first is older than an hour");

        _fixture.Bad("server_busy", CategoryClass.Soft, action);
        Assert.That(_fixture.Changes.Select(change => change.Kind), Is.EqualTo(new[] { ControlChangeKind.Paused }));
    }

    [TestCase("requireTls")]
    [TestCase("forceIpv4")]
    [TestCase("recheckBlocklists")]
    public void What_others_must_do_is_asked_once(string operation)
    {
        var action = new FlowAction(Enum.Parse<FlowOperation>(operation, ignoreCase: true), FlowScope.Provider, Hour, 1, 0);
        _fixture.Bad("tls_required", CategoryClass.Config, action);
        _fixture.Bad("tls_required", CategoryClass.Config, action);
        _fixture.Pass(Hour + TimeSpan.FromMinutes(1));
        _fixture.Bad("tls_required", CategoryClass.Config, action);

        Assert.That(_fixture.Changes.Select(change => (change.Kind, change.Request?.Operation)), Is.EqualTo(Enumerable.Repeat((ControlChangeKind.Requested, (FlowOperation?)action.Operation), 2)));
    }

    [TestCase("ip_block")]
    [TestCase("blocklist_ip")]
    [TestCase("reputation_ip")]
    public void A_block_whose_rule_names_no_action_pauses_an_hour_then_two_and_at_most_a_day(string category)
    {
        var lengths = new List<TimeSpan>();
        for (var block = 0; block < 7; block++)
        {
            _fixture.Bad(category, CategoryClass.Reputation);
            var until = _fixture.Control.Of(ControlFixture.Key(FlowScope.SourceAtProvider, "a")).PausedUntil;
            lengths.Add(until - _fixture.Now);
            _fixture.Bad(category, CategoryClass.Reputation);
            _fixture.Pass(until - _fixture.Now + TimeSpan.FromSeconds(10));
        }

        Assert.That(lengths.Select(length => length.TotalHours), Is.EqualTo(new[] { 1, 2, 4, 8, 16, 24, 24 }));
        Assert.That(_fixture.Changes.Exists(change => change.Event is EventKind.SourceQuarantined));
    }

    [Test]
    public void A_rate_of_the_sender_domain_slows_the_domain_and_no_source()
    {
        _fixture.Good(200, TimeSpan.FromSeconds(20));
        for (var refused = 0; refused < 20; refused++)
        {
            _fixture.Bad("rate_domain", CategoryClass.Throttle);
            _fixture.Pass(TimeSpan.FromSeconds(0.2));
        }

        Assert.That(_fixture.Changes.Select(change => change.Key).Distinct(), Is.EqualTo(new[] { ControlFixture.Key(FlowScope.SenderDomainAtProvider, "shop.example") }));
        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SenderDomainAtProvider, "shop.example")).PausedUntil, Is.GreaterThan(_fixture.Now));
    }

    [Test]
    public void A_configured_rate_is_where_control_lets_go()
    {
        _fixture.Rate = 2;
        _fixture.Bad("complaints", CategoryClass.Reputation, new FlowAction(FlowOperation.SetRatePerMinute, FlowScope.SourceAtProvider, TimeSpan.FromMinutes(1), 60, 0));
        Assert.That(Text(), Is.EqualTo("r1"));
        _fixture.Good(3_600, TimeSpan.FromMinutes(40));

        Assert.That(Text(), Is.Empty);
    }

    [Test]
    public void Other_options_take_effect_and_forget_nothing()
    {
        _fixture.Bad("policy", CategoryClass.Block, new FlowAction(FlowOperation.Pause, FlowScope.Provider, Hour, 0, 0));
        _fixture.Control.Load(new ControlOptions { BlockPause = TimeSpan.FromMinutes(7) });
        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.Provider, string.Empty)).PausedUntil, Is.EqualTo(_fixture.Now + Hour));

        _fixture.Bad("ip_block", CategoryClass.Reputation);
        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SourceAtProvider, "a")).PausedUntil, Is.EqualTo(_fixture.Now + TimeSpan.FromMinutes(7)));
    }

    [Test]
    public void The_version_goes_up_when_and_only_when_something_changed()
    {
        var before = _fixture.Control.Version;
        _fixture.Good(100, TimeSpan.FromSeconds(10));
        Assert.That(_fixture.Control.Version, Is.EqualTo(before));

        _fixture.Bad("ip_block", CategoryClass.Reputation);
        Assert.That(_fixture.Control.Version, Is.GreaterThan(before));
    }

    [Test]
    public void What_binds_a_key_is_told_with_rule_times_and_samples()
    {
        _fixture.Good(30, TimeSpan.FromSeconds(30));
        _fixture.Bad("ip_block", CategoryClass.Reputation);
        var report = _fixture.Control.Describe(ControlFixture.Key(FlowScope.SourceAtProvider, "a"), _fixture.Now)!;

        Assert.That((report.Binding, report.Until, report.Allowance.Rule, report.Allowance.Since, report.Good), Is.EqualTo(("paused", (DateTimeOffset?)_fixture.Now + Hour, "test.ip_block", _fixture.Now, 30)));
        Assert.That(_fixture.Control.Describe(ControlFixture.Key(FlowScope.SourceAtProvider, "nobody"), _fixture.Now), Is.Null);
    }

    [Test]
    public void What_is_saved_is_taken_up_whole()
    {
        _fixture.Good(200, TimeSpan.FromSeconds(20));
        _fixture.Bad("ip_block", CategoryClass.Reputation);
        _fixture.Bad("policy", CategoryClass.Block, new FlowAction(FlowOperation.Pause, FlowScope.CampaignAtProvider, Hour, 0, 0));
        foreach (var receiver in new[] { "one", "two", "three" })
        {
            _fixture.Observe(_fixture.Of(ObservationKind.Delivered, "a") with { Operator = receiver });
            _fixture.Complain(receiver, new FlowAction(FlowOperation.SetRatePerMinute, FlowScope.Source, Hour, 6, 0));
        }

        _fixture.Bad("session_limit", CategoryClass.Session, new FlowAction(FlowOperation.SetMessagesPerConnection, FlowScope.Provider, Hour, 2, 0));
        var other = Reload(Saved(_fixture), _fixture.Now + TimeSpan.FromMinutes(5));

        foreach (var key in new[] { ControlFixture.Key(FlowScope.SourceAtProvider, "a"), ControlFixture.Key(FlowScope.CampaignAtProvider, "acme/spring"), ControlFixture.Key(FlowScope.Source, "a"), ControlFixture.Key(FlowScope.Provider, string.Empty) })
        {
            Assert.That(other.Of(key), Is.EqualTo(_fixture.Control.Of(key)).And.Not.EqualTo(_fixture.Control.Of(default)), key.ToString());
        }

        Assert.That(other.ShareOf("a", "big"), Is.EqualTo(new SourceShare(0, SourceState.Stopped)));
    }

    [Test]
    public void What_was_idle_for_a_fortnight_is_forgotten()
    {
        _fixture.Bad("session_limit", CategoryClass.Session, new FlowAction(FlowOperation.SetMessagesPerConnection, FlowScope.Provider, Hour, 2, 0));

        Assert.That(Reload(Saved(_fixture), _fixture.Now + TimeSpan.FromDays(15)).DescribeAll(_fixture.Now), Is.Empty);
        Assert.That(Reload(Saved(_fixture), _fixture.Now + TimeSpan.FromDays(13)).DescribeAll(_fixture.Now), Is.Not.Empty);
    }

    [TestCase("{", typeof(JsonException))]
    [TestCase("null", typeof(JsonException))]
    [TestCase("{\"version\":2,\"at\":\"2026-11-22T12:00:00+00:00\",\"paces\":[],\"sources\":[]}", typeof(InvalidDataException))]
    public void A_state_that_cannot_be_read_is_refused(string text, Type expected) =>
        Assert.That(() => Reload(Encoding.UTF8.GetBytes(text), _fixture.Now), Throws.InstanceOf(expected));

    [Test]
    public void A_good_reply_allocates_nothing()
    {
        var observation = _fixture.Of(ObservationKind.Delivered, "a");
        var changes = new List<ControlChange>();
        for (var sent = 0; sent < 1_000; sent++)
        {
            _fixture.Control.Observe(observation with { At = _fixture.Now.AddSeconds(sent) }, changes);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var sent = 0; sent < 1_000; sent++)
        {
            _fixture.Control.Observe(observation with { At = _fixture.Now.AddSeconds(1_000 + sent) }, changes);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static byte[] Saved(ControlFixture fixture)
    {
        using var stream = new MemoryStream();
        fixture.Control.Save(stream, fixture.Now);
        return stream.ToArray();
    }

    private static TrafficControl Reload(byte[] saved, DateTimeOffset now)
    {
        var control = new ControlFixture().Control;
        using var stream = new MemoryStream(saved);
        control.Load(stream, now);
        return control;
    }

    private double Number() => Number(Text());

    private static double Number(string text) => double.Parse(text[1..], System.Globalization.CultureInfo.InvariantCulture);

    private string Text()
    {
        var allowance = _fixture.Control.Of(ControlFixture.Key(FlowScope.SourceAtProvider, "a"));
        return FormattableString.Invariant($"{allowance.RatePerSecond:'r'0.##}{allowance.Connections:'c'0}{allowance.MessagesPerConnection:'m'0}");
    }
}
