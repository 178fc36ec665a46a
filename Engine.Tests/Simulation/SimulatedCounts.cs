namespace Engine.Tests.Simulation;

/// <summary>What happened between one source and one operator, minute by minute.</summary>
internal sealed class SimulatedCounts
{
    private readonly Dictionary<long, (int Good, int Deferred, int Failed)> _minutes = [];

    public int Good => _minutes.Values.Sum(static minute => minute.Good);

    public int Deferred => _minutes.Values.Sum(static minute => minute.Deferred);

    public int Failed => _minutes.Values.Sum(static minute => minute.Failed);

    public int Attempts => Good + Deferred + Failed;

    public void Count(DateTimeOffset at, int good = 0, int deferred = 0, int failed = 0)
    {
        var minute = at.UtcTicks / TimeSpan.TicksPerMinute;
        var seen = _minutes.GetValueOrDefault(minute);
        _minutes[minute] = (seen.Good + good, seen.Deferred + deferred, seen.Failed + failed);
    }

    /// <summary>From one time, inclusive, to another, exclusive; by whole minutes.</summary>
    public (int Good, int Deferred, int Failed) Between(DateTimeOffset from, DateTimeOffset to)
    {
        var (good, deferred, failed) = (0, 0, 0);
        foreach (var (minute, seen) in _minutes)
        {
            if (minute >= from.UtcTicks / TimeSpan.TicksPerMinute && minute < to.UtcTicks / TimeSpan.TicksPerMinute)
            {
                (good, deferred, failed) = (good + seen.Good, deferred + seen.Deferred, failed + seen.Failed);
            }
        }

        return (good, deferred, failed);
    }

    /// <summary>Deferred attempts among all of a span.</summary>
    public double DeferredShare(DateTimeOffset from, DateTimeOffset to)
    {
        var (good, deferred, failed) = Between(from, to);
        return good + deferred + failed == 0 ? 0 : (double)deferred / (good + deferred + failed);
    }
}
