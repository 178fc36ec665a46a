namespace Engine.Scheduling;

/// <summary>Wakes things at their times with one timer, set to the earliest. A thing is woken once for each setting that was the earliest of its own. Thread-safe.</summary>
/// <typeparam name="T">What is woken.</typeparam>
internal sealed class Alarm<T> : IDisposable
    where T : class
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<T, long> _times = new();
    private readonly Dictionary<T, long> _earliest = [];
    private readonly TimeProvider _clock;
    private readonly Action<T> _ring;
    private readonly ITimer _timer;
    private long _set = long.MaxValue;

    /// <param name="clock">Times are its timestamps.</param>
    /// <param name="ring">Called on a pool thread, one at a time, outside any lock of this.</param>
    public Alarm(TimeProvider clock, Action<T> ring)
    {
        (_clock, _ring) = (clock, ring);
        _timer = clock.CreateTimer(static self => ((Alarm<T>)self!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Set(T item, long at)
    {
        lock (_gate)
        {
            if (_earliest.TryGetValue(item, out var set) && set <= at)
            {
                return;
            }

            _earliest[item] = at;
            _times.Enqueue(item, at);
            Arm();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        while (true)
        {
            T item;
            lock (_gate)
            {
                _set = long.MaxValue;
                if (!_times.TryPeek(out var next, out var at) || at > _clock.GetTimestamp())
                {
                    Arm();
                    return;
                }

                _times.Dequeue();
                if (!_earliest.TryGetValue(next, out var set) || set != at)
                {
                    // It was set to an earlier time since, and has been woken then.
                    continue;
                }

                _earliest.Remove(next);
                item = next;
            }

            _ring(item);
        }
    }

    private void Arm()
    {
        if (!_times.TryPeek(out _, out var at) || at >= _set)
        {
            return;
        }

        _set = at;
        var wait = _clock.GetElapsedTime(_clock.GetTimestamp(), at);

        // Timers count whole milliseconds; rounding up keeps it from ringing before the time and again at once.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, 86_400_000)), Timeout.InfiniteTimeSpan);
    }
}
