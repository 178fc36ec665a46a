using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Control;

namespace Engine.Tests.Reputation.Control;

/// <summary>After trouble everything comes to rest and is forgotten: memory, ticks and saves are bounded.</summary>
internal sealed class RestTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly FlowScope[] Scopes = [FlowScope.SourceAtProvider, FlowScope.Provider, FlowScope.Source, FlowScope.SenderDomainAtProvider, FlowScope.CampaignAtProvider];

    private ControlFixture _fixture = new();

    private static IEnumerable<TestCaseData> Troubles() =>
        from scope in Scopes
        from operation in new[] { FlowOperation.Pause, FlowOperation.SingleConnectionRecovery, FlowOperation.ScaleConnections, FlowOperation.ScaleRate, FlowOperation.SetConnections, FlowOperation.SetRatePerMinute }
        select new TestCaseData(operation, scope).SetArgDisplayNames($"{operation} {scope}");

    [SetUp]
    public void Begin() => _fixture = new ControlFixture();

    [TestCaseSource(nameof(Troubles))]
    public void After_trouble_everything_is_let_go_and_forgotten(object operation, object scope)
    {
        var action = new FlowAction((FlowOperation)operation, (FlowScope)scope, Hour, 0.5, 0);
        foreach (var receiver in new[] { "one", "two", "three" })
        {
            _fixture.Observe(_fixture.Of(ObservationKind.Delivered, "a") with { Operator = receiver });
            _fixture.Complain(receiver, action);
            _fixture.Complain(receiver, action);
        }

        Rest(TimeSpan.FromDays(3));
        Assert.That(_fixture.Control.Keys, Is.Zero);
        Assert.That(_fixture.Control.DescribeAll(_fixture.Now), Is.Empty);
        Assert.That(Saved(), Does.Contain("\"paces\":[]"));
    }

    [Test]
    public void With_traffic_too_a_recovery_ends()
    {
        _fixture.Bad("rate_ip", CategoryClass.Throttle, new FlowAction(FlowOperation.Pause, FlowScope.Provider, Hour, 0, 0), new FlowAction(FlowOperation.SingleConnectionRecovery, FlowScope.Provider, Hour, 0, 0));
        _fixture.Pass(Hour);
        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.Provider, string.Empty)).Connections, Is.EqualTo(1));
        _fixture.Good(7_200, 2 * Hour);

        Assert.That(_fixture.Control.DescribeAll(_fixture.Now), Is.Empty);
    }

    [Test]
    public void A_pause_of_what_has_no_connections_configured_sets_none()
    {
        _fixture.Bad("policy", CategoryClass.Block, new FlowAction(FlowOperation.Pause, FlowScope.SenderDomainAtProvider, Hour, 0, 0));
        _fixture.Pass(Hour + TimeSpan.FromSeconds(2));

        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SenderDomainAtProvider, "shop.example")), Is.EqualTo(_fixture.Control.Of(default)));
    }

    [Test]
    public void A_receiver_that_never_answered_is_held_and_forgotten_when_nothing_is_sent_there()
    {
        for (var sent = 0; sent < 200; sent++)
        {
            Lose("dead.example");
            _fixture.Pass(TimeSpan.FromSeconds(0.1));
        }

        Assert.That(_fixture.Control.Of(new ControlKey(FlowScope.Provider, "dead.example", string.Empty)).PausedUntil, Is.GreaterThan(_fixture.Now));
        Rest(TimeSpan.FromHours(2));
        Assert.That(_fixture.Control.Keys, Is.Zero);
    }

    [Test]
    public void A_learned_bound_is_forgotten_a_fortnight_after_the_last_mail()
    {
        _fixture.Observe(_fixture.Of(ObservationKind.Deferred, "a") with { Category = new Category("rcpt_limit"), CategoryClass = CategoryClass.Session, RecipientsInTransaction = 5 });
        Rest(TimeSpan.FromDays(13));
        Assert.That(_fixture.Control.Keys, Is.EqualTo(1));
        Rest(TimeSpan.FromDays(2));
        Assert.That(_fixture.Control.Keys, Is.Zero);
        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SourceAtProvider, "a")), Is.EqualTo(_fixture.Control.Of(default)));
    }

    [Test]
    public void Of_one_receiver_no_more_than_ten_thousand_sender_domains_are_held_and_the_oldest_go()
    {
        for (var number = 0; number < 10_500; number++)
        {
            _fixture.Observe(_fixture.Of(ObservationKind.Deferred, "a") with
            {
                At = _fixture.Now.AddMilliseconds(number),
                SenderDomain = $"d{number}.example",
                Category = new Category("policy"),
                CategoryClass = CategoryClass.Block,
                Rule = "r",
                Actions = [new FlowAction(FlowOperation.Pause, FlowScope.SenderDomainAtProvider, 24 * Hour, 0, 0)],
            });
        }

        _fixture.Pass(TimeSpan.FromSeconds(11));
        Assert.That(_fixture.Control.DescribeAll(_fixture.Now).Count(report => report.Key.Scope is FlowScope.SenderDomainAtProvider), Is.EqualTo(9_000));
        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SenderDomainAtProvider, "d0.example")), Is.EqualTo(_fixture.Control.Of(default)));
        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SenderDomainAtProvider, "d10499.example")).PausedUntil, Is.GreaterThan(_fixture.Now));
        Assert.That(_fixture.Changes[^1], Has.Property("Kind").EqualTo(ControlChangeKind.Raised), "so that the limit is let go");
    }

    // Thirty dead domains on a list, two live ones; one of these refuses source a for its bad name.
    [Test]
    public void A_list_of_dead_domains_is_no_trouble_of_ours_and_clears_nobody()
    {
        for (var sent = 0; sent < 200; sent++)
        {
            Lose($"dead{sent % 30}.example");
            _fixture.Observe(_fixture.Of(ObservationKind.Delivered, "b"));
            _fixture.Observe(_fixture.Of(ObservationKind.Delivered, "a") with { Operator = "other" });
            _fixture.Bad("complaints", CategoryClass.Reputation);
            _fixture.Pass(TimeSpan.FromSeconds(0.2));
        }

        Assert.That(_fixture.Control.IsLocalTrouble, Is.False);
        Assert.That(_fixture.Control.ShareOf("a", "big").State, Is.EqualTo(SourceState.Stopped));
    }

    [Test]
    public void Receivers_that_answered_hours_ago_and_are_all_lost_now_are_our_own_trouble_and_what_was_said_stands()
    {
        for (var number = 0; number < 30; number++)
        {
            _fixture.Observe(_fixture.Of(ObservationKind.Delivered, "a") with { Operator = $"d{number}.example" });
        }

        Rest(TimeSpan.FromHours(2));
        _fixture.Bad("reputation_ip", CategoryClass.Reputation);
        Assert.That(_fixture.Control.ShareOf("a", "big").State, Is.EqualTo(SourceState.Stopped));
        for (var second = 0; second < 60; second++)
        {
            Lose($"d{second % 30}.example");
            _fixture.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.That(_fixture.Control.IsLocalTrouble);
        Assert.That(_fixture.Control.ShareOf("a", "big").State, Is.EqualTo(SourceState.Stopped));
        Assert.That(_fixture.Control.Of(ControlFixture.Key(FlowScope.SourceAtProvider, "a")).PausedUntil, Is.GreaterThan(_fixture.Now));
    }

    private void Lose(string receiver) => _fixture.Observe(_fixture.Of(ObservationKind.Unreachable, "a") with { Operator = receiver, Category = new Category("network"), CategoryClass = CategoryClass.Soft });

    // Ticks each half minute: days pass fast.
    private void Rest(TimeSpan span) => _fixture.Pass(span, TimeSpan.FromSeconds(30));

    private string Saved()
    {
        using var stream = new MemoryStream();
        _fixture.Control.Save(stream, _fixture.Now);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
