using Engine.Reputation.Warmup;
using Engine.Tests.Configuration;

namespace Engine.Tests.Reputation.Warmup;

/// <summary>Weeks of warm-up against a receiver model. The figures of each run are written to the test's output.</summary>
internal sealed class WarmupScenarioTests
{
    private const double Hourly = 0.083;

    [Test]
    public void A_cold_address_is_warm_at_Gmail_within_thirty_days_and_hardly_ever_deferred()
    {
        var scenario = new WarmupScenario(new ReceiverModel(growth: 2.2, unknown: 150)) { Book = Attempts.Book(caps: Caps()) };
        scenario.Run(30);
        Write(scenario);

        Assert.That(scenario.Book.Now(scenario.Now).IsWarm);
        Assert.That(scenario.Changes.Count(change => change.Move is WarmupMove.Advanced or WarmupMove.Done), Is.EqualTo(14));
        Assert.That(scenario.Changes, Has.Count.EqualTo(14), "nothing held it");
        foreach (var (allowance, sent, deferred, hour) in scenario.Days.Where(day => day.Allowance < long.MaxValue))
        {
            Assert.That(sent, Is.LessThanOrEqualTo(allowance).And.GreaterThanOrEqualTo(allowance / 2));
            Assert.That(deferred, Is.LessThan(sent * 0.05));
            Assert.That(hour, Is.LessThanOrEqualTo(Math.Ceiling(allowance * Hourly)));
            Assert.That(hour, Is.LessThanOrEqualTo(allowance <= 6_400 ? 500 : int.MaxValue));
        }
    }

    [Test]
    public void A_receiver_that_grows_slower_than_the_plan_is_followed_not_pressed()
    {
        var scenario = new WarmupScenario(new ReceiverModel(growth: 1.5, unknown: 150)) { Book = Attempts.Book(caps: Caps()) };
        scenario.Run(30);
        Write(scenario);
        var cold = scenario.Days.Where(day => day.Allowance < long.MaxValue).ToList();

        Assert.That(cold.Max(day => (double)day.Deferred / day.Sent), Is.LessThan(0.09), "on a small day the bound and a few probes");
        Assert.That(cold.Where(day => day.Allowance >= 800).Max(day => (double)day.Deferred / day.Sent), Is.LessThan(0.05));
        Assert.That(cold.Sum(day => (double)day.Deferred) / cold.Sum(day => day.Sent), Is.LessThan(0.002));
        Assert.That(scenario.Changes.Exists(change => change.Move is WarmupMove.Cut));
        Assert.That(scenario.Book.Now(scenario.Now).DayAllowance, Is.GreaterThanOrEqualTo(51_200), "and it grows all the same");
    }

    [Test]
    public void A_bad_list_holds_and_steps_back()
    {
        var scenario = new WarmupScenario(new ReceiverModel(growth: 2.2, unknown: 150)) { Book = Attempts.Book(caps: Caps()) };
        scenario.Run(5);
        Assert.That(scenario.Book.Now(scenario.Now).Step, Is.EqualTo(5));

        scenario.DeadPercent = 10;
        scenario.Run(5);
        Write(scenario);
        var bad = scenario.Days[5..];
        Assert.That(scenario.Changes.Where(change => change.At > Attempts.DayNumber(5)).Select(change => change.Move), Has.None.EqualTo(WarmupMove.Advanced));
        Assert.That(scenario.Changes.Count(change => change is { Move: WarmupMove.SteppedBack, Why: WarmupHold.Hard }), Is.EqualTo(5));
        Assert.That(scenario.Book.Now(scenario.Now).Step, Is.Zero);
        Assert.That(bad.TrueForAll(day => day.Sent <= Math.Max(100, day.Allowance / 10)), "most of each day's allowance stays unused");

        scenario.DeadPercent = 0;
        scenario.Run(3);
        Assert.That(scenario.Book.Now(scenario.Now).Step, Is.GreaterThan(0), "a clean list is believed again");
    }

    [Test]
    public void A_list_a_little_bad_holds_but_goes_not_back()
    {
        var scenario = new WarmupScenario(new ReceiverModel(growth: 2.2, unknown: 150)) { Book = Attempts.Book(), DeadPercent = 3 };
        scenario.Run(4);

        Assert.That(scenario.Book.Now(scenario.Now).Step, Is.Zero);
        Assert.That(scenario.Changes.Select(change => change.Why), Is.All.EqualTo(WarmupHold.Hard));
        Assert.That(scenario.Changes.Select(change => change.Move), Has.None.EqualTo(WarmupMove.SteppedBack));
    }

