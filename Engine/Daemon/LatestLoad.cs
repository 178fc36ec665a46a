namespace Engine.Daemon;

/// <summary>
/// Puts in force what is to be read anew after each change, one load at a time, so that what was read earlier never overwrites what was read later. Changes that come while a load
/// runs give one more load together. Thread-safe.
/// </summary>
/// <param name="load">Reads and puts in force. May call <see cref="Run"/> again on the same thread.</param>
internal sealed class LatestLoad(Action load)
{
    private readonly Lock _gate = new();
    private long _asked;
    private long _loaded;

    /// <summary>Something changed. Returns when a load that began after this call has ended: the caller's change is in force then.</summary>
    public void Run()
    {
        var mine = Interlocked.Increment(ref _asked);
        lock (_gate)
        {
            if (_loaded >= mine)
            {
                return;
            }

            var all = Interlocked.Read(ref _asked);
            load();
            _loaded = Math.Max(_loaded, all);
        }
    }
}
