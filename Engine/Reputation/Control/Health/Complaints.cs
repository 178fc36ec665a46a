using Engine.Configuration.Providers;

namespace Engine.Reputation.Control.Health;

/// <summary>
/// Which receivers said of late that a source is bad as a whole, as of its name in the DNS. One may lie, and the source goes on elsewhere;
/// three that took its mail before are believed for all. One thread. Not saved.
/// </summary>
internal sealed class Complaints
{
    private const int Enough = 3;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // The latest of different receivers: older ones tell nothing more.
    private readonly Dictionary<(string Source, FlowOperation Operation), (string Operator, DateTimeOffset At)[]> _latest = [];

    /// <summary>Takes a complaint. True when enough receivers that took mail within the day have said so within the hour.</summary>
    public bool Add(DateTimeOffset now, Place place, FlowOperation operation)
    {
        if (now - place.TookAt > Day)
        {
            return false;
        }

        if (!_latest.TryGetValue((place.Source, operation), out var latest))
        {
            _latest.Add((place.Source, operation), latest = new (string, DateTimeOffset)[Enough]);
        }

        var mine = Array.FindIndex(latest, one => one.Operator == place.Operator.Name);
        latest[mine >= 0 ? mine : Oldest(latest)] = (place.Operator.Name, now);
        return Array.TrueForAll(latest, one => now - one.At <= Hour);
    }

    public void Sweep(DateTimeOffset now)
    {
        foreach (var (key, latest) in _latest)
        {
            if (Array.TrueForAll(latest, one => now - one.At > Hour))
            {
                _latest.Remove(key);
            }
        }
    }

    private static int Oldest((string Operator, DateTimeOffset At)[] latest)
    {
        var oldest = 0;
        for (var index = 1; index < latest.Length; index++)
        {
            oldest = latest[index].At < latest[oldest].At ? index : oldest;
        }

        return oldest;
    }
}
