using Engine.Limits;

namespace Engine.Tests.Limits;

internal sealed class VolumeWindowTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // Noon in UTC on a Sunday.
    private readonly ManualClock _clock = new();

    [Test]
    public void A_day_has_room_for_its_maximum_and_begins_anew_at_midnight_of_its_zone()
    {
        var window = new VolumeWindow(10, Day, new Calendar(_clock, Zone(11)));

        Assert.That(window.TryTake(Now, 8, out _), Is.True);
        Assert.That(window.TryTake(Now, 3, out var readyAt), Is.False, "all or none");
        Assert.That(readyAt, Is.EqualTo(Now + TimeSpan.FromHours(1).Ticks));
        Assert.That(window.TryTake(Now, 2, out _), Is.True);
        _clock.Advance(TimeSpan.FromMinutes(61));
        Assert.That(window.UsedAt(Now), Is.Zero);
        Assert.That(window.TryTake(Now, 10, out _), Is.True);
    }

    [Test]
    public void What_is_over_counts_in_the_windows_that_follow_where_it_is_carried()
    {
        var window = new VolumeWindow(10, Day, new Calendar(_clock, TimeZoneInfo.Utc), carries: true);

        Assert.That(window.Charge(Now, 10), Is.Zero);
        Assert.That(window.Charge(Now, 1), Is.EqualTo(1));
        Assert.That(window.Charge(Now, 14), Is.EqualTo(2));
        _clock.Advance(Day);
        Assert.That(window.UsedAt(Now), Is.EqualTo(15), "25 less the ten of the day that is over");
        _clock.Advance(Day * 5);
        Assert.That(window.UsedAt(Now), Is.Zero);
    }

    [TestCase(6, "12:00", "18:00")]
    [TestCase(1, "12:00", "13:00")]
    [TestCase(5, "10:00", "15:00")]
    public void A_part_of_a_day_is_counted_from_midnight(int hours, string start, string end)
    {
        var running = new VolumeWindow(1, TimeSpan.FromHours(hours), new Calendar(_clock, TimeZoneInfo.Utc)).Running;

        Assert.That($"{running.Start:HH:mm} {running.End:HH:mm}", Is.EqualTo($"{start} {end}"));
    }

    [Test]
    public void Whole_days_turn_at_midnight_where_clocks_change_too()
    {
        // In Berlin the 29th of March 2026 has 23 hours.
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 29, 12, 0, 0, TimeSpan.Zero));
        var calendar = new Calendar(clock, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        var (start, end) = calendar.WindowOf(clock.GetUtcNow(), Day);
        Assert.That((start.UtcDateTime, end.UtcDateTime), Is.EqualTo((new DateTime(2026, 3, 28, 23, 0, 0), new DateTime(2026, 3, 29, 22, 0, 0))));
        var (week, weekEnd) = calendar.WindowOf(clock.GetUtcNow(), Day * 7);
        Assert.That((weekEnd - week).TotalHours, Is.EqualTo(167));
    }

    private long Now => _clock.GetTimestamp();

    private static TimeZoneInfo Zone(int hours) => TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(hours), "x", "x");
}
