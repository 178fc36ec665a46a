using Engine.Configuration;

namespace Engine.Tests.Configuration;

internal sealed class OverridesTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public void What_is_set_survives_a_restart()
    {
        using var directory = new TemporaryDirectory();
        var file = directory["state/overrides"];
        using (var overrides = new Overrides(file, _clock))
        {
            overrides.Add(OverrideKey.PauseAccount("acme"), "true", "ops", "complaints; \"see\" ticket 7\n", TimeSpan.FromHours(1));
            _clock.Advance(TimeSpan.FromSeconds(1));
            overrides.Add(OverrideKey.PauseAll, "true", "ops", "");
        }

        using var again = new Overrides(file, _clock);
        var since = _clock.Now - TimeSpan.FromSeconds(1);
        Assert.That(again.List(), Is.EqualTo(new[]
        {
            new Override("pause.account.acme", "true", "ops", "complaints; \"see\" ticket 7\n", since, since + TimeSpan.FromHours(1)),
            new Override("pause.all", "true", "ops", "", _clock.Now),
        }));
        Assert.That(Directory.GetFiles(directory["state"]), Is.EqualTo(new[] { file }), "no temporary file stays");
    }

    [Test]
    public void What_is_set_twice_is_replaced()
    {
        using var directory = new TemporaryDirectory();
        using var overrides = new Overrides(directory["overrides"], _clock);
        overrides.Add(OverrideKey.PauseAll, "true", "a", "first");
        overrides.Add(OverrideKey.PauseAll, "true", "b", "second");

        Assert.That(overrides.List().Single().Reason, Is.EqualTo("second"));
        Assert.That(File.ReadAllLines(directory["overrides"]), Has.Length.EqualTo(1));
    }

    [Test]
    public void Removing_says_whether_there_was_one()
    {
        using var directory = new TemporaryDirectory();
        using var overrides = new Overrides(directory["overrides"], _clock);
        overrides.Add(OverrideKey.PausePool("tx"), "true", "ops", "why");

        Assert.That(overrides.Remove(OverrideKey.PauseAll), Is.False);
        Assert.That(overrides.Remove(OverrideKey.PausePool("tx")), Is.True);
        Assert.That(overrides.Remove(OverrideKey.PausePool("tx")), Is.False);
        Assert.That(overrides.List(), Is.Empty);
        Assert.That(File.ReadAllText(directory["overrides"]), Is.Empty);
    }

    [Test]
    public void Every_change_and_every_end_is_told_once()
    {
        using var directory = new TemporaryDirectory();
        using var overrides = new Overrides(directory["overrides"], _clock);
        var changes = 0;
        overrides.Changed += () => changes++;
        overrides.Add(OverrideKey.PauseAccount("a"), "true", "ops", "why", TimeSpan.FromMinutes(5));
        overrides.Add(OverrideKey.PauseAccount("b"), "true", "ops", "why", TimeSpan.FromDays(100));
        overrides.Remove(OverrideKey.PauseAll);
        Assert.That(changes, Is.EqualTo(2));

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        Assert.That((changes, overrides.List().Count), Is.EqualTo((2, 2)));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That((changes, overrides.List().Single().Key), Is.EqualTo((3, "pause.account.b")));

        _clock.Advance(TimeSpan.FromDays(99));
        Assert.That((changes, overrides.List().Count), Is.EqualTo((3, 1)));

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.That((changes, overrides.List().Count), Is.EqualTo((4, 0)));
    }

    [Test]
    public void What_ended_while_the_engine_was_down_is_over_at_its_start()
    {
        using var directory = new TemporaryDirectory();
        using (var overrides = new Overrides(directory["overrides"], _clock))
        {
            overrides.Add(OverrideKey.PauseAll, "true", "ops", "why", TimeSpan.FromMinutes(5));
        }

        _clock.Advance(TimeSpan.FromMinutes(5));
        using var again = new Overrides(directory["overrides"], _clock);
        Assert.That(again.Find(OverrideKey.PauseAll), Is.Null);
        Assert.That(again.IsPaused("acme", "news", "bulk"), Is.False);
        Assert.That(again.List(), Is.Empty);
    }

    [TestCase("pause.all", true)]
    [TestCase("pause.account.acme", true)]
    [TestCase("pause.account.acm", false)]
    [TestCase("pause.stream.acme/news", true)]
    [TestCase("pause.stream.acme/", false)]
    [TestCase("pause.stream.other/news", false)]
    [TestCase("pause.pool.bulk", true)]
    [TestCase("pause.pool.tx", false)]
    [TestCase("pause.campaign.acme/news", false)]
    public void A_pause_holds_for_what_it_names(string key, bool paused)
    {
        using var directory = new TemporaryDirectory();
        using var overrides = new Overrides(directory["overrides"], _clock);
        overrides.Add(key, "true", "ops", "why");

        Assert.That(overrides.IsPaused("acme", "news", "bulk"), Is.EqualTo(paused));
    }

    [TestCase("pause")]
    [TestCase("pause.everything")]
    [TestCase("pause.account.")]
    [TestCase("pause.account.a b")]
    [TestCase("pause.stream.acme")]
    [TestCase("pause.stream.a/b/c")]
    [TestCase("pause.campaign.acme")]
    [TestCase("pause.campaign.acme/")]
    [TestCase("pause.campaign./spring")]
    [TestCase("pause.campaign.acme/spring sale")]
    [TestCase("pool.account.")]
    [TestCase("delivery.port")]
    [TestCase("")]
    public void A_key_that_means_nothing_is_refused(string key)
    {
        using var directory = new TemporaryDirectory();
        using var overrides = new Overrides(directory["overrides"], _clock);

        Assert.That(() => overrides.Add(key, "true", "ops", "why"), Throws.ArgumentException);
        Assert.That(() => overrides.Add(OverrideKey.PauseAll, "false", "ops", "why"), Throws.ArgumentException);
        Assert.That(() => overrides.Add(OverrideKey.PauseAll, "true", "ops", "why", TimeSpan.Zero), Throws.ArgumentException);
        Assert.That(File.Exists(directory["overrides"]), Is.False);
    }

    [TestCase("pause.account.acme", "marketing", true)]
    [TestCase("pause.account.acme", "transactional", true)]
    [TestCase("pause.account.acme", "bulk", false)]
    [TestCase("pause.stream.acme/news", "marketing", false)]
    [TestCase("pause.campaign.acme/2026/spring=sale?#\u0022", "true", true)]
    [TestCase("pause.campaign.acme/spring", "marketing", false)]
    [TestCase("pool.account.acme", "quarantine", true)]
    [TestCase("pool.account.acme", "a b", false)]
    public void A_key_takes_its_values_and_no_others(string key, string value, bool taken)
    {
        using var directory = new TemporaryDirectory();
        using var overrides = new Overrides(directory["overrides"], _clock);
        Assert.That(OverrideKey.Takes(key, value), Is.EqualTo(taken));
        if (taken)
        {
            overrides.Add(key, value, "ops", "why");
            using var again = new Overrides(directory["overrides"], _clock);
            Assert.That(again.Find(key)?.Value, Is.EqualTo(value));
        }
    }

    [TestCase("{", ":1: is no override: ")]
    [TestCase("null", ":1: '' = '' is none that this version knows")]
    [TestCase("{\"key\":\"pause.all\"}", ":1: is no override: ")]
    [TestCase("{\"key\":null,\"value\":\"true\",\"who\":\"o\",\"reason\":\"\",\"since\":\"2026-11-22T12:00:00+00:00\",\"until\":null}", ":1: is no override: ")]
    [TestCase("{\"key\":\"pause.all\",\"value\":\"true\",\"who\":\"o\",\"reason\":\"\",\"since\":\"2026-11-22T12:00:00+00:00\",\"until\":null}\n{\"key\":\"x\",\"value\":\"true\",\"who\":\"o\",\"reason\":\"\",\"since\":\"2026-11-22T12:00:00+00:00\",\"until\":null}",
        ":2: 'x' = 'true' is none that this version knows")]
    [TestCase("{\"key\":\"pause.all\",\"value\":\"false\",\"who\":\"o\",\"reason\":\"\",\"since\":\"2026-11-22T12:00:00+00:00\",\"until\":null}",
        ":1: 'pause.all' = 'false' is none that this version knows")]
    [TestCase("{\"key\":\"pause.all\",\"value\":\"true\",\"who\":\"o\",\"reason\":\"\",\"since\":\"yesterday\",\"until\":null}", ":1: is no override: ")]
    public void A_damaged_file_stops_the_start_and_is_named(string text, string message)
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("overrides", text + "\n");

        Assert.That(() => new Overrides(file, _clock), Throws.TypeOf<OverridesDamagedException>().With.Message.StartsWith(file + message));
    }

    [Test]
    public void A_file_that_is_cut_off_anywhere_never_loses_a_pause_silently()
    {
        using var directory = new TemporaryDirectory();
        using (var overrides = new Overrides(directory["overrides"], _clock))
        {
            overrides.Add(OverrideKey.PauseAll, "true", "ops", "why");
        }

        var text = File.ReadAllText(directory["overrides"]);
        for (var length = 1; length < text.Length; length++)
        {
            var file = directory.Write("cut", text[..length]);
            Assert.That(() => new Overrides(file, _clock), Throws.TypeOf<OverridesDamagedException>().With.Message.StartsWith(file));
        }
    }

    [Test]
    public void A_file_that_cannot_be_read_stops_the_start()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("overrides", "");
        using var held = new FileStream(directory["overrides"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.That(() => new Overrides(directory["overrides"], _clock), Throws.TypeOf<OverridesDamagedException>().With.Message.StartsWith(directory["overrides"]));
    }

    [Test]
    public void What_cannot_be_written_does_not_count()
    {
        using var directory = new TemporaryDirectory();
        using var overrides = new Overrides(directory["overrides"], _clock);
        var told = false;
        overrides.Changed += () => told = true;
        Directory.CreateDirectory(directory["overrides.new"]);

        Assert.That(() => overrides.Add(OverrideKey.PauseAll, "true", "ops", "why"), Throws.InstanceOf<UnauthorizedAccessException>().Or.InstanceOf<IOException>());
        Assert.That((overrides.List().Count, told), Is.EqualTo((0, false)));
    }

    [Test]
    public void Many_threads_lose_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var overrides = new Overrides(directory["overrides"], _clock);
        var changes = 0;
        overrides.Changed += () => Interlocked.Increment(ref changes);
        Parallel.For(0, 40, index => overrides.Add(OverrideKey.PauseAccount($"a{index}"), "true", "ops", "why"));
        Parallel.For(0, 20, index => overrides.Remove(OverrideKey.PauseAccount($"a{index}")));

        using var again = new Overrides(directory["overrides"], _clock);
        Assert.That(overrides.List(), Has.Count.EqualTo(20));
        Assert.That(again.List(), Is.EqualTo(overrides.List()));
        Assert.That(changes, Is.EqualTo(60));
    }
}
