using Engine.Reports.Seeds;

namespace Engine.Tests.Reports.Seeds;

internal sealed class SeedDriftTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly SeedHistory _history = new();
    private int _sent;

    [Test]
    public void Spam_begins_at_three_of_ten_and_ends_when_the_inbox_is_usual_again()
    {
        Assert.That(Add(SeedPlace.Spam, 2).Concat(Add(SeedPlace.Inbox, 8)), Is.Empty, "two of them are chance");
        Assert.That(Add(SeedPlace.Spam, 3), Is.EqualTo(new[] { "gmail by pool bulk: of the last 12 probes 33 % went to spam and 0 % are missing; the others took 5 s in the middle, 0 s on the days before" }));
        Assert.That(_history.Rows(Now).Single().Drift, Is.EqualTo("spam"));
        var news = Add(SeedPlace.Inbox, 12);
        Assert.That(news.Single(), Does.EndWith("probes arrive in the inbox again, as fast as they used to"));
        Assert.That(_history.Rows(Now).Single().Drift, Is.Empty);
    }

    [Test]
    public void A_few_probes_say_nothing() => Assert.That(Add(SeedPlace.Missing, SeedDrift.Minimum - 1), Is.Empty);

    [Test]
    public void Missing_ones_are_told_of() => Assert.That(Add(SeedPlace.Missing, SeedDrift.Minimum).Single(), Does.Contain("100 % are missing"));

    [Test]
    public void Slow_is_four_times_the_usual_and_never_below_two_minutes()
    {
        _sent = -3_000;
        Add(SeedPlace.Inbox, 20, 20);
        _sent = 0;
        Assert.That(Add(SeedPlace.Inbox, 12, 110), Is.Empty, "nobody waits so long");
        Assert.That(Add(SeedPlace.Inbox, 12, 300).Single(), Does.Contain("300 s in the middle, 20 s on the days before"));
        Assert.That(_history.Rows(Now).Single().Drift, Is.EqualTo("slow"));
        Assert.That(Add(SeedPlace.Inbox, 12, 20).Single(), Does.Contain("as fast as they used to"));
    }

    [Test]
    public void The_table_has_shares_and_times()
    {
        Add(SeedPlace.Inbox, 6, 10);
        Add(SeedPlace.Inbox, 2, 100);
        Add(SeedPlace.Spam, 1);
        Add(SeedPlace.Missing, 1);
        var row = _history.Rows(Now).Single();
        Assert.That(row.Day, Is.EqualTo(new SeedShare(10, 0.8, 0.1, 0.1, 10, 100)));
        Assert.That(row.Week, Is.EqualTo(row.Day));
    }

    [Test]
    public void History_is_bounded_by_time_and_number()
    {
        for (var at = 0; at < SeedHistory.MaxResults + 10; at++)
        {
            _history.Add(Result(SeedPlace.Inbox, 1) with { Sent = Now }, Now);
        }

        Assert.That(_history.All, Has.Count.EqualTo(SeedHistory.MaxResults));
        _history.Add(Result(SeedPlace.Inbox, 1) with { Sent = Now.AddDays(8) }, Now.AddDays(8));
        Assert.That(_history.All, Has.Count.EqualTo(1));
        for (var at = 0; at <= SeedHistory.MaxRows; at++)
        {
            _history.Add(Result(SeedPlace.Inbox, 1) with { Provider = $"p{at}", Sent = Now.AddDays(9) }, Now.AddDays(9));
        }

        Assert.That(_history.Rows(Now.AddDays(9)), Has.Count.EqualTo(SeedHistory.MaxRows));
    }

    // A minute apart, within the last day.
    private List<string> Add(SeedPlace place, int times, double seconds = 5)
    {
        var news = new List<string>();
        for (var at = 0; at < times; at++)
        {
            news.AddRange(new[] { _history.Add(Result(place, seconds), Now) }.OfType<string>());
        }

        return news;
    }

    private SeedResult Result(SeedPlace place, double seconds) => new("s", "gmail", "bulk", "b1", Now.AddMinutes(-600 + _sent++), place, place is SeedPlace.Missing ? 0 : seconds, string.Empty);
}
