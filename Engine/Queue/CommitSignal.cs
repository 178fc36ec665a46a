namespace Engine.Queue;

/// <summary>Wakes the commit loop, at once or in a moment, and those who wait for room when it has committed.</summary>
/// <param name="clock">For the moment.</param>
internal sealed class CommitSignal(TimeProvider clock) : IDisposable
{
    private readonly object _wake = new();
    private ITimer? _timer;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _turn;
    private bool _work;

    public void Start() =>
        _timer = clock.CreateTimer(static signal => ((CommitSignal)signal!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Wake()
    {
        lock (_wake)
        {
            _work = true;
            Monitor.Pulse(_wake);
        }
    }

    public void WakeIn(TimeSpan delay) => _timer?.Change(delay, Timeout.InfiniteTimeSpan);

    /// <summary>Sleeps until there is work.</summary>
    public void Wait()
    {
        lock (_wake)
        {
            while (!_work)
            {
                Monitor.Wait(_wake);
            }

            _work = false;
        }
    }

    /// <summary>Sleeps for a time, or until somebody wakes it; what there is to do stays to be done.</summary>
    public void Pause(TimeSpan time)
    {
        lock (_wake)
        {
            Monitor.Wait(_wake, time);
        }
    }

    /// <summary>Completes when the turn in hand has ended, or when there will be no more.</summary>
    public Task EndOfTurn()
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _turn, fresh, null) ?? fresh).Task;
    }

    public void TurnEnded() => Interlocked.Exchange(ref _turn, null)?.TrySetResult();

    /// <summary>Completes with the next commit, or when there will be none.</summary>
    public Task NextCommit()
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _room, fresh, null) ?? fresh).Task;
    }

    public void Committed() => Interlocked.Exchange(ref _room, null)?.TrySetResult();

    public void Dispose() => _timer?.Dispose();
}
