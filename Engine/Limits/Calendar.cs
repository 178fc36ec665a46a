namespace Engine.Limits;

/// <summary>Where days begin: a time zone and the process's clock.</summary>
/// <param name="Clock">Wall clock and timestamps.</param>
/// <param name="Zone">Key <c>timeZone</c>.</param>
internal sealed record Calendar(TimeProvider Clock, TimeZoneInfo Zone)
{
    // Windows of several days are counted from here, so that they turn at the same midnights in every process.
    private static readonly DateTime FirstDay = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>The window that holds this time.</summary>
    /// <param name="at">Wall clock.</param>
    /// <param name="span">A part of a day, counted from midnight, or whole days, counted from 2026-01-01.</param>
    public (DateTimeOffset Start, DateTimeOffset End) WindowOf(DateTimeOffset at, TimeSpan span)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone).DateTime;
        var origin = span < TimeSpan.FromDays(1) ? local.Date : FirstDay;
        var start = origin + TimeSpan.FromTicks((long)Math.Floor((local - origin).Ticks / (double)span.Ticks) * span.Ticks);
        var end = start + span;
        if (span < TimeSpan.FromDays(1) && end > local.Date.AddDays(1))
        {
            end = local.Date.AddDays(1);
        }

        return (At(start), At(end));
    }

    public long TimestampOf(DateTimeOffset wall) =>
        Clock.GetTimestamp() + (long)((wall - Clock.GetUtcNow()).TotalSeconds * Clock.TimestampFrequency);

    public DateTimeOffset WallOf(long timestamp) =>
        Clock.GetUtcNow() + TimeSpan.FromSeconds((timestamp - Clock.GetTimestamp()) / (double)Clock.TimestampFrequency);

    // A midnight that summer time skips is the first moment after it.
    private DateTimeOffset At(DateTime local)
    {
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
