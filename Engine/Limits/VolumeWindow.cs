namespace Engine.Limits;

/// <summary>Counts recipients in a window of the calendar, a day mostly. Thread-safe; a lock only when the window turns.</summary>
/// <param name="maximum">Recipients per window; at least 1.</param>
/// <param name="span">Length; see <see cref="Limits.Calendar.WindowOf"/>.</param>
/// <param name="calendar">Where days begin.</param>
/// <param name="carries">What is counted over the maximum counts in the windows that follow; else each begins at 0.</param>
internal sealed class VolumeWindow(long maximum, TimeSpan span, Calendar calendar, bool carries = false)
{
    private readonly Lock _gate = new();
    private long _used;
    private long _endsAt = long.MinValue;
    private DateTimeOffset _start;

    public long Maximum { get; } = maximum;

    public TimeSpan Span { get; } = span;

    public bool Carries => carries;

    public TimeZoneInfo Zone => calendar.Zone;

    /// <summary>Counted in the window that runs now.</summary>
    public long UsedAt(long now)
    {
        Turn(now);
        return Volatile.Read(ref _used);
    }

    /// <summary>Wall clock: when the window that runs now began and ends.</summary>
    public (DateTimeOffset Start, DateTimeOffset End) Running => calendar.WindowOf(calendar.Clock.GetUtcNow(), Span);

    /// <param name="now">The time.</param>
    /// <param name="count">All or none are taken.</param>
    /// <param name="readyAt">On refusal: when the window turns.</param>
    public bool TryTake(long now, int count, out long readyAt)
    {
        Turn(now);
        readyAt = now;
        while (true)
        {
            var seen = Volatile.Read(ref _used);
            if (seen + count > Maximum)
            {
                readyAt = Volatile.Read(ref _endsAt);
                return false;
            }

            if (Interlocked.CompareExchange(ref _used, seen + count, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Counts what has happened already, over the maximum too.</summary>
    /// <returns>How many windows on from now the last of it falls; 0 when it fits in this one.</returns>
    public long Charge(long now, long count)
    {
        Turn(now);
        return (Interlocked.Add(ref _used, count) - 1) / Maximum;
    }

    /// <summary>Takes up a saved count, as far as it still matters.</summary>
    /// <param name="used">Counted when it was saved.</param>
    /// <param name="start">Wall clock: the beginning of the window it was counted in.</param>
    public void Restore(long used, DateTimeOffset start)
    {
        var passed = WindowsSince(start);
        if (passed >= 0 && (passed == 0 || carries))
        {
            Charge(calendar.Clock.GetTimestamp(), Math.Max(0, used - (passed * Maximum)));
        }
    }

    /// <summary>Gives back what was taken and not used.</summary>
    public void Refund(int count)
    {
        if (Interlocked.Add(ref _used, -count) < 0)
        {
            // The window turned in between.
            Volatile.Write(ref _used, 0);
        }
    }

    /// <summary>Now when there is room, else when the window turns.</summary>
    public long OpensAt(long now)
    {
        Turn(now);
        return Volatile.Read(ref _used) < Maximum ? now : Volatile.Read(ref _endsAt);
    }

    /// <summary>The same count under another maximum or calendar.</summary>
    public VolumeWindow With(long maximum, Calendar other)
    {
        if (maximum == Maximum && other == calendar)
        {
            return this;
        }

        var changed = new VolumeWindow(maximum, Span, other, carries);
        changed.Charge(other.Clock.GetTimestamp(), UsedAt(calendar.Clock.GetTimestamp()));
        return changed;
    }

    // Rounded: a window in which clocks are put forward or back is an hour shorter or longer.
    private long WindowsSince(DateTimeOffset start) => (long)Math.Round((Running.Start - start) / Span);

    private void Turn(long now)
    {
        if (now < Volatile.Read(ref _endsAt))
        {
            return;
        }

        lock (_gate)
        {
            if (now >= _endsAt)
            {
                var (start, end) = Running;
                Volatile.Write(ref _used, carries && _start != default ? Math.Max(0, _used - (WindowsSince(_start) * Maximum)) : 0);
                _start = start;
                Volatile.Write(ref _endsAt, Math.Max(calendar.TimestampOf(end), now + 1));
            }
        }
    }
}