    [Test]
    public void Rest_costs_steps_and_long_rest_the_whole_way()
    {
        var scenario = new WarmupScenario(new ReceiverModel(growth: 2.2, unknown: 150)) { Book = Attempts.Book(caps: Caps()) };
        scenario.Run(8);
        scenario.Rest(TimeSpan.FromDays(16));
        Assert.That(scenario.Book.Now(scenario.Now).Step, Is.EqualTo(6), "two sevens of days");

        scenario.Run(2);
        Assert.That(scenario.Book.Now(scenario.Now).Step, Is.EqualTo(8), "the receiver remembers, too");

        scenario.Rest(TimeSpan.FromDays(31));
        Assert.That(scenario.Book.Now(scenario.Now).Step, Is.Zero);
    }

    [Test]
    public void A_restart_each_day_at_noon_changes_nothing()
    {
        using var directory = new TemporaryDirectory();
        var file = new WarmupFile(directory["warmup"]);
        var book = Attempts.Book();
        var restarted = Attempts.Book();
        for (var day = 0; day < 12; day++)
        {
            var morning = Attempts.DayNumber(day) + TimeSpan.FromHours(6);
            foreach (var _ in Enumerable.Range(0, (int)(book.Now(morning).DayAllowance / 2) + 1))
            {
                book.Observe(Attempts.Of(morning));
                restarted.Observe(Attempts.Of(morning));
            }

            file.Save(restarted, morning);
            restarted = Attempts.Book();
            Assert.That(file.Load(restarted, morning), Is.Null);
            Assert.That(restarted.Now(morning), Is.EqualTo(book.Now(morning)));
        }

        Assert.That(restarted.Now(Attempts.DayNumber(12)).Step, Is.EqualTo(12));
    }

    [TestCase("Europe/Berlin")]
    [TestCase("Pacific/Auckland")]
    [TestCase("America/Los_Angeles")]
    public void In_any_time_zone_it_takes_as_long(string zone)
    {
        var scenario = new WarmupScenario(new ReceiverModel(growth: 4.5, unknown: 400)) { Book = Attempts.Book(zone: zone, caps: Caps()) };
        scenario.Run(16);

        Assert.That(scenario.Book.Now(scenario.Now).IsWarm);
        Assert.That(scenario.Days.TrueForAll(day => day.Deferred == 0));
    }

    [Test]
    public void The_report_says_when_it_will_be_done()
    {
        var scenario = new WarmupScenario(new ReceiverModel(growth: 2.2, unknown: 150)) { Book = Attempts.Book(caps: Caps()) };
        Assert.That(scenario.Book.Standings(scenario.Now), Is.Empty);

        scenario.Run(5);
        var standing = scenario.Book.Standings(scenario.Now, Attempts.Source).Single();
        Assert.That((standing.Step, standing.Steps, standing.DayAllowance, standing.HeldBecause), Is.EqualTo((6, 14, (long?)3_200, (string?)null)));
        Assert.That(standing.DoneOn, Is.EqualTo(new DateOnly(2026, 6, 15)), "nine more days from the sixth");
        Assert.That(scenario.Book.Standings(scenario.Now, "warm"), Is.Empty);

        scenario.DeadPercent = 10;
        scenario.Run(1);
        standing = scenario.Book.Standings(scenario.Now).Single();
        Assert.That(standing.HeldBecause, Does.Match(@"^\d+ of \d+ do not exist, \d+(\.\d+)? %, bound 2 %$"));
        Assert.That(standing.DoneOn, Is.EqualTo(new DateOnly(2026, 6, 19)), "ten steps at five in six days");
    }

    private static Dictionary<string, int> Caps() => new() { [Attempts.Gmail] = 500 };

    private static void Write(WarmupScenario scenario)
    {
        for (var day = 0; day < scenario.Days.Count; day++)
        {
            var (allowance, sent, deferred, hour) = scenario.Days[day];
            TestContext.Out.WriteLine($"day {day + 1}: allowance {(allowance == long.MaxValue ? "none" : allowance)}, sent {sent}, deferred {deferred}, busiest hour {hour}");
        }
    }
}
