using System.Collections.Concurrent;
using Engine.Scheduling;

namespace Engine.Delivery;

/// <summary>Starts workers when the scheduler asks, and waits for them at the end.</summary>
internal sealed class LaneWorkers : IDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private WorkerParts? _parts;

    /// <summary>Given once, before any mail is due; the scheduler that starts workers is itself one of the parts.</summary>
    public void Load(WorkerParts parts) => _parts = parts;

    /// <summary>Starts one; a no-op once the engine drains, for a worker would give its place back at once and so start the next.</summary>
    public void Start(Lane lane)
    {
        if (_drain.IsCancellationRequested)
        {
            return;
        }

        var worker = new LaneWorker(_parts!, lane, _drain.Token, _stop.Token);
        var task = Task.Run(worker.RunAsync);
        if (!task.IsCompleted && _running.TryAdd(task, true))
        {
            _ = task.ContinueWith(static (ended, running) => ((ConcurrentDictionary<Task, bool>)running!).TryRemove(ended, out _), _running, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>No further message is pulled; waits for those on the wire, at most <paramref name="grace"/>, then cuts them off: a pending dot becomes uncertain.</summary>
    public async Task StopAsync(TimeSpan grace, TimeProvider clock)
    {
        await _drain.CancelAsync().ConfigureAwait(false);
        var all = Task.WhenAll(_running.Keys);
        await all.WaitAsync(grace, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync().ConfigureAwait(false);
        await all.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _drain.Dispose();
        _stop.Dispose();
    }
}
