using Engine.Configuration.Providers;

namespace Engine.Reputation.Control;

/// <summary>How often a rule matched for a key within the hour, for actions that wait for more than one match; and what was asked of others lately. One thread. Not saved.</summary>
internal sealed class Triggers
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Rule, ControlKey Key), Queue<DateTimeOffset>> _matches = [];
    private readonly Dictionary<(FlowOperation Operation, ControlKey Key), DateTimeOffset> _asked = [];

    /// <summary>Counts a match. True when there have been enough.</summary>
    public bool Match(DateTimeOffset now, string rule, ControlKey key, int matches)
    {
        if (matches <= 1)
        {
            return true;
        }

        if (!_matches.TryGetValue((rule, key), out var times))
        {
            _matches.Add((rule, key), times = new Queue<DateTimeOffset>());
        }

        times.Enqueue(now);
        while (times.Count > matches || now - times.Peek() > Hour)
        {
            times.Dequeue();
        }

        return times.Count >= matches;
    }

    /// <summary>Whether a request is news: the same is not made twice within the time it holds, at least a minute.</summary>
    public bool IsNews(DateTimeOffset now, ControlKey key, FlowAction action)
    {
        if (_asked.TryGetValue((action.Operation, key), out var until) && now < until)
        {
            return false;
        }

        _asked[(action.Operation, key)] = now + (action.For > Minute ? action.For : Minute);
        return true;
    }

    public void Sweep(DateTimeOffset now)
    {
        foreach (var (key, times) in _matches)
        {
            if (now - times.Last() > Hour)
            {
                _matches.Remove(key);
            }
        }

        foreach (var (key, until) in _asked)
        {
            if (now >= until)
            {
                _asked.Remove(key);
            }
        }
    }
}
