using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Limits;
using Engine.Reputation.Warmup;

namespace Engine.Reputation.Steering;

/// <summary>
/// The dynamic limits by which warm-up binds: a rate that spreads the day's allowance, and a pause until the day's turn once it is used.
/// One for each pair that is asked for while it warms up. Thread-safe.
/// </summary>
/// <param name="tree">Where they stand.</param>
/// <param name="book">Says what may go.</param>
/// <param name="dimension">What warms up: a source or a sender domain.</param>
/// <param name="steered">Turns times into timestamps.</param>
/// <param name="clock">The time.</param>
internal sealed class WarmupLimits(LimitTree tree, WarmupBook book, LimitDimension dimension, SteeredLimits steered, TimeProvider clock)
{
    /// <summary>Name of these limits in <c>why</c>.</summary>
    public const string Name = "warmup";

    private readonly ConcurrentDictionary<WarmupKey, Limit> _limits = new();

    public void Add(string name, string operatorId, List<Limit> limits)
    {
        var key = new WarmupKey(name, operatorId);
        if (_limits.TryGetValue(key, out var known))
        {
            limits.Add(known);
        }
        else if (book.IsWarming(name, operatorId))
        {
            var limit = _limits.GetOrAdd(key, static (pair, self) => self.Tree.Dynamic(Name, $"{pair.Name} at {pair.Operator}", self.Dimension, LimitDimension.Provider), (Tree: tree, Dimension: dimension));
            Set(limit, key, clock.GetUtcNow());
            limits.Add(limit);
        }
    }

    /// <summary>Sets every limit as its allowance is now; those of what has become warm, or is idle, let everything through.</summary>
    public void Refresh()
    {
        var now = clock.GetUtcNow();
        foreach (var (key, limit) in _limits)
        {
            Set(limit, key, now);
        }
    }

    /// <summary>The limit of a pair; null when it was never asked for.</summary>
    public Limit? Find(string name, string operatorId) => _limits.GetValueOrDefault(new WarmupKey(name, operatorId));

    private void Set(Limit limit, WarmupKey key, DateTimeOffset now)
    {
        var allowance = book.Of(key.Name, key.Operator, now);
        if (allowance.IsWarm)
        {
            limit.SetRate(null, "warm");
            limit.Resume("warm");
            return;
        }

        limit.SetRate(Rate.PerSecondOf(Math.Max(allowance.RatePerSecond, 1.0 / 86_400), Math.Max(1, allowance.Burst)), Name);
        limit.PauseUntil(allowance.RemainingToday > 0 ? 0 : steered.TimestampOf(allowance.NextChangeAt), Name);
    }
}
