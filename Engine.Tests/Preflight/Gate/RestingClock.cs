namespace Engine.Tests.Preflight.Gate;

/// <summary>Time of one loop: it moves from one time the loop rests until to the next, however long the loop takes between.</summary>
internal sealed class RestingClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<RestTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private TaskCompletionSource _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <summary>Moves on; the loop does its work at each time on the way.</summary>
    public async Task PassAsync(TimeSpan span)
    {
        // For a machine under load: the loop does days of checks in it.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), System);
        var end = GetUtcNow() + span;
        while (await NextAsync(patience.Token) is var timer && timer.Due <= end)
        {
            lock (_gate)
            {
                _now = timer.Due > _now ? timer.Due : _now;
                _timers.Remove(timer);
            }

            timer.Ring();
        }

        lock (_gate)
        {
            _now = end;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new RestTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private async Task<RestTimer> NextAsync(CancellationToken patience)
    {
        while (true)
        {
            Task armed;
            lock (_gate)
            {
                if (_timers.MinBy(timer => timer.Due) is { } next)
                {
                    return next;
                }

                armed = _armed.Task;
            }

            await armed.WaitAsync(patience);
        }
    }

    private sealed class RestTimer(RestingClock clock, Action ring) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            TaskCompletionSource armed;
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                Due = clock._now + dueTime;
                clock._timers.Add(this);
                (armed, clock._armed) = (clock._armed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            armed.SetResult();
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
