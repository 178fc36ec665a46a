using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Brakes;
using Engine.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Daemon;

/// <summary>News in, overrides and events out, in virtual time; with restarts.</summary>
internal sealed class SenderPartsTests : IEvents
{
    private readonly ConcurrentQueue<Event> _told = new();
    private ManualClock _clock = null!;
    private TemporaryDirectory _directory = null!;
    private Overrides _overrides = null!;
    private SourceMap _sources = null!;
    private SenderParts _parts = null!;
    private List<BrakeDecision> _decisions = null!;
    private int _moves;

    public void Write(in Event line) => _told.Enqueue(line);

    [SetUp]
    public void Begin()
    {
        _told.Clear();
        (_clock, _moves) = (new ManualClock(), 0);
        _directory = new TemporaryDirectory();
        Start();
    }

    [TearDown]
    public void End()
    {
        _overrides.Dispose();
        _directory.Dispose();
    }

    [Test]
    public void A_campaign_over_its_threshold_is_paused_by_an_override_and_told()
    {
        Complain("spring", 10_000, 10);
        Assert.That(Told(), Is.EqualTo(new[] { "Alert brakes/complaint spring", "Alert brakes/complaint " }));

        Complain("spring", 0, 20);
        Assert.That(_overrides.Find(OverrideKey.PauseCampaign("acme", "spring")), Has.Property("Who").EqualTo("brakes").And.Property("Value").EqualTo("true").And.Property("Until").Null);
        Assert.That(Told(), Is.EqualTo(new[] { "CampaignPaused brakes/complaint spring" }));
        Assert.That(PauseTable.Of(Snapshot(), _overrides.List()).Holds(new Flow(StreamClass.Marketing, "acme", "news", "spring", default, string.Empty), "bulk"));
    }

    [Test]
    public void An_account_is_paused_for_the_braked_class_alone()
    {
        Complain("spring", 1_000, 10);
        Complain("summer", 1_000, 10);

        Assert.That(_overrides.Find(OverrideKey.PauseAccount("acme"))?.Value, Is.EqualTo("marketing"));
        Assert.That(Told(), Does.Contain("AccountPaused brakes/complaint "));
        Assert.That(PauseTable.Of(Snapshot(), _overrides.List()).Holds(new Flow(StreamClass.Transactional, "acme", "otp", string.Empty, default, string.Empty), "tx"), Is.False);
    }

    [Test]
    public void An_operators_pause_is_left_as_it_is()
    {
        _overrides.Add(OverrideKey.PauseCampaign("acme", "spring"), "true", "operator", "holiday");
        Complain("spring", 1_000, 10);

        Assert.That(_overrides.Find(OverrideKey.PauseCampaign("acme", "spring"))?.Who, Is.EqualTo("operator"));
    }

    [Test]
    public void A_resume_forgives_and_a_restart_keeps_the_pause()
    {
        Complain("spring", 1_000, 10);
        Restart();
        Assert.That(_overrides.Find(OverrideKey.PauseCampaign("acme", "spring")), Is.Not.Null);
        Complain("spring", 0, 10);
        Told();

        _overrides.Remove(OverrideKey.PauseCampaign("acme", "spring"));
        Complain("spring", 1_000, 0);
        Complain("spring", 0, 1);
        Assert.That(_overrides.List(), Is.Empty, "not paused again for what was forgiven");
        Assert.That(Told(), Is.Empty);

        Complain("spring", 0, 9);
        Assert.That(_overrides.Find(OverrideKey.PauseCampaign("acme", "spring")), Is.Not.Null, "new facts count");
    }

    [Test]
    public void A_pause_that_ended_while_the_engine_was_down_is_forgiven()
    {
        Complain("spring", 1_000, 10);
        Restart(() => _overrides.Remove(OverrideKey.PauseCampaign("acme", "spring")));
        _parts.Reconcile();

        Assert.That(_parts.Watch.Brakes(_clock.GetUtcNow()).Where(one => one.Complaints > 0), Is.Empty);
    }

