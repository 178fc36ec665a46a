namespace Engine.Reputation.Warmup;

/// <summary>The days of a time zone. Thread-safe; a question about the day asked for last costs two comparisons.</summary>
internal sealed class LocalDays(TimeZoneInfo zone)
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    private LocalDay? _last;

    public LocalDay At(DateTimeOffset time)
    {
        var last = Volatile.Read(ref _last);
        if (last is not null && last.Holds(time))
        {
            return last;
        }

        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);
        var day = new LocalDay(date.DayNumber, StartOf(date), StartOf(date.AddDays(1)));
        Volatile.Write(ref _last, day);
        return day;
    }

    // Midnight may be skipped (the day begins later) or come twice (it begins with the first).
    private DateTimeOffset StartOf(DateOnly date)
    {
        var local = date.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local += Step;
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
