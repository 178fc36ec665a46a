using Engine.Configuration;
using Engine.Dkim;
using Engine.Mail;
using Engine.Preflight;
using Engine.Preflight.Gate;
using Engine.Tests.Dns;
using Engine.Tests.Submission;

namespace Engine.Tests.Preflight.Gate;

/// <summary>The hourly checks and the gate over records of a test, in a time that is moved by hand.</summary>
internal sealed class DomainWatchTests : IDisposable
{
    private readonly RestingClock _clock = new();
    private readonly CollectedEvents _events = new();
    private readonly LineLogger _log = new();
    private readonly RecordTable _dns = new RecordTable().Publish("acme.example").Publish("other.example");
    private readonly CancellationTokenSource _stop = new();
    private VerifyTerms _terms = Terms(VerifyLevel.Required);
    private readonly SemaphoreSlim _checked = new(0);
    private CheckRoster _roster;
    private DomainGate _gate;
    private DomainWatch _watch;
    private Task _running = Task.CompletedTask;
    private Task _held = Task.CompletedTask;

    public DomainWatchTests() => (_roster, _gate, _watch) = Make();

    [Test]
    public async Task A_domain_is_paused_after_the_grace_and_free_at_the_first_good_check()
    {
        _roster.Load(_terms);
        Begin();
        await CheckedAsync(1);
        _dns.Drop("s1._domainkey.acme.example");
        await _clock.PassAsync(TimeSpan.FromHours(6));
        var paused = _gate.Paused.Keys.Select(domain => domain.Name).ToArray();
        _dns.Txt("s1._domainkey.acme.example", DkimRecord.For(Subjects.Key("acme.example")).Text);
        await _clock.PassAsync(TimeSpan.FromMinutes(15));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(paused, Is.EqualTo(new[] { "acme.example" }));
            Assert.That(_gate.Paused, Is.Empty);
            Assert.That(_events.All.Select(one => one.Rule), Is.EqualTo(new[] { "domain/paused", "domain/mended" }));
            Assert.That(_log.Lines, Has.Count.EqualTo(1).And.All.StartsWith("Warning DNS contradicts acme.example: s1._domainkey.acme.example: no key record; paused when it stays so for 04:00:00"));
        }
    }

    [Test]
    public async Task A_contradiction_that_ends_within_the_grace_is_listed_and_logged_but_alerts_nobody()
    {
        _roster.Load(_terms);
        Begin();
        await CheckedAsync(1);
        _dns.Drop("s1._domainkey.acme.example");
        await _clock.PassAsync(TimeSpan.FromHours(3));
        var listed = GateMeter.WordOf(_gate.Find(DomainName.Parse("acme.example"))!);
        _dns.Txt("s1._domainkey.acme.example", DkimRecord.For(Subjects.Key("acme.example")).Text);
        await _clock.PassAsync(TimeSpan.FromMinutes(15));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listed, Is.EqualTo("contradicted"));
            Assert.That(_events.All, Is.Empty);
            Assert.That(_log.Lines.Select(line => line.Split(' ')[0]), Is.EqualTo(new[] { "Warning", "Information" }));
        }
    }

    [Test]
    public async Task Under_advise_one_alert_follows_the_grace_and_one_the_end()
    {
        _terms = Terms(VerifyLevel.Advise);
        _roster.Load(_terms);
        Begin();
        await CheckedAsync(1);
        _dns.Drop("s1._domainkey.acme.example");
        await _clock.PassAsync(TimeSpan.FromHours(3));
        var early = _events.All.Count;
        await _clock.PassAsync(TimeSpan.FromHours(9));
        var held = _gate.Paused.Count;
        _dns.Txt("s1._domainkey.acme.example", DkimRecord.For(Subjects.Key("acme.example")).Text);
        await _clock.PassAsync(TimeSpan.FromMinutes(15));

        Assert.That((early, held), Is.EqualTo((0, 0)));
        Assert.That(_events.All.Select(one => one.Rule), Is.EqualTo(new[] { "domain/contradiction", "domain/mended" }));
    }

    [Test]
    public void Only_other_paused_domains_are_a_change_not_another_reason()
    {
        var changes = 0;
        _gate.Changed += () => changes++;
        var terms = new VerifyOptions { Grace = TimeSpan.Zero };
        Record("acme.example", GateEvidence.Contradiction, "no key record");
        Record("acme.example", GateEvidence.Contradiction, "another key");
        var reason = _gate.Paused[DomainName.Parse("acme.example")];
        var after = changes;
        Record("other.example", GateEvidence.Contradiction, "no key record");
        Record("acme.example", GateEvidence.Good, string.Empty);
        Record("acme.example", GateEvidence.Good, string.Empty);

        Assert.That((reason, after, changes), Is.EqualTo(("s1: another key", 1, 3)));

        void Record(string domain, GateEvidence evidence, string why) =>
            _gate.Record(new DomainReport(DomainName.Parse(domain), [new DomainFinding(CheckTopic.Dkim, evidence is GateEvidence.Good ? FindingState.Good : FindingState.Wrong, "s1", why) { IsRequired = true }], 1), terms);
    }

    [Test]
    public async Task A_resolver_that_falls_silent_neither_pauses_nor_frees()
    {
        _roster.Load(_terms);
        Begin();
        await CheckedAsync(1);
        _dns.Silent("*");
        await _clock.PassAsync(TimeSpan.FromHours(30));
        var inSilence = _gate.Paused.Count;
        _dns.Speak();
        _dns.Drop("s1._domainkey.acme.example");
        await _clock.PassAsync(TimeSpan.FromHours(6));
        _dns.Silent("*");
        await _clock.PassAsync(TimeSpan.FromHours(6));

        Assert.That((inSilence, _gate.Paused.Count), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_pause_outlives_a_restart()
    {
        _roster.Load(_terms);
        Begin();
        await CheckedAsync(1);
        _dns.Drop("s1._domainkey.acme.example");
        await _clock.PassAsync(TimeSpan.FromHours(6));
        using var file = new MemoryStream();
        _gate.Save(file);
        var before = _gate.Find(DomainName.Parse("acme.example"));
        await EndAsync();
        (_roster, _gate, _watch) = Make();
        file.Position = 0;
        _gate.Restore(file);

        Assert.That(_gate.Find(DomainName.Parse("acme.example")), Is.EqualTo(before));
        Assert.That(_gate.Paused, Contains.Key(DomainName.Parse("acme.example")));
    }

    [Test]
    public async Task Who_sends_is_checked_and_forgotten_a_day_after_the_last_mail()
    {
        _roster.Load(_terms);
        Begin();
        _roster.Note(DomainName.Parse("other.example"));
        await CheckedAsync(2);
        var known = _gate.Find(DomainName.Parse("other.example"))?.Last;
        await _clock.PassAsync(TimeSpan.FromHours(26));

        Assert.That((known, _roster.Count, _gate.Find(DomainName.Parse("other.example"))), Is.EqualTo((GateEvidence.Good, 1, (DomainStanding?)null)));
    }

    [Test]
    public async Task The_only_domain_is_checked_again_though_its_check_took_its_time()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = held.Task;
        _roster.Load(_terms);
        Begin();
        held.SetResult();
        await CheckedAsync(1);
        await _clock.PassAsync(TimeSpan.FromHours(2));

        Assert.That(_dns.Asked.Count(question => question == "Txt s1._domainkey.acme.example"), Is.GreaterThanOrEqualTo(2));
    }

    [Test]
    public async Task Good_domains_are_asked_once_an_hour_or_so()
    {
        _roster.Load(_terms);
        Begin();
        await CheckedAsync(1);
        await _clock.PassAsync(TimeSpan.FromHours(24));

        Assert.That(_dns.Asked.Count(question => question == "Txt s1._domainkey.acme.example"), Is.InRange(22, 27));
    }

    [Test]
    public void The_roster_is_bounded()
    {
        for (var at = 0; at < CheckRoster.Most + 10; at++)
        {
            _roster.Note(DomainName.Parse($"n{at}.example"));
        }

        Assert.That(_roster.Count, Is.EqualTo(CheckRoster.Most));
    }

    [Test]
    public void A_damaged_file_is_told() => Assert.That(() => _gate.Restore(new MemoryStream("{\"Domain\":\"a..b\"}"u8.ToArray())), Throws.InstanceOf<FormatException>());

    public void Dispose()
    {
        _stop.Cancel();
        _watch.Dispose();
        _stop.Dispose();
        _checked.Dispose();
    }

    [TearDown]
    public Task EndAsync() => EndRunAsync();

    private static VerifyTerms Terms(VerifyLevel level) => new(new EngineOptions
    {
        Domains = new Dictionary<string, DomainOptions>
        {
            ["*"] = new() { Verify = new VerifyOptions { Level = level, Grace = TimeSpan.FromHours(4) } },
            ["acme.example"] = new(),
        },
    });

    private (CheckRoster Roster, DomainGate Gate, DomainWatch Watch) Make()
    {
        var checker = new DomainChecker(_ => _dns, _clock);
        var roster = new CheckRoster(new Random(1), _clock);
        var gate = new DomainGate(_events, _clock, _log);
        var watch = new DomainWatch(roster, gate, () => _terms, CheckAsync, _clock);
        return (roster, gate, watch);

        async Task<DomainReport> CheckAsync(DomainName domain, CancellationToken stop)
        {
            await _held;
            var report = await checker.CheckGateAsync(Subjects.Of(domain.Name, Subjects.Key(domain.Name)), stop);
            _checked.Release();
            return report;
        }
    }

    private void Begin() => _running = _watch.RunAsync(_stop.Token);

    private async Task CheckedAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        for (var at = 0; at < count; at++)
        {
            await _checked.WaitAsync(patience.Token);
        }
    }

    private async Task EndRunAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(_running.Exception, Is.Null, "the loop was running to the end");
    }
}
