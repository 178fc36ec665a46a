namespace Engine.Suppression.Storing;

/// <summary>The two threads behind the writer: one writes frozen tables as runs, one merges runs and forgets addresses, so that a long merge holds no flush up. Thread-safe.</summary>
internal sealed class Upkeep : IDisposable
{
    private readonly Shelf _shelf;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly BackgroundLoop _flusher;
    private readonly BackgroundLoop _merger;
    private List<TaskCompletionSource> _flushing = [];
    private List<(bool All, TaskCompletionSource Done)> _merging = [];
    private bool _stopped;

    public Upkeep(Shelf shelf, ILogger log)
    {
        _shelf = shelf;
        _log = log;
        var clock = shelf.Place.Clock;
        _flusher = new BackgroundLoop("suppression flusher", Flush, fault => SuppressionLog.FlushFailed(_log, fault), clock);
        _merger = new BackgroundLoop("suppression merger", Merge, Failed, clock);
        _merger.Pulse();
    }

    /// <summary>A table was frozen.</summary>
    public void Frozen() => _flusher.Pulse();

    /// <summary>Completes when what is frozen now is a run.</summary>
    public Task FlushedAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _flushing.Add(done);
        }

        _flusher.Pulse();
        return done.Task;
    }

    /// <summary>Completes when what is to be forgotten is gone, and one merge was done where one was due.</summary>
    /// <param name="all">Merge all runs into one, due or not.</param>
    public Task MergedAsync(bool all)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _merging.Add((all, done));
        }

        _merger.Pulse();
        return done.Task;
    }

    /// <summary>Waits for a flush under way, and breaks a merge off: its inputs stay.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _flusher.Dispose();
        _merger.Dispose();
        lock (_gate)
        {
            _stopped = true;
            _flushing.ForEach(done => done.TrySetCanceled());
            _merging.ForEach(request => request.Done.TrySetCanceled());
        }

        _stop.Dispose();
    }

    private bool Flush()
    {
        List<TaskCompletionSource> waiting;
        lock (_gate)
        {
            (waiting, _flushing) = (_flushing, []);
        }

        try
        {
            var flushed = _shelf.Flush();
            waiting.ForEach(done => done.TrySetResult());
            if (flushed)
            {
                _merger.Pulse();
            }

            return flushed;
        }
        catch (Exception fault)
        {
            waiting.ForEach(done => done.TrySetException(fault));
            throw;
        }
    }

    private bool Merge()
    {
        List<(bool All, TaskCompletionSource Done)> waiting;
        lock (_gate)
        {
            (waiting, _merging) = (_merging, []);
        }

        try
        {
            _shelf.Forget(_stop.Token);
            var merged = _shelf.Merge(waiting.Exists(request => request.All), _stop.Token);
            waiting.ForEach(request => request.Done.TrySetResult());
            return merged;
        }
        catch (Exception fault)
        {
            waiting.ForEach(request => request.Done.TrySetException(fault));
            throw;
        }
    }

    private void Failed(Exception fault)
    {
        if (fault is not OperationCanceledException)
        {
            SuppressionLog.MergeFailed(_log, fault);
        }
    }
}
