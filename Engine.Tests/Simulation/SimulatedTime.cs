namespace Engine.Tests.Simulation;

/// <summary>Time that jumps from one event to the next: hours of traffic in milliseconds. One thread; timers and events ring in order of their time, equal ones in order of their making.</summary>
internal sealed class SimulatedTime(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<Happening, (long At, long Number)> _happenings = new();
    private long _now = start.UtcTicks;
    private long _number;

    public SimulatedTime()
        : this(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Things that happened.</summary>
    public long Happened { get; private set; }

    public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void After(TimeSpan wait, Action action) => Put(new Happening(action, null, 0), _now + wait.Ticks);

    /// <summary>Every <paramref name="period"/> from one period on, until the simulation's end.</summary>
    public void Every(TimeSpan period, Action action) => After(period, () =>
    {
        action();
        Every(period, action);
    });

    public void RunFor(TimeSpan span) => RunUntil(GetUtcNow() + span, static () => false);

    /// <summary>Runs until a time, or until <paramref name="isDone"/>, asked after each event.</summary>
    public void RunUntil(DateTimeOffset end, Func<bool> isDone)
    {
        while (_happenings.TryPeek(out var next, out var key) && key.At <= end.UtcTicks)
        {
            _happenings.Dequeue();
            if (next.Timer is { } timer && timer.Version != next.Version)
            {
                continue;
            }

            _now = Math.Max(_now, key.At);
            Happened++;
            next.Ring();
            if (isDone())
            {
                return;
            }
        }

        _now = Math.Max(_now, end.UtcTicks);
    }

    private void Put(in Happening happening, long at) => _happenings.Enqueue(happening, (at, _number++));

    private readonly record struct Happening(Action? Action, SimulatedTimer? Timer, int Version)
    {
        public void Ring()
        {
            Action?.Invoke();
            Timer?.Ring();
        }
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Version++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Put(new Happening(null, this, Version), time._now + dueTime.Ticks);
            }

            return true;
        }

        public void Ring()
        {
            if (_period > TimeSpan.Zero)
            {
                time.Put(new Happening(null, this, Version), time._now + _period.Ticks);
            }

            callback(state);
        }

        public void Dispose() => Version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
