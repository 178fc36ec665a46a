using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Warmup;

namespace Engine.Tests.Reputation.Warmup;

internal sealed class WarmupBookTests
{
    private static readonly DateTimeOffset First = Attempts.DayNumber(0);
    private static readonly DateTimeOffset Second = Attempts.DayNumber(1);

    [Test]
    public void What_has_no_history_begins_with_the_first_day()
    {
        var allowance = Attempts.Book().Now(First);

        Assert.That((allowance.IsWarm, allowance.Step, allowance.DayAllowance, allowance.UsedToday, allowance.RemainingToday), Is.EqualTo((false, 0, 100L, 0L, 100L)));
        Assert.That(allowance.NextChangeAt, Is.EqualTo(Second));
        Assert.That(allowance.Overflow, Is.EqualTo(WarmupOverflow.Pool));
    }

    [Test]
    public void What_has_no_plan_is_warm()
    {
        var book = Attempts.Book();

        Assert.That(book.Of("warm", Attempts.Gmail, First), Is.EqualTo(WarmupAllowance.Warm));
        Assert.That(book.Of("unknown", Attempts.Gmail, First).RemainingToday, Is.EqualTo(long.MaxValue));
        Assert.That((book.IsWarming("warm", Attempts.Gmail), book.IsWarming(Attempts.Source, Attempts.Gmail)), Is.EqualTo((false, true)));
    }

    // Allowance 100; bounds 5 % deferred, 2 % hard, 0.1 % complaints, half of it used.
    [TestCase(100, 0, 0, 0, 1, WarmupHold.None)]
    [TestCase(50, 0, 0, 0, 1, WarmupHold.None)]
    [TestCase(49, 0, 0, 0, 0, WarmupHold.TooLittle)]
    [TestCase(95, 5, 0, 0, 1, WarmupHold.None)]
    [TestCase(94, 6, 0, 0, 0, WarmupHold.Deferred)]
    [TestCase(48, 2, 0, 0, 1, WarmupHold.None, Description = "two of fifty are 4 %")]
    [TestCase(98, 0, 2, 0, 1, WarmupHold.None)]
    [TestCase(97, 0, 3, 0, 0, WarmupHold.Hard)]
    [TestCase(100, 0, 0, 1, 1, WarmupHold.None, Description = "one complaint proves nothing")]
    [TestCase(100, 0, 0, 2, 0, WarmupHold.Complaints)]
    public void A_day_is_earned_or_not(int delivered, int deferred, int hard, int complaints, int step, object why)
    {
        var book = Attempts.Book();
        book.Day(First, delivered, deferred, hard, complaints);
        var change = book.Turn(Second).FindLast(change => change.At == Second);

        Assert.That(book.Now(Second).Step, Is.EqualTo(step));
        Assert.That(change?.Why, Is.EqualTo((WarmupHold)why));
        Assert.That(change?.Move, Is.EqualTo(step == 1 ? WarmupMove.Advanced : WarmupMove.Held));
    }

    [TestCase(170, 0, 0, 0, 2)]
    [TestCase(190, 11, 0, 0, 1)]
    [TestCase(170, 22, 0, 0, 0)]
    [TestCase(170, 0, 9, 0, 0)]
    [TestCase(170, 0, 0, 3, 0)]
    public void Beyond_twice_a_bound_it_goes_back(int delivered, int deferred, int hard, int complaints, int step)
    {
        var book = Attempts.Book();
        book.Day(First, 100);
        book.Day(Second, delivered, deferred, hard, complaints);

        var changes = book.Turn(Attempts.DayNumber(2));
        Assert.That(book.Now(Attempts.DayNumber(2)).Step, Is.EqualTo(step));
        Assert.That(changes[^1].Move, Is.EqualTo(step switch { 2 => WarmupMove.Advanced, 1 => WarmupMove.Held, _ => WarmupMove.SteppedBack }));
    }

