namespace Engine.Delivery.Sts;

/// <summary>Keeps policies fresh and on disk: fetches again what is due, saves what changed. One loop.</summary>
/// <param name="desk">Fetches.</param>
/// <param name="policies">What is kept.</param>
/// <param name="file">Where.</param>
/// <param name="path">Its path, for the log.</param>
/// <param name="clock">Paces it.</param>
/// <param name="log">Told of faults.</param>
internal sealed class StsUpkeep(StsDesk desk, StsPolicies policies, StsFile file, string path, TimeProvider clock, ILogger log)
{
    /// <summary>Policies above which the file is written less often: it is written whole.</summary>
    private const int Few = 5_000;

    /// <summary>Refreshes in one turn, and of those on their way at once. Those of enforced policies have places of their own; more are on their way than places, so that parents whose hosts hang leave turns to others.</summary>
    private const int MostDue = 500;

    private const int AtOnce = 64;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LargeBeat = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RefreshBeat = TimeSpan.FromMinutes(1);

    private long _saved;
    private DateTimeOffset _savedAt;
    private DateTimeOffset _refreshedAt;
    private Task _refreshing = Task.CompletedTask;

    /// <summary>Reads what was there before a restart. Once, before the loop.</summary>
    public void Load()
    {
        try
        {
            desk.Restore(file.Load(clock.GetUtcNow(), out var damaged));
            if (damaged > 0)
            {
                StsLog.Damaged(log, path, damaged);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            StsLog.NotRead(log, path, fault);
        }

        _saved = policies.Version;
    }

    /// <summary>Until stopped; what changed last is saved then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(Beat, clock);
        try
        {
            while (await beat.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                desk.TellReplaced();
                var now = clock.GetUtcNow();
                if (now - _savedAt >= (policies.Count > Few ? LargeBeat : Beat))
                {
                    Save();
                }

                // Beside: hosts that hang must keep neither the file nor mail under a replaced policy waiting.
                if (_refreshing.IsCompleted && now - _refreshedAt >= RefreshBeat)
                {
                    _refreshedAt = now;
                    await _refreshing.ConfigureAwait(false);
                    _refreshing = RefreshAsync(stop);
                }
            }
        }
        finally
        {
            await _refreshing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _refreshing = Task.CompletedTask;
            Save();
        }
    }

    private Task RefreshAsync(CancellationToken stop) => Parallel.ForEachAsync(
        policies.TakeDue(clock.GetUtcNow(), MostDue),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
        async (entry, _) => await desk.RefreshAsync(entry).ConfigureAwait(false));

    private void Save()
    {
        var version = policies.Version;
        if (version == _saved)
        {
            return;
        }

        try
        {
            file.Save(policies.All());
            (_saved, _savedAt) = (version, clock.GetUtcNow());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            StsLog.NotKept(log, path, fault);
        }
    }
}
