using Engine.Configuration;
using Engine.Reputation.Control.Pacing;

namespace Engine.Tests.Reputation.Control;

internal sealed class RateLoopTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly ControlOptions Options = new();

    // keep, taken while it refused, taken in the minute before -> limit, refused
    [TestCase(0.5, 10, 10, 5, 10)]
    [TestCase(0.7, 10, 20, 7, 20)]
    [TestCase(0.5, 20, 10, 10, 20)]
    [TestCase(0.5, 0, 100, 1 / 120.0, 100, Description = "nothing taken at all: half of the floor is the floor")]
    [TestCase(0.5, 0, 0, 1 / 60.0, 1 / 60.0)]
    public void A_first_cut_starts_from_what_was_taken(double keep, double taken, double before, double limit, double refused)
    {
        var loop = new RateLoop();
        var tried = loop.Cut(Start, keep, taken, before, TimeSpan.Zero, TimeSpan.Zero, Options);

        Assert.That(tried, Is.False);
        Assert.That(loop.Limit, Is.EqualTo(Math.Max(limit, 1 / 60.0)).Within(1e-9));
        Assert.That(loop.Refused, Is.EqualTo(refused).Within(1e-9));
    }

    [Test]
    public void It_climbs_in_the_ramp_to_just_under_the_refused_level_and_holds_there()
    {
        var loop = Cut(out var now);
        var half = Climb(loop, now, TimeSpan.FromSeconds(150), used: true);
        Assert.That(half, Is.EqualTo((7 + 9.3) / 2).Within(0.1));
        Assert.That(Climb(loop, now.AddSeconds(150), TimeSpan.FromSeconds(150), used: true), Is.EqualTo(9.3).Within(0.05));
        Assert.That(Climb(loop, now.AddSeconds(300), TimeSpan.FromSeconds(295), used: true), Is.EqualTo(9.3).Within(0.001));
        Assert.That(Climb(loop, now.AddSeconds(595), TimeSpan.FromSeconds(300), used: true), Is.GreaterThan(10));
    }

    [Test]
    public void It_does_not_climb_on_refusals_nor_unused()
    {
        var loop = Cut(out var now);
        Assert.That(Climb(loop, now, TimeSpan.FromMinutes(5), used: true, clean: false), Is.EqualTo(7));
        Assert.That(Climb(loop, now.AddMinutes(5), TimeSpan.FromMinutes(9), used: false), Is.EqualTo(7));
        Assert.That(Climb(loop, now.AddMinutes(14), TimeSpan.FromMinutes(61), used: false), Is.EqualTo(14).Within(0.3), "it drifts");
    }

    [TestCase(0, 9.5, 20)]
    [TestCase(10, 6.51, 100)]
    public void A_try_that_is_refused_steps_back_and_waits_twice_as_long_but_one_that_costs_a_pause_is_a_cut_and_a_long_wait(int pauseMinutes, double limit, double holdMinutes)
    {
        var loop = Cut(out var now);
        Climb(loop, now, TimeSpan.FromMinutes(11), used: true);
        now = now.AddMinutes(11);
        var tried = loop.Cut(now, 0.7, 9.3, 9.3, TimeSpan.Zero, TimeSpan.FromMinutes(pauseMinutes), Options);

        Assert.That(tried, Is.EqualTo(pauseMinutes == 0));
        Assert.That(loop.Limit, Is.EqualTo(limit).Within(0.1));
        Assert.That(loop.Hold, Is.EqualTo(TimeSpan.FromMinutes(holdMinutes)));
    }

    [Test]
    public void It_lets_go_at_the_configured_rate()
    {
        var loop = Cut(out var now);
        loop.Raise(now.AddSeconds(10), 100, clean: true, ceiling: 7, Options);

        Assert.That(loop.IsAtRest);
    }

    private static RateLoop Cut(out DateTimeOffset now)
    {
        var loop = new RateLoop();
        loop.Cut(Start, 0.7, 10, 10, TimeSpan.Zero, TimeSpan.Zero, Options);
        now = Start;
        return loop;
    }

    private static double Climb(RateLoop loop, DateTimeOffset from, TimeSpan span, bool used, bool clean = true)
    {
        for (var second = 1; second <= span.TotalSeconds; second++)
        {
            loop.Raise(from.AddSeconds(second), used ? loop.Limit : 0, clean, null, Options);
        }

        return loop.Limit;
    }
}
