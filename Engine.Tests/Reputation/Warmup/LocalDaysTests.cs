using System.Globalization;
using Engine.Configuration;
using Engine.Reputation.Warmup;

namespace Engine.Tests.Reputation.Warmup;

internal sealed class LocalDaysTests
{
    // Time, and the day it is in: number, first moment, first moment after.
    [TestCase("UTC", "2026-06-01T00:00:00Z", "2026-06-01", "2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z")]
    [TestCase("UTC", "2026-05-31T23:59:59Z", "2026-05-31", "2026-05-31T00:00:00Z", "2026-06-01T00:00:00Z")]
    [TestCase("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [TestCase("Europe/Berlin", "2026-10-25T23:59:59Z", "2026-10-26", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z")]
    [TestCase("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [TestCase("Asia/Kolkata", "2026-06-01T18:30:00Z", "2026-06-02", "2026-06-01T18:30:00Z", "2026-06-02T18:30:00Z")]
    [TestCase("America/Havana", "2026-03-08T12:00:00Z", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", Description = "midnight is skipped")]
    [TestCase("America/Havana", "2026-11-01T05:30:00Z", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", Description = "midnight comes twice")]
    public void A_day_begins_and_ends_by_the_clock_on_the_wall(string zone, string time, string date, string start, string end)
    {
        var day = new LocalDays(TimeZoneInfo.FindSystemTimeZoneById(zone)).At(Parse(time));

        Assert.That(DateOnly.FromDayNumber(day.Number).ToString("O", CultureInfo.InvariantCulture), Is.EqualTo(date));
        Assert.That((day.Start, day.End), Is.EqualTo((Parse(start), Parse(end))));
        Assert.That(day.Holds(Parse(time)));
    }

    [TestCase("Europe/Berlin", 366)]
    [TestCase("America/Havana", 366)]
    [TestCase("Australia/Lord_Howe", 366)]
    public void Days_follow_one_another_without_a_gap(string zone, int count)
    {
        var days = new LocalDays(TimeZoneInfo.FindSystemTimeZoneById(zone));
        var day = days.At(Parse("2026-01-01T12:00:00Z"));
        for (var index = 0; index < count; index++)
        {
            var next = days.At(day.End);
            Assert.That((next.Number, next.Start), Is.EqualTo((day.Number + 1, day.End)));
            day = next;
        }
    }

    [TestCase("Europe/Berlin", "2026-03-28T23:00:00Z", 23)]
    [TestCase("Europe/Berlin", "2026-10-24T22:00:00Z", 25)]
    [TestCase("America/New_York", "2026-06-01T04:00:00Z", 24)]
    public void A_step_is_taken_at_local_midnight(string zone, string midnight, int hours)
    {
        var start = Parse(midnight);
        var book = Attempts.Book(zone: zone);
        for (var index = 0; index < 100; index++)
        {
            book.Observe(Attempts.Of(start + TimeSpan.FromHours(hours * index / 100.0)));
        }

        var end = start + TimeSpan.FromHours(hours);
        Assert.That(book.Now(end - TimeSpan.FromTicks(1)), Has.Property("Step").EqualTo(0).And.Property("UsedToday").EqualTo(100).And.Property("NextChangeAt").EqualTo(end));
        Assert.That(book.Now(end), Has.Property("Step").EqualTo(1).And.Property("UsedToday").EqualTo(0));
    }

    [Test]
    public void The_shipped_plans_are_as_documented_and_can_be_replaced()
    {
        var none = new Dictionary<string, WarmupPlanOptions>();
        var days = WarmupPlan.Find("14-day", none)!.Steps;
        var weeks = WarmupPlan.Find("6-week", none)!.Steps;

        Assert.That(days, Is.EqualTo(new[] { 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 102_400, 204_800, 409_600, 819_200 }));
        Assert.That((weeks.Length, weeks[0], weeks[2], weeks[3], weeks[6], weeks[41]), Is.EqualTo((42, 100, 100, 200, 400, 819_200)));
        Assert.That(WarmupPlan.Find("own", none), Is.Null);
        Assert.That(WarmupPlan.Find("14-day", new Dictionary<string, WarmupPlanOptions> { ["14-day"] = new() { First = 10, Growth = 1.5, Days = 3 } })!.Steps, Is.EqualTo(new[] { 10, 15, 22 }));
    }

    private static DateTimeOffset Parse(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
