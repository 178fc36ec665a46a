using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Reputation;
using Engine.Reputation.Warmup;
using Engine.Tests.Configuration;

namespace Engine.Tests.Reputation.Warmup;

internal sealed class WarmupFileTests
{
    private static readonly DateTimeOffset First = Attempts.DayNumber(0);
    private static readonly DateTimeOffset Second = Attempts.DayNumber(1);

    [Test]
    public void A_restart_in_the_middle_of_a_day_goes_on_where_it_was()
    {
        using var directory = new TemporaryDirectory();
        var book = Attempts.Book();
        book.Apply([new Override(SourceOverride.WarmupStep(Attempts.Source), "2", "ops", "why", First)], First);
        book.Day(First, 150);
        book.Day(Second, 300, deferred: 17, hard: 2, complaints: 1);
        var stop = Second + TimeSpan.FromHours(14);
        book.Turn(stop);
        new WarmupFile(directory["warmup"]).Save(book, stop);

        var again = Attempts.Book();
        Assert.That(new WarmupFile(directory["warmup"]).Load(again, stop + TimeSpan.FromSeconds(5)), Is.Null);
        again.Apply([new Override(SourceOverride.WarmupStep(Attempts.Source), "2", "ops", "why", First)], stop);

        Assert.That(again.KnownUntil, Is.EqualTo(stop));
        Assert.That(again.Standings(stop), Is.EqualTo(book.Standings(stop)));
        Assert.That(again.Now(stop), Is.EqualTo(book.Now(stop)));
        Assert.That(again.Now(stop), Has.Property("UsedToday").EqualTo(319).And.Property("DayAllowance").EqualTo(312 + 8), "ten deferrals in a row left eight probes");
        Assert.That(again.Now(Attempts.DayNumber(2)), Is.EqualTo(book.Now(Attempts.DayNumber(2))));
        Assert.That(again.Volume.Recent(Attempts.Source, DateOnly.FromDateTime(stop.DateTime).DayNumber), Is.EqualTo(450));
    }

    [Test]
    public void What_happened_after_the_last_save_is_counted_again_from_settlements_and_events()
    {
        using var directory = new TemporaryDirectory();
        var book = Attempts.Book();
        book.Day(First, 40);
        new WarmupFile(directory["warmup"]).Save(book, First + TimeSpan.FromHours(12));
        var again = Attempts.Book();
        new WarmupFile(directory["warmup"]).Load(again, First + TimeSpan.FromHours(13));
        again.Count(Attempts.Source, Attempts.Gmail, First + TimeSpan.FromHours(12.5));
        again.Observe(Attempts.Of(First + TimeSpan.FromHours(12.6), ObservationKind.Deferred, CategoryClass.Throttle));

        Assert.That(again.Now(First + TimeSpan.FromHours(13)).UsedToday, Is.EqualTo(42));
    }

    [Test]
    public void Without_a_file_the_events_of_weeks_rebuild_steps_and_counts()
    {
        var (book, again) = (Attempts.Book(), Attempts.Book());
        for (var day = 0; day < 10; day++)
        {
            foreach (var each in new[] { book, again })
            {
                each.Day(Attempts.DayNumber(day), 50 << Math.Min(day, 5), deferred: day == 3 ? 50 : 0);
            }

            book.Turn(Attempts.DayNumber(day + 1));
        }

        Assert.That(again.Now(Attempts.DayNumber(9) + TimeSpan.FromHours(13)).UsedToday, Is.EqualTo(1_600));
        var now = Attempts.DayNumber(10);
        Assert.That(again.Now(now), Is.EqualTo(book.Now(now)));
        Assert.That(again.Now(now).Step, Is.GreaterThan(3));
    }

    [Test]
    public void Days_in_which_the_engine_was_down_are_days_without_mail()
    {
        using var directory = new TemporaryDirectory();
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [10, 10, 10, 10] });
        book.Day(First, 10);
        book.Day(Second, 10);
        new WarmupFile(directory["warmup"]).Save(book, Second + TimeSpan.FromHours(13));
        var again = Attempts.Book(new WarmupPlanOptions { Steps = [10, 10, 10, 10] });
        new WarmupFile(directory["warmup"]).Load(again, Attempts.DayNumber(5));

        Assert.That(again.Now(Attempts.DayNumber(5)).Step, Is.EqualTo(2), "the second day was earned, the three after it were none");
    }

    [Test]
    public void A_state_from_the_future_gives_nothing_back()
    {
        using var directory = new TemporaryDirectory();
        var book = Attempts.Book();
        book.Day(Attempts.DayNumber(100), 90);
        new WarmupFile(directory["warmup"]).Save(book, Attempts.DayNumber(100) + TimeSpan.FromHours(13));
        var again = Attempts.Book();
        new WarmupFile(directory["warmup"]).Load(again, First);

        Assert.That((again.Now(First).RemainingToday, again.KnownUntil), Is.EqualTo((10L, First)));
    }

    [TestCase("", "own", 1, 20)]
    [TestCase("steps", "own", 2, 20, Description = "the same allowance stands elsewhere")]
    [TestCase("lower", "own", 1, 15, Description = "the nearest below")]
    public void A_plan_changed_meanwhile_is_entered_at_the_same_allowance(string change, string name, int step, int allowance)
    {
        using var directory = new TemporaryDirectory();
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [10, 20, 40] });
        book.Day(First, 10);
        book.Turn(Second);
        new WarmupFile(directory["warmup"]).Save(book, Second);
        var again = Attempts.Book(new WarmupPlanOptions { Steps = change switch { "steps" => [5, 10, 20, 40], "lower" => [10, 15, 30], _ => [10, 20, 40] } });
        new WarmupFile(directory["warmup"]).Load(again, Second);

        Assert.That((again.Now(Second).Step, again.Now(Second).DayAllowance), Is.EqualTo((step, (long)allowance)));
        Assert.That(again.Standings(Second).Single().Plan, Is.EqualTo(name));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("null")]
    [TestCase("{\"version\":2,\"subject\":\"source\",\"savedAt\":\"2026-06-01T00:00:00Z\",\"tracks\":[],\"volumes\":[]}")]
    [TestCase("{\"version\":1,\"subject\":\"senderDomain\",\"savedAt\":\"2026-06-01T00:00:00Z\",\"tracks\":[],\"volumes\":[]}")]
    [TestCase("{\"version\":1,\"subject\":\"source\",\"savedAt\":\"2026-06-01T00:00:00Z\",\"tracks\":[{\"name\":\"a\"}],\"volumes\":[]}")]
    public void A_damaged_file_is_put_aside_and_told(string text)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("warmup", text);
        var fault = new WarmupFile(path).Load(Attempts.Book(), First);

        Assert.That(fault, Does.StartWith(path + ": "));
        Assert.That((File.Exists(path), File.ReadAllText(path + ".damaged")), Is.EqualTo((false, text)));
    }

    [Test]
    public void A_file_cut_off_anywhere_is_damaged()
    {
        using var directory = new TemporaryDirectory();
        var book = Attempts.Book();
        book.Day(First, 20);
        new WarmupFile(directory["warmup"]).Save(book, First);
        var whole = File.ReadAllText(directory["warmup"]);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.That(new WarmupFile(directory.Write("cut", whole[..length])).Load(Attempts.Book(), First), Is.Not.Null);
        }
    }

    [Test]
    public void No_file_is_no_fault()
    {
        using var directory = new TemporaryDirectory();

        Assert.That(new WarmupFile(directory["warmup"]).Load(Attempts.Book(), First), Is.Null);
    }
}
