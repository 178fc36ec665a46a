namespace Engine.Reputation;

/// <summary>Numbers the steps of a window; the division is done once a step, not once a message. Not thread-safe: a field, never a copy.</summary>
/// <param name="window">24 steps.</param>
internal struct StepClock(TimeSpan window)
{
    private readonly long _length = window.Ticks / RateRing.Steps;
    private long _start = long.MinValue;
    private long _step;

    public long StepOf(DateTimeOffset time)
    {
        var ticks = time.UtcTicks;
        if ((ulong)(ticks - _start) >= (ulong)_length)
        {
            _step = ticks / _length;
            _start = _step * _length;
        }

        return _step;
    }
}
