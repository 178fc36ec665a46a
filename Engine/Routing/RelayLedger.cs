namespace Engine.Routing;

/// <summary>What relays have taken in this window of their quota, and which are paused for trouble. Thread-safe; one lock, held for a few lines.</summary>
/// <remarks>A quota counts recipients handed over in the hour or day of UTC that it is written for. What comes back untaken is given back.</remarks>
internal sealed class RelayLedger
{
    /// <summary>For a pause that holds whatever pool the mail leaves by.</summary>
    public const string AnyPool = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Window, long Taken)> _taken = [];
    private readonly Dictionary<(string Relay, string Pool), DateTimeOffset> _paused = [];

    /// <summary>Whether the relay may be asked: not paused for mail of the pool, and something left of its quota.</summary>
    public bool IsOpen(Relay relay, string pool, DateTimeOffset now)
    {
        lock (_gate)
        {
            return !IsPaused(relay, pool, now) && !IsPaused(relay, AnyPool, now) && Left(relay, now) > 0;
        }
    }

    /// <summary>Counts one recipient; false when the quota is used up.</summary>
    public bool TryTake(Relay relay, DateTimeOffset now)
    {
        if (relay.Options.Quota is null)
        {
            return true;
        }

        lock (_gate)
        {
            if (Left(relay, now) <= 0)
            {
                return false;
            }

            _taken[relay.Name] = (WindowOf(relay, now), TakenIn(relay, now) + 1);
            return true;
        }
    }

    /// <summary>Recipients counted that the relay did not take.</summary>
    public void GiveBack(Relay relay, int recipients, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (relay.Options.Quota is not null && TakenIn(relay, now) is var taken and > 0)
            {
                _taken[relay.Name] = (WindowOf(relay, now), Math.Max(0, taken - recipients));
            }
        }
    }

    /// <summary>No source of the pool reaches the relay, or it refuses everything (<see cref="AnyPool"/>): it is passed over until then.</summary>
    public void Pause(Relay relay, string pool, DateTimeOffset until)
    {
        lock (_gate)
        {
            _paused[(relay.Name, pool)] = until;
        }
    }

    /// <summary>Recipients of this window; for status.</summary>
    public long Taken(Relay relay, DateTimeOffset now)
    {
        lock (_gate)
        {
            return TakenIn(relay, now);
        }
    }

    /// <summary>The counts by relay: number of the window since year 1, recipients in it. For saving.</summary>
    public IReadOnlyDictionary<string, (long Window, long Taken)> Capture()
    {
        lock (_gate)
        {
            return _taken.ToDictionary();
        }
    }

    /// <summary>Takes saved counts; those of a past window are worth nothing and do no harm.</summary>
    public void Restore(IReadOnlyDictionary<string, (long Window, long Taken)> saved)
    {
        lock (_gate)
        {
            foreach (var (name, count) in saved)
            {
                _taken[name] = count;
            }
        }
    }

    private bool IsPaused(Relay relay, string pool, DateTimeOffset now) => _paused.TryGetValue((relay.Name, pool), out var until) && until > now;

    private long Left(Relay relay, DateTimeOffset now) =>
        relay.Options.Quota is { } quota ? (long)quota.Count - TakenIn(relay, now) : long.MaxValue;

    private long TakenIn(Relay relay, DateTimeOffset now) =>
        _taken.TryGetValue(relay.Name, out var count) && count.Window == WindowOf(relay, now) ? count.Taken : 0;

    private static long WindowOf(Relay relay, DateTimeOffset now) =>
        relay.Options.Quota is { } quota ? now.UtcTicks / quota.Per.Ticks : 0;
}