    [TestCase(ObservationKind.Delivered, CategoryClass.Hard, "x", 1, 0)]
    [TestCase(ObservationKind.Deferred, CategoryClass.Soft, "greylist", 1, 0)]
    [TestCase(ObservationKind.Deferred, CategoryClass.Soft, "mailbox_full", 1, 0)]
    [TestCase(ObservationKind.Deferred, CategoryClass.Session, "session_limit", 1, 0)]
    [TestCase(ObservationKind.Deferred, CategoryClass.Throttle, "rate_ip", 1, 1)]
    [TestCase(ObservationKind.Deferred, CategoryClass.Reputation, "reputation_ip", 1, 1)]
    [TestCase(ObservationKind.Deferred, CategoryClass.Soft, "unknown_temp", 1, 1)]
    [TestCase(ObservationKind.Failed, CategoryClass.Content, "spam_content", 1, 1)]
    [TestCase(ObservationKind.Failed, CategoryClass.Config, "auth_fail", 1, 0)]
    [TestCase(ObservationKind.Unreachable, CategoryClass.Soft, "network", 0, 0)]
    public void Only_what_blames_the_sender_counts_against_it(object kind, object blame, string category, int used, int deferred)
    {
        var tally = WarmupTally.Of(Attempts.Of(First, (ObservationKind)kind, (CategoryClass)blame, category));

        Assert.That((tally.Used, tally.Deferred, tally.Hard), Is.EqualTo((used, deferred, 0)));
    }

    [Test]
    public void A_bound_passed_within_the_day_leaves_only_probes_of_it()
    {
        var book = Attempts.Book();
        book.Day(First, 40, deferred: 2);
        Assert.That(book.Now(First).RemainingToday, Is.EqualTo(58), "two deferrals prove nothing");

        var pace = book.Now(First).RatePerSecond;
        book.Observe(Attempts.Of(First, ObservationKind.Deferred, CategoryClass.Throttle));
        var cut = book.Now(First);
        var change = book.Turn(First + TimeSpan.FromHours(13)).Single();

        Assert.That((cut.DayAllowance, cut.RemainingToday, cut.Burst), Is.EqualTo((48L, 5L, 1)));
        Assert.That(cut.RatePerSecond, Is.EqualTo(pace / 4).Within(1e-9));
        Assert.That((change.Move, change.Why, change.Counts.Used), Is.EqualTo((WarmupMove.Cut, WarmupHold.Deferred, 43)));
        Assert.That(change.ToEvent().Kind, Is.EqualTo(EventKind.WarmupHeld));
        Assert.That(change.Words(), Is.EqualTo("held for the rest of the day at step 1 of 14, 48 a day; 3 of 43 deferred, 6.98 %, bound 5 %"));
        Assert.That(book.Now(Second), Has.Property("DayAllowance").EqualTo(100).And.Property("Step").EqualTo(0));
    }