    [Test]
    public void A_pause_with_an_end_is_forgiven_at_its_end()
    {
        _overrides.Changed += _parts.LoadOverrides;
        Complain("spring", 1_000, 10);
        _overrides.Add(OverrideKey.PauseCampaign("acme", "spring"), "true", "operator", "look again later", TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.That(_parts.Watch.Brakes(_clock.GetUtcNow()).Where(one => one.Complaints > 0), Is.Empty);
    }

    [Test]
    public void A_bad_sender_is_isolated_and_comes_back()
    {
        Spoil("acme");
        Judge();
        Assert.That(_overrides.Find(OverrideKey.IsolateAccount("acme")), Has.Property("Value").EqualTo("apart").And.Property("Who").EqualTo("score"));
        Assert.That(_sources.PoolFor("bulk", StreamClass.Marketing, "acme")?.Name, Is.EqualTo("apart"));
        Assert.That(_moves, Is.EqualTo(1));
        Assert.That(Told().Where(one => one.Contains("score", StringComparison.Ordinal)), Is.EqualTo(new[] { "Alert score/isolate " }));

        _clock.Advance(TimeSpan.FromDays(8));
        Judge();
        Assert.That(_overrides.Find(OverrideKey.IsolateAccount("acme")), Is.Null);
        Assert.That(_sources.PoolFor("bulk", StreamClass.Marketing, "acme")?.Name, Is.EqualTo("bulk"));
        Assert.That((_moves, Told()[^1]), Is.EqualTo((2, "Alert score/restore ")));
        Spoil("acme");
        Judge();
        Assert.That(_overrides.Find(OverrideKey.IsolateAccount("acme")), Is.Not.Null, "what the score undid itself it may do again");
    }

    [Test]
    public void An_operator_takes_an_isolation_back_for_a_day_over_a_restart_too()
    {
        Spoil("acme");
        Judge();
        _overrides.Remove(OverrideKey.IsolateAccount("acme"));
        Assert.That(_sources.Isolated, Is.Empty);
        Restart();
        _clock.Advance(TimeSpan.FromHours(23));
        Judge();
        Assert.That(_overrides.Find(OverrideKey.IsolateAccount("acme")), Is.Null);

        _clock.Advance(TimeSpan.FromHours(1));
        Judge();
        Assert.That(_overrides.Find(OverrideKey.IsolateAccount("acme")), Is.Not.Null);
    }

    [Test]
    public async Task The_loops_carry_out_what_is_decided()
    {
        using var stop = new CancellationTokenSource();
        var paused = new TaskCompletionSource();
        var isolated = new TaskCompletionSource();
        _overrides.Changed += () =>
        {
            if (_overrides.Find(OverrideKey.PauseCampaign("acme", "spring")) is not null)
            {
                paused.TrySetResult();
            }

            if (_overrides.Find(OverrideKey.IsolateAccount("acme")) is not null)
            {
                isolated.TrySetResult();
            }
        };
        var running = _parts.RunAsync(stop.Token);
        Spoil("acme");
        await paused.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await isolated.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await running;
    }

    [Test]
    public void Engaged_recipients_are_known_after_a_restart()
    {
        _parts.Engagement.Mark(Mailbox.Parse("ann@example.com"), _clock.GetUtcNow(), _clock.GetUtcNow());
        Restart();

        Assert.That(_parts.EngagementOf(Mailbox.Parse("ann@example.com")), Is.EqualTo(Engagement.High));
        Assert.That(_parts.EngagementOf(Mailbox.Parse("bob@example.com")), Is.Null);
    }

    private static Snapshot Snapshot() => new(new EngineOptions
    {
        Hostname = "mta1.example.com",
        Accounts = new Dictionary<string, AccountOptions> { ["acme"] = new() },
        Sources = new Dictionary<string, SourceOptions> { ["a"] = new() { Address = "192.0.2.1" }, ["b"] = new() { Address = "192.0.2.2" } },
        Pools = new Dictionary<string, PoolOptions>
        {
            ["apart"] = new() { Sources = new Dictionary<string, int> { ["a"] = 1 } },
            ["bulk"] = new() { Sources = new Dictionary<string, int> { ["b"] = 1 } },
        },
        Score = new ScoreOptions { IsolateTo = "apart" },
    });

    private void Start()
    {
        var current = new CurrentSnapshot(Snapshot());
        _overrides = new Overrides(_directory["overrides"], _clock);
        _sources = new SourceMap(current.Value);
        _parts = new SenderParts(current, _sources, _overrides, this, address => new AddressDigest((ulong)address.Local[0] << 40, 7), _clock, NullLoggerFactory.Instance);
        foreach (var state in _parts.States.Where(state => File.Exists(_directory[state.Name])))
        {
            state.Load(_directory[state.Name]);
        }

        _decisions = [];
        _parts.Watch.Decided += _decisions.Add;
        _parts.Moved += () => _moves++;
        _overrides.Changed += _parts.LoadOverrides;
    }

    private void Restart(Action? meanwhile = null)
    {
        foreach (var state in _parts.States)
        {
            state.Save(_directory[state.Name]);
        }

        _overrides.Changed -= _parts.LoadOverrides;
        meanwhile?.Invoke();
        _overrides.Dispose();
        Start();
    }

    private string[] Told()
    {
        string[] told = [.. _told.Select(one => $"{one.Kind} {one.Rule} {one.Campaign}")];
        _told.Clear();
        return told;
    }

    private void Judge()
    {
        foreach (var decision in _parts.Watch.Judge(_clock.GetUtcNow()))
        {
            _parts.Apply(decision);
        }
    }

    private void Spoil(string account)
    {
        Hear(account, "spring", SenderNewsKind.Delivered, 8_000);
        Hear(account, "spring", SenderNewsKind.HardBounced, 2_000);
        Hear(account, "spring", SenderNewsKind.Complained, 100);
    }

    private void Complain(string campaign, int delivered, int complaints)
    {
        Hear("acme", campaign, SenderNewsKind.Delivered, delivered);
        Hear("acme", campaign, SenderNewsKind.Complained, complaints);
        foreach (var decision in _decisions)
        {
            _parts.Apply(decision);
        }

        _decisions.Clear();
    }

    private void Hear(string account, string campaign, SenderNewsKind kind, int times)
    {
        for (var time = 0; time < times; time++)
        {
            _parts.Watch.Heard(new SenderNews { Kind = kind, Account = account, Stream = "news", Campaign = campaign, Class = StreamClass.Marketing, At = _clock.GetUtcNow() });
        }
    }
}
