using Engine.Reputation.Warmup;

namespace Engine.Tests.Reputation.Warmup;

internal sealed class WarmupPaceTests
{
    [TestCase(100, 0.083, 0)]
    [TestCase(1_000, 0.045, 0)]
    [TestCase(6_400, 0.083, 500)]
    [TestCase(819_200, 0.083, 0)]
    [TestCase(50, 1, 0)]
    public void A_full_bucket_and_an_hour_are_one_share(int allowance, double hourly, int cap)
    {
        var pace = WarmupPace.Of(allowance, hourly, cap);
        var share = cap > 0 ? Math.Min(allowance * hourly, cap) : allowance * hourly;

        Assert.That((pace.RatePerSecond * 3_600) + pace.Burst, Is.EqualTo(share).Within(1e-6));
        Assert.That(pace.Burst, Is.InRange(1, Math.Max(1, share / 60)));
    }

    [TestCase(100, 0.083)]
    [TestCase(10, 0.083)]
    [TestCase(1, 0.083)]
    [TestCase(100_000, 0.045)]
    public void More_than_half_of_the_allowance_fits_in_the_shortest_day(int allowance, double hourly)
    {
        var pace = WarmupPace.Of(allowance, hourly, 0);

        Assert.That((pace.RatePerSecond * 3_600 * 23) + pace.Burst, Is.GreaterThanOrEqualTo(allowance * 0.5));
    }

    [Test]
    public void What_an_operator_takes_from_a_new_address_holds_in_the_first_half_of_the_plan()
    {
        var book = Attempts.Book(caps: new Dictionary<string, int> { [Attempts.Gmail] = 500 }, start: 7);
        var still = book.Now(Attempts.Start);
        book.SetStep(Attempts.Source, Attempts.Gmail, 7, Attempts.Start);
        var later = book.Now(Attempts.Start);

        Assert.That((still.DayAllowance, (still.RatePerSecond * 3_600) + still.Burst), Is.EqualTo((6_400L, 500d)).Within(1e-6));
        Assert.That((later.DayAllowance, (later.RatePerSecond * 3_600) + later.Burst), Is.EqualTo((12_800L, 1_062.4)).Within(1e-6));
    }

    [Test]
    public void A_step_beyond_a_day_of_the_operators_bound_is_cut_to_it()
    {
        var plan = new Engine.Configuration.WarmupPlanOptions { Steps = [50_000, 50_000, 50_000] };
        var book = Attempts.Book(plan, caps: new Dictionary<string, int> { [Attempts.Gmail] = 500 });
        Assert.That(book.Now(Attempts.Start).DayAllowance, Is.EqualTo(12_000));

        book.Day(Attempts.Start, 6_000);
        Assert.That(book.Now(Attempts.DayNumber(1)).Step, Is.EqualTo(1), "half of what was possible was used");
    }
}
