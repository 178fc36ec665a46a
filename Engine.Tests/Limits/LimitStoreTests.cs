using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;

namespace Engine.Tests.Limits;

/// <summary>What a restart keeps, and what it does not give.</summary>
internal sealed class LimitStoreTests
{
    private static readonly LimitSubject Subject = new() { Source = "a1", Provider = "google" };

    private readonly ManualClock _clock = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"limits-{Guid.NewGuid():N}", "limits");

    [TearDown]
    public void Clean()
    {
        if (Directory.Exists(Path.GetDirectoryName(_path)))
        {
            Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
        }
    }

    [Test]
    public void A_fresh_save_gives_back_what_was_there_and_what_has_come_in_since()
    {
        Fill();
        Run((tree, limit) => Take(tree, limit, 80));
        _clock.Advance(TimeSpan.FromSeconds(30));

        Run((tree, limit) => Assert.That(limit.Bucket!.Level(tree.Timestamp), Is.EqualTo(20 + 30).Within(0.01)));
    }

    [TestCase(-60, Description = "the clock was put back: the save is from the future")]
    [TestCase(61, Description = "older than the rate's minute")]
    public void A_save_that_is_not_fresh_gives_no_burst(int seconds)
    {
        Fill();
        Run((tree, limit) => Take(tree, limit, 80));
        var later = new ManualClock(_clock.GetUtcNow() + TimeSpan.FromSeconds(seconds));

        Run((tree, limit) => Assert.That(limit.Bucket!.Level(tree.Timestamp), Is.EqualTo(1).Within(0.01)), later);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{\"saved\":\"2026-11-22T12:00:00Z\",\"limits\":[[\"ip\"]]}")]
    [TestCase("{\"saved\":5")]
    public void Without_a_save_or_with_a_damaged_one_a_bucket_starts_with_one_token(string? content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        if (content is not null)
        {
            File.WriteAllText(_path, content);
        }

        Run((tree, limit) => Assert.That(limit.Bucket!.Level(tree.Timestamp), Is.EqualTo(1).Within(0.01)));
    }

    [Test]
    public void A_bucket_that_is_first_asked_for_long_after_the_start_is_full()
    {
        var (tree, _) = Start(_clock);
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.That(tree.Find(Subject, LimitScope.Lane).Single().Bucket!.Level(tree.Timestamp), Is.EqualTo(100).Within(0.01));
    }

    [Test]
    public void A_bucket_that_was_full_is_full_again_and_takes_no_room()
    {
        Fill();

        Assert.That(File.ReadAllText(_path), Does.Not.Contain("ip"));
        Run((tree, limit) => Assert.That(limit.Bucket!.Level(tree.Timestamp), Is.EqualTo(100)));
    }

    [TestCase(6, 30)]
    [TestCase(13, 0)]
    public void The_day_s_volume_is_kept_for_the_day_however_old_the_save(int hours, long used)
    {
        Fill();
        Run((tree, limit) => Take(tree, limit, 30));
        _clock.Advance(TimeSpan.FromHours(hours));

        Run((tree, limit) => Assert.That(limit.Day!.UsedAt(tree.Timestamp), Is.EqualTo(used)));
    }

    [Test]
    public void A_dynamic_limit_takes_up_its_tokens_when_its_rate_is_set_again()
    {
        var (tree, store) = Start(_clock);
        var limit = tree.Dynamic("control", "google/a1");
        limit.SetRate(new Rate(60, TimeSpan.FromMinutes(1), 60), startsFull: true);
        limit.Bucket!.SetLevel(7, tree.Timestamp);
        store.Save();

        var (again, _) = Start(_clock);
        var restored = again.Dynamic("control", "google/a1");
        restored.SetRate(new Rate(60, TimeSpan.FromMinutes(1), 60));
        Assert.That(restored.Bucket!.Level(again.Timestamp), Is.EqualTo(7).Within(0.01));
    }

    [Test]
    public void What_nobody_asks_for_between_two_restarts_is_kept_with_all_that_came_in()
    {
        Fill();
        Run((tree, limit) => Take(tree, limit, 80));
        Rest(TimeSpan.FromSeconds(20));
        Rest(TimeSpan.FromSeconds(20));

        Run((tree, limit) =>
        {
            Assert.That(limit.Bucket!.Level(tree.Timestamp), Is.EqualTo(20 + 40).Within(0.01));
            Assert.That(limit.Day!.UsedAt(tree.Timestamp), Is.EqualTo(80));
        });
    }

    [Test]
    public void What_nobody_asks_for_is_dropped_when_it_has_become_full_and_its_window_is_over()
    {
        Fill();
        Run((tree, limit) => Take(tree, limit, 80));
        Rest(TimeSpan.FromHours(6));
        Assert.That(File.ReadAllText(_path), Does.Contain("\"ip\""), "the day lasts");
        Rest(TimeSpan.FromHours(7));

        Assert.That(File.ReadAllText(_path), Does.Not.Contain("\"ip\""));
    }

    [Test]
    public void A_second_restart_gives_no_burst_that_the_first_did_not_give()
    {
        Start(_clock).Store.Save();
        _clock.Advance(TimeSpan.FromSeconds(10));

        Run((tree, limit) => Assert.That(limit.Bucket!.Level(tree.Timestamp), Is.EqualTo(1 + 10).Within(0.01)));
    }

    [Test]
    public void A_limit_that_is_made_without_its_rate_keeps_what_was_saved_of_it()
    {
        var rate = new Rate(60, TimeSpan.FromMinutes(1), 60);
        var (tree, store) = Start(_clock);
        var limit = tree.Dynamic("control", "a1 at google");
        limit.SetRate(rate);
        store.Save();
        var (again, next) = Start(_clock);
        again.Dynamic("control", "a1 at google").SetVolume(10, TimeSpan.FromDays(1), again.Calendar);
        next.Save();
        _clock.Advance(TimeSpan.FromSeconds(5));

        var (third, _) = Start(_clock);
        var restored = third.Dynamic("control", "a1 at google");
        restored.SetRate(rate);
        Assert.That(restored.Bucket!.Level(third.Timestamp), Is.EqualTo(1 + 5).Within(0.01));
    }

    [Test]
    public void What_was_saved_is_taken_up_once()
    {
        Fill();
        Run((tree, limit) => Take(tree, limit, 80));

        Run((tree, limit) =>
        {
            _clock.Advance(TimeSpan.FromMinutes(10));
            limit.Day!.Refund(80);
            _clock.Advance(LimitTree.KeptIdle);
            tree.Sweep(tree.Timestamp);
            var again = tree.Find(Subject, LimitScope.Lane).Single();
            Assert.That(again, Is.Not.SameAs(limit));
            Assert.That(again.Day!.UsedAt(tree.Timestamp), Is.Zero);
        });
    }

    private static void Take(LimitTree tree, Limit limit, int count)
    {
        for (var taken = 0; taken < count; taken++)
        {
            Assert.That(limit.TryTake(tree.Timestamp, StreamClass.Transactional, holdsBack: false, hasTurn: false), Is.True);
        }
    }

    // A life before, long enough to fill buckets.
    private void Fill() => Run((_, _) => _clock.Advance(TimeSpan.FromMinutes(2)));

    // One life in which nobody asks for anything.
    private void Rest(TimeSpan span)
    {
        var (_, store) = Start(_clock);
        _clock.Advance(span);
        store.Save();
    }

    // One life of an engine.
    private void Run(Action<LimitTree, Limit> live, ManualClock? clock = null)
    {
        var (tree, store) = Start(clock ?? _clock);
        var limit = tree.Find(Subject, LimitScope.Lane).Single();
        live(tree, limit);
        store.Save();
    }

    private (LimitTree Tree, LimitStore Store) Start(ManualClock clock)
    {
        var tree = new LimitTree(clock);
        var store = new LimitStore(tree, _path, clock);
        Assert.That(store.Load(), Is.Null);
        tree.Load(new Dictionary<string, LimitOptions>
        {
            ["ip"] = new() { Per = [LimitDimension.Provider, LimitDimension.Source], Rate = new Rate(60, TimeSpan.FromMinutes(1), 100), PerDay = 1_000 },
        });
        return (tree, store);
    }
}
