namespace Engine.Tests.Delivery.Smtp;

/// <summary>A clock that stands until it is moved. Timers fire inside <see cref="Advance"/>, on the caller's thread, in order.</summary>
internal sealed class ManualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private TimeSpan _now;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start + Now;

    public override long GetTimestamp() => Now.Ticks;

    public void Advance(TimeSpan span)
    {
        lock (_lock)
        {
            _now += span;
        }

        while (NextDue() is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Waits until some timer falls due in just this span.</summary>
    public async Task ArmedAsync(TimeSpan span, CancellationToken stop)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_timers.Exists(timer => timer.Due - _now == span))
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(stop);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    private ManualTimer? NextDue()
    {
        lock (_lock)
        {
            var due = _timers.Where(timer => timer.Due <= _now).MinBy(timer => timer.Due);
            if (due is not null)
            {
                _timers.Remove(due);
            }

            return due;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            TaskCompletionSource changed;
            lock (clock._lock)
            {
                changed = clock._changed;
                clock._changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                clock._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    clock._timers.Add(this);
                }
            }

            changed.SetResult();
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
