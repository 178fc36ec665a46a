using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Score;

namespace Engine.Tests.Reputation.Score;

internal sealed class SenderScoreTests
{
    private static readonly ScoreOptions Isolating = new() { IsolateTo = "quarantine" };

    private DateTimeOffset _now;
    private SenderScore _score = new(Isolating);

    [SetUp]
    public void Begin() => (_now, _score) = (new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), new SenderScore(Isolating));

    // A hundred sound senders are the mean; then one more.
    [TestCase(0, 0, 0, 0, 92, 100)]
    [TestCase(10_000, 0, 0, 0, 93, 97)]
    [TestCase(10_000, 2_000, 0, 0, 58, 64)]
    [TestCase(10_000, 0, 60, 0, 53, 58)]
    [TestCase(10_000, 0, 0, 5_000, 66, 72)]
    [TestCase(10_000, 2_000, 60, 0, 18, 24)]
    [TestCase(10_000, 3_000, 100, 5_000, 0, 2)]
    public void A_score_falls_with_what_is_bad(int delivered, int hard, int complaints, int blocked, int least, int most)
    {
        Hear("sound", SenderNewsKind.Delivered, 100_000);
        Hear("acme", SenderNewsKind.Delivered, Math.Max(1, delivered));
        Hear("acme", SenderNewsKind.HardBounced, hard);
        Hear("acme", SenderNewsKind.Complained, complaints);
        Hear("acme", SenderNewsKind.Blocked, blocked);

        Assert.That(Of("acme").Score, Is.InRange(least, most));
    }

    [Test]
    public void Each_component_is_told_with_its_share()
    {
        Hear("acme", SenderNewsKind.Delivered, 9_000);
        Hear("acme", SenderNewsKind.HardBounced, 1_000);
        Hear("acme", SenderNewsKind.Engaged, 4_000);
        _score.Hear(new SenderNews { Kind = SenderNewsKind.Filtered, Account = "acme", Class = StreamClass.Marketing, At = _now, Spam = 0.4 });

        var report = Of("acme");
        Assert.That(report.Components.Select(one => (one.Name, one.Count, one.Of)), Is.EqualTo(new[]
        {
            ("hardBounces", 1_000.0, 10_000L), ("complaints", 0.0, 9_000L), ("blocks", 0.0, 10_000L), ("spam", 0.4, 1L), ("engagement", 4_000.0, 9_000L),
        }));
        Assert.That(report.Components[0].Points, Is.EqualTo(-33).Within(2));
        Assert.That(report.Components[4].Points, Is.EqualTo(10));
        Assert.That(report.Score, Is.EqualTo((int)Math.Round(100 + report.Components.Sum(one => one.Points))).Within(1));
        Assert.That(report.Reason, Does.StartWith($"score {report.Score} over 10000 recipients: hardBounces 0.0"));
    }

    [Test]
    public void Readers_who_open_make_up_for_some_and_who_reports_none_loses_nothing()
    {
        Hear("silent", SenderNewsKind.Delivered, 10_000);
        Hear("silent", SenderNewsKind.HardBounced, 500);
        Hear("read", SenderNewsKind.Delivered, 10_000);
        Hear("read", SenderNewsKind.HardBounced, 500);
        Hear("read", SenderNewsKind.Engaged, 3_000);

        Assert.That(Of("read").Score - Of("silent").Score, Is.EqualTo(10));
        Assert.That(Of("silent").Components[^1].Points, Is.Zero);
    }

    [Test]
    public void A_small_sender_is_taken_for_one_like_the_others_and_has_no_consequences()
    {
        Hear("sound", SenderNewsKind.Delivered, 100_000);
        Hear("tiny", SenderNewsKind.Delivered, 10);
        Hear("tiny", SenderNewsKind.HardBounced, 10);
        Hear("tiny", SenderNewsKind.Complained, 1);

        Assert.That(Of("tiny").Score, Is.GreaterThan(80));
        Assert.That(Of("tiny").IsJudged, Is.False);
        Assert.That(_score.Judge(_now), Is.Empty);
    }

    [Test]
    public void A_bad_sender_is_isolated_once_and_comes_back_when_it_is_good_a_day_later_at_the_earliest()
    {
        Spoil("acme");
        Assert.That(_score.Judge(_now).Select(one => (one.Action, one.Report.Subject.Name, one.Pool)), Is.EqualTo(new[] { (ScoreAction.Isolate, "acme", "quarantine"), (ScoreAction.Alert, "acme.example", null) }));
        Assert.That(_score.Judge(_now), Is.Empty);

        Hear("acme", SenderNewsKind.Delivered, 1_000_000);
        _now += TimeSpan.FromHours(23);
        Assert.That(_score.Judge(_now), Is.Empty, "good again, and too early");
        _now += TimeSpan.FromHours(1);
        Assert.That(_score.Judge(_now).Select(one => one.Action), Is.EqualTo(new[] { ScoreAction.Restore }));
        Assert.That(_score.Judge(_now), Is.Empty);
    }

    [Test]
    public void Between_the_thresholds_nothing_changes()
    {
        Spoil("acme");
        _score.Judge(_now);
        _now += TimeSpan.FromDays(1.5);
        Hear("acme", SenderNewsKind.Delivered, 20_000);
        Assert.That(Of("acme").Score, Is.InRange(40, 54));
        Assert.That(_score.Judge(_now), Is.Empty);
    }

    [Test]
    public void Without_a_pool_set_apart_there_is_an_alert_and_nothing_moves()
    {
        _score = new SenderScore(new ScoreOptions());
        Spoil("acme");

        Assert.That(_score.Judge(_now).Select(one => one.Action), Is.All.EqualTo(ScoreAction.Alert));
    }

    [Test]
    public void Below_the_lower_threshold_an_account_is_paused_where_that_is_configured()
    {
        _score = new SenderScore(new ScoreOptions { PauseBelow = 30 });
        Spoil("acme");

        Assert.That(_score.Judge(_now).Select(one => (one.Action, one.Report.Subject.Kind)), Is.EqualTo(new[] { (ScoreAction.Pause, ScoreKind.Account), (ScoreAction.Alert, ScoreKind.SenderDomain) }));
        Assert.That(_score.Judge(_now), Is.Empty);
    }

    [Test]
    public void What_an_operator_undid_is_not_done_again_for_a_day()
    {
        Spoil("acme");
        _score.Judge(_now);
        _score.Undone("acme", _now);
        _now += TimeSpan.FromHours(23.9);
        Assert.That(_score.Judge(_now), Is.Empty);

        _now += TimeSpan.FromHours(0.1);
        Assert.That(_score.Judge(_now).Select(one => one.Action), Is.EqualTo(new[] { ScoreAction.Isolate }));
    }

    [Test]
    public void A_week_later_it_is_forgotten()
    {
        Spoil("acme");
        _now += TimeSpan.FromDays(7);

        Assert.That(Of("acme").Samples, Is.Zero);
        Assert.That(_score.Judge(_now), Is.Empty);
    }

    [Test]
    public void Other_classes_are_not_counted()
    {
        _score.Hear(new SenderNews { Kind = SenderNewsKind.HardBounced, Account = "acme", Class = StreamClass.Transactional, At = _now });

        Assert.That(_score.Of(new ScoreSubject(ScoreKind.Account, "acme"), _now), Is.Null);
    }

    [Test]
    public void A_restart_keeps_counts_steps_and_what_operators_undid()
    {
        Spoil("acme");
        Spoil("zoe");
        _score.Judge(_now);
        _score.Undone("zoe", _now);
        var before = Of("acme");
        using var saved = new MemoryStream();
        using var writer = new BinaryWriter(saved);
        _score.Save(writer);
        saved.Position = 0;
        _score = new SenderScore(Isolating);
        using var kept = new BinaryReader(saved);
        _score.Restore(kept);

        Assert.That(Of("acme").Score, Is.EqualTo(before.Score));
        Assert.That(Of("acme").Stage, Is.EqualTo(ScoreStage.Isolated));
        Assert.That(_score.Judge(_now), Is.Empty);
        _now += TimeSpan.FromHours(24);
        Assert.That(_score.Judge(_now).Select(one => one.Report.Subject.Name), Is.EqualTo(new[] { "zoe" }));
    }

    [Test]
    public void A_damaged_state_is_said_to_be()
    {
        Spoil("acme");
        using var saved = new MemoryStream();
        using var writer = new BinaryWriter(saved);
        _score.Save(writer);
        foreach (var length in new[] { 0, 1, 9, 40, (int)saved.Length - 1 })
        {
            using var reader = new BinaryReader(new MemoryStream(saved.ToArray()[..length]));
            Assert.That(() => new SenderScore(Isolating).Restore(reader), Throws.InstanceOf<IOException>(), $"{length}");
        }
    }

    private ScoreReport Of(string account) => _score.Of(new ScoreSubject(ScoreKind.Account, account), _now)!;

    private void Spoil(string account)
    {
        Hear("sound", SenderNewsKind.Delivered, 10_000);
        Hear(account, SenderNewsKind.Delivered, 8_000);
        Hear(account, SenderNewsKind.HardBounced, 2_000);
        Hear(account, SenderNewsKind.Complained, 100);
    }

    private void Hear(string account, SenderNewsKind kind, int times)
    {
        var news = new SenderNews { Kind = kind, Account = account, Class = StreamClass.Marketing, SenderDomain = DomainName.Parse($"{account}.example"), At = _now };
        for (var time = 0; time < times; time++)
        {
            _score.Hear(news);
        }
    }
}
