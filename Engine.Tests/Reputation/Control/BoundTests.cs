using Engine.Configuration;
using Engine.Reputation.Control;
using Engine.Reputation.Control.Health;
using Engine.Reputation.Control.Pacing;

namespace Engine.Tests.Reputation.Control;

/// <summary>The small machines of control, row by row.</summary>
internal sealed class BoundTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly ControlOptions Options = new();

    // Connections allowed after each refusal, a good minute between them where there is a plus.
    [TestCase(20, "-", "10")]
    [TestCase(20, "---", "10 5 2")]
    [TestCase(1, "-", "1")]
    [TestCase(20, "-+++", "10 11 12 13")]
    [TestCase(20, "--+++-", "10 5 6 7 8 7", Description = "one above what was good: one back")]
    [TestCase(11, "-+++++", "5 6 7 8 9 10")]
    [TestCase(11, "-++++++", "5 6 7 8 9 10 10", Description = "held below the refused number")]
    public void Connections_fall_and_rise(int configured, string story, string expected)
    {
        var loop = new ConnectionLoop();
        var seen = new List<int>();
        for (var step = 0; step < story.Length; step++)
        {
            var now = Start + (step * Options.SuccessPeriod);
            if (story[step] == '-')
            {
                loop.Cut(now, 0.5, configured, TimeSpan.Zero, Options);
            }
            else
            {
                loop.Raise(now, good: 10, clean: true, configured);
            }

            seen.Add(loop.Limit);
        }

        Assert.That(string.Join(' ', seen), Is.EqualTo(expected));
    }

    [TestCase(0, true, 5)]
    [TestCase(3, false, 5)]
    [TestCase(3, true, 6)]
    public void A_connection_more_needs_a_good_and_clean_period(int good, bool clean, int expected)
    {
        var loop = new ConnectionLoop();
        loop.Cut(Start, 0.5, 11, TimeSpan.Zero, Options);
        loop.Raise(Start + Options.SuccessPeriod, good, clean, 11);

        Assert.That(loop.Limit, Is.EqualTo(expected));
    }

    [Test]
    public void A_pause_grows_when_it_comes_again_soon_and_starts_over_later()
    {
        var pause = new PauseTimer();
        var (now, minutes) = (Start, new List<double>());
        foreach (var wait in new[] { 1, 1, 1, 600, 0 })
        {
            Assert.That(pause.Begin(now, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), pardonable: false));
            Assert.That(pause.Begin(now.AddSeconds(3), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), pardonable: false), Is.False, "under way");
            minutes.Add(pause.Length.TotalMinutes);
            now = pause.Until;
            pause.End(now);
            now = now.AddMinutes(wait);
        }

        Assert.That(minutes, Is.EqualTo(new[] { 10.0, 20, 30, 30, 10 }));
    }

    [Test]
    public void A_longer_rule_lengthens_the_pause_that_is_on()
    {
        var pause = new PauseTimer();
        pause.Begin(Start, TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), pardonable: true);

        Assert.That(pause.Begin(Start.AddMinutes(1), TimeSpan.FromHours(2), TimeSpan.FromHours(1), pardonable: false));
        Assert.That((pause.Until, pause.Pardonable), Is.EqualTo((Start.AddHours(2), false)));
    }

    [TestCase("21 21 21", 20)]
    [TestCase("21 21", 0)]
    [TestCase("21 20 21 21", 0)]
    [TestCase("21 20 20 20", 19)]
    public void Breaks_at_the_same_message_are_a_bound(string messages, int expected)
    {
        var bound = new LearnedBound();
        foreach (var message in messages.Split(' '))
        {
            bound.Break(Start, int.Parse(message, System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.That(bound.Limit, Is.EqualTo(expected));
    }

    [Test]
    public void A_lower_bound_wins_and_a_higher_one_waits_its_day()
    {
        var bound = new LearnedBound();
        bound.Learn(Start, 20, TimeSpan.Zero);
        bound.Learn(Start, 30, TimeSpan.Zero);
        Assert.That(bound.Limit, Is.EqualTo(20));
        bound.Learn(Start, 10, TimeSpan.Zero);
        Assert.That(bound.Limit, Is.EqualTo(10));
        bound.Learn(Start.AddDays(1), 30, TimeSpan.Zero);
        Assert.That(bound.Limit, Is.EqualTo(30));
    }

    [Test]
    public void A_tally_slides()
    {
        var tally = Tally.OfAMinute();
        for (var second = 0; second < 120; second++)
        {
            tally.Add(Start.AddSeconds(second), Mark.Good);
        }

        Assert.That(tally[Mark.Good], Is.EqualTo(60));
        Assert.That(tally.PerSecond(Mark.Good, Start.AddSeconds(120)), Is.EqualTo(1).Within(0.1));
        tally.Roll(Start.AddSeconds(150));
        Assert.That(tally[Mark.Good], Is.EqualTo(25));
        Assert.That(tally.PerSecondLately(Mark.Good, Start.AddSeconds(150)), Is.Zero);
        tally.Roll(Start.AddHours(1));
        Assert.That(tally[Mark.Good], Is.Zero);
    }

    // Different receivers lost and reached within half a minute.
    [TestCase(9, 0, false)]
    [TestCase(10, 0, true)]
    [TestCase(10, 10, false)]
    [TestCase(30, 20, true)]
    public void Many_different_receivers_lost_is_our_own_trouble(int lost, int reached, bool expected)
    {
        var trouble = new LocalTrouble();
        for (var receiver = 0; receiver < lost + reached; receiver++)
        {
            var mine = 0L;
            for (var again = 0; again < 5; again++)
            {
                if (receiver < lost)
                {
                    trouble.Missed(Start, ref mine);
                }
                else
                {
                    trouble.Answered(Start, ref mine);
                }
            }
        }

        Assert.That(trouble.Tick(Start.AddSeconds(1)), Is.EqualTo(expected));
        Assert.That(trouble.IsOn, Is.EqualTo(expected));
        Assert.That(trouble.Tick(Start.AddMinutes(2)), Is.EqualTo(expected), "over when nothing is lost any more");
        Assert.That(trouble.IsOn, Is.False);
    }
}
