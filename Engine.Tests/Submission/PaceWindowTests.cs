using Engine.Submission;

namespace Engine.Tests.Submission;

internal sealed class PaceWindowTests
{
    [Test]
    public void The_first_thirty_seconds_are_free_and_then_each_thirty_bring_thirty_kibibytes()
    {
        var pace = default(PaceWindow);
        pace.Begin(At(100));

        Assert.That(pace.Allowance(At(100)), Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(pace.Take(1, At(129)), Is.True);
        Assert.That(pace.Take(1, At(131)), Is.True, "the free time ends, and a window begins");
        Assert.That(pace.Allowance(At(131)), Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(pace.Take(20 << 10, At(150)), Is.True);
        Assert.That(pace.Take(10 << 10, At(161)), Is.True, "just enough");
        Assert.That(pace.Take(30 << 9, At(191)), Is.False, "half of it");
    }

    [Test]
    public void Silence_is_cut_when_its_window_ends()
    {
        var pace = default(PaceWindow);
        pace.Begin(At(0));

        Assert.That(pace.Allowance(At(59)), Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(pace.Allowance(At(61)), Is.EqualTo(TimeSpan.Zero));
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