    [Test]
    public void A_receiver_that_takes_no_more_is_seen_by_a_run_long_before_a_share()
    {
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [100_000, 200_000] });
        book.Day(First, 60_000, deferred: 9);
        book.Observe(Attempts.Of(First + TimeSpan.FromHours(12)));
        book.Day(First, 0, deferred: 9);
        Assert.That(book.Now(First).DayAllowance, Is.EqualTo(100_000));

        book.Day(First, 0, deferred: 1);
        var change = book.Turn(First + TimeSpan.FromHours(13)).Single();
        Assert.That(book.Now(First).RemainingToday, Is.EqualTo(50));
        Assert.That(change.Words(), Is.EqualTo("held for the rest of the day at step 1 of 2, 60070 a day; 10 deferred one after another, after 60001 of 60020 had been taken"));
        Assert.That(book.Turn(Second)[^1], Has.Property("Move").EqualTo(WarmupMove.Held).And.Property("Why").EqualTo(WarmupHold.Shut));
    }

    [Test]
    public void A_small_sample_cuts_nothing()
    {
        var book = Attempts.Book();
        book.Day(First, 10, deferred: 9);

        Assert.That(book.Now(First).RemainingToday, Is.EqualTo(81));
    }

    [Test]
    public void After_the_last_day_it_is_warm()
    {
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [10, 20] });
        book.Day(First, 10);
        book.Day(Second, 20);
        var changes = book.Turn(Attempts.DayNumber(2));

        Assert.That(changes.Select(change => (change.Move, change.To)), Is.EqualTo(new[] { (WarmupMove.Advanced, 1), (WarmupMove.Done, 2) }));
        Assert.That(book.Now(Attempts.DayNumber(2)).IsWarm);
        Assert.That(book.IsWarming(Attempts.Source, Attempts.Gmail), Is.False);
        Assert.That(book.IsWarming(Attempts.Source, "yahoo"), "each operator judges for itself");
        Assert.That(changes[1].ToEvent(), Has.Property("Kind").EqualTo(EventKind.WarmupAdvanced).And.Property("Source").EqualTo("a1").And.Property("Provider").EqualTo("google").And.Property("Rule").EqualTo("own"));
    }

    [Test]
    public void Days_without_mail_neither_advance_nor_lose_until_idle_and_then_lose_one_each_time()
    {
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [10, 10, 10, 10, 10] });
        for (var day = 0; day < 4; day++)
        {
            book.Day(Attempts.DayNumber(day), 10);
        }

        // The last mail was at noon of the fourth day, number 3.
        var steps = Enumerable.Range(4, 32).Select(day => book.Now(Attempts.DayNumber(day)).Step).ToArray();

        Assert.That(steps[..7], Is.All.EqualTo(4), "six and a half days");
        Assert.That(steps[7..14], Is.All.EqualTo(3));
        Assert.That(steps[14..21], Is.All.EqualTo(2));
        Assert.That(steps[21..28], Is.All.EqualTo(1));
        Assert.That(steps[28..], Is.All.EqualTo(0));
    }

    [Test]
    public void A_warm_one_that_rests_too_long_is_warm_no_more_and_starts_over_in_the_end()
    {
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [10, 20] });
        book.Day(First, 10);
        book.Day(Second, 20);
        Assert.That(book.Now(Attempts.DayNumber(8)).IsWarm);
        Assert.That(book.Now(Attempts.DayNumber(9)), Has.Property("IsWarm").EqualTo(false).And.Property("DayAllowance").EqualTo(20));

        var changes = book.Turn(Attempts.DayNumber(40));
        Assert.That(book.Now(Attempts.DayNumber(40)).Step, Is.Zero);
        Assert.That(changes[^1], Has.Property("Move").EqualTo(WarmupMove.StartedOver).And.Property("Why").EqualTo(WarmupHold.Restart));
    }

    [Test]
    public void Mail_ends_a_silence()
    {
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [10, 10, 10, 10, 10] });
        for (var day = 0; day < 4; day++)
        {
            book.Day(Attempts.DayNumber(day), 10);
        }

        book.Day(Attempts.DayNumber(12), 1);
        Assert.That(book.Now(Attempts.DayNumber(12)).Step, Is.EqualTo(3));
        Assert.That(book.Now(Attempts.DayNumber(19)).Step, Is.EqualTo(3));
        Assert.That(book.Now(Attempts.DayNumber(20)).Step, Is.EqualTo(2));
    }

    [Test]
    public void A_complaint_of_the_day_after_is_held_against_the_mail_of_the_day_before()
    {
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [10_000, 20_000, 40_000] });
        book.Day(First, 10_000);
        book.Day(Second, 10, complaints: 5);
        Assert.That(book.Turn(Attempts.DayNumber(2)).Select(change => change.Why), Has.None.EqualTo(WarmupHold.Complaints), "five of ten thousand, not five of ten");

        book.Day(Attempts.DayNumber(2), 0, complaints: 30);
        book.Day(Attempts.DayNumber(3), 20_000);
        Assert.That(book.Turn(Attempts.DayNumber(4))[^1], Has.Property("Why").EqualTo(WarmupHold.Complaints).And.Property("Move").EqualTo(WarmupMove.Held));
    }

    [Test]
    public void A_small_destination_is_told_of_once_at_most()
    {
        var book = Attempts.Book();
        var changes = new List<WarmupChange>();
        for (var day = 0; day < 10; day++)
        {
            book.Day(Attempts.DayNumber(day), day == 3 ? 12 : 3);
            book.Tick(Attempts.DayNumber(day + 1), changes);
        }

        Assert.That(changes, Is.Empty);
    }

    [Test]
    public void What_is_as_good_as_unknown_is_forgotten()
    {
        var book = Attempts.Book();
        book.Day(First, 3);
        book.Turn(Attempts.DayNumber(1));
        Assert.That(book.Standings(Attempts.DayNumber(1)), Has.Count.EqualTo(1));

        book.Turn(Attempts.DayNumber(2));
        Assert.That(book.Standings(Attempts.DayNumber(2)), Is.Empty);
        Assert.That(book.Now(Attempts.DayNumber(2)).RemainingToday, Is.EqualTo(100));
    }

    [Test]
    public void A_reload_keeps_the_place_in_another_plan()
    {
        var book = Attempts.Book(new WarmupPlanOptions { Steps = [10, 20, 40, 80] });
        book.Day(First, 10);
        book.Day(Second, 15);
        book.Load(Attempts.Setup(new WarmupPlanOptions { Steps = [5, 10, 15, 20, 25, 50] }));

        Assert.That(book.Now(Second), Has.Property("DayAllowance").EqualTo(20).And.Property("UsedToday").EqualTo(15));
    }

    [Test]
    public void A_reload_without_the_plan_limits_nothing_and_one_with_it_again_goes_on()
    {
        var book = Attempts.Book();
        book.Day(First, 60);
        book.Load(WarmupSetup.None());
        Assert.That(book.Now(First).IsWarm);

        book.Load(Attempts.Setup());
        Assert.That(book.Now(First).UsedToday, Is.EqualTo(60));
    }

    [Test]
    public void Who_was_warmed_up_elsewhere_starts_where_the_configuration_says()
    {
        Assert.That(Attempts.Book(start: 5).Now(First), Has.Property("Step").EqualTo(4).And.Property("DayAllowance").EqualTo(1_600));
        Assert.That(Attempts.Book(start: 15).Now(First).IsWarm);
    }

    [Test]
    public void Sender_domains_warm_up_alike_and_the_star_holds_for_the_rest()
    {
        var options = new EngineOptions
        {
            Domains = new Dictionary<string, DomainOptions>
            {
                ["*"] = new() { Warmup = new WarmupOptions { Plan = "14-day" } },
                ["acme.example"] = new() { Warmup = new WarmupOptions { Plan = "6-week", Start = 4 } },
                ["old.example"] = new() { Warmup = new WarmupOptions { Plan = "14-day", Start = 15 } },
            },
        };
        var book = new WarmupBook(WarmupSubject.SenderDomain, WarmupSetup.OfDomains(options));
        book.Observe(Attempts.Of(First));

        Assert.That(book.Of("acme.example", Attempts.Gmail, First), Has.Property("DayAllowance").EqualTo(200).And.Property("UsedToday").EqualTo(1));
        Assert.That(book.Of("new.example", Attempts.Gmail, First).DayAllowance, Is.EqualTo(100));
        Assert.That(book.Of("old.example", Attempts.Gmail, First).IsWarm);
    }

    [Test]
    public void A_clock_set_back_does_not_stop_the_days()
    {
        var book = Attempts.Book();
        book.Day(Attempts.DayNumber(400), 100);
        book.Turn(First);
        book.Day(First, 1);
        Assert.That(book.Now(First).UsedToday, Is.EqualTo(101), "what was used stays used");

        book.Turn(Second);
        Assert.That(book.Now(Second).UsedToday, Is.Zero);
    }

    [Test]
    public void Many_threads_count_exactly()
    {
        var book = Attempts.Book(new WarmupPlanOptions { First = 1_000_000, Days = 1 });
        Parallel.For(0, 4, _ =>
        {
            for (var index = 0; index < 25_000; index++)
            {
                book.Observe(Attempts.Of(First));
                book.Now(First);
            }
        });

        Assert.That(book.Now(First).UsedToday, Is.EqualTo(100_000));
        Assert.That(book.Volume.Recent(Attempts.Source, DateOnly.FromDateTime(First.DateTime).DayNumber), Is.EqualTo(100_000));
    }

    [Test]
    public void Observing_and_asking_allocate_nothing()
    {
        var book = Attempts.Book(new WarmupPlanOptions { First = 1_000_000, Days = 1 });
        var attempt = Attempts.Of(First);
        book.Observe(attempt);
        book.Now(First);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 1_000; index++)
        {
            book.Observe(attempt);
            book.Now(First);
            book.IsWarming(Attempts.Source, Attempts.Gmail);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
