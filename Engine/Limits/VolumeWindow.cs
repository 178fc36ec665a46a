namespace Engine.Limits;

/// <summary>Counts recipients in a window of the calendar, a day mostly. Thread-safe; a lock only when the window turns.</summary>
/// <param name="maximum">Recipients per window; at least 1.</param>
/// <param name="span">Length; see <see cref="Limits.Calendar.WindowOf"/>.</param>
/// <param name="calendar">Where days begin.</param>
internal sealed class VolumeWindow(long maximum, TimeSpan span, Calendar calendar)
{
    private readonly Lock _gate = new();
    private long _used;
    private long _endsAt = long.MinValue;

    public long Maximum { get; } = maximum;

    public TimeSpan Span { get; } = span;

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
    public void Charge(long now, int count)
    {
        Turn(now);
        Interlocked.Add(ref _used, count);
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
        var changed = new VolumeWindow(maximum, Span, other);
        changed.Charge(other.Clock.GetTimestamp(), (int)Math.Min(int.MaxValue, UsedAt(calendar.Clock.GetTimestamp())));
        return changed;
    }

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
                var end = calendar.TimestampOf(Running.End);
                Volatile.Write(ref _used, 0);
                Volatile.Write(ref _endsAt, Math.Max(end, now + 1));
            }
        }
    }
}
