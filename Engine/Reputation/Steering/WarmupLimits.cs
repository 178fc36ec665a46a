using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Limits;
using Engine.Reputation.Warmup;

namespace Engine.Reputation.Steering;

/// <summary>
/// The dynamic limits by which warm-up binds: a rate that spreads the day's allowance, and a pause until the day's turn once it is used.
/// One for each pair that is asked for while it warms up; forgotten when it is warm, or idle: the book keeps the day. Thread-safe.
/// </summary>
/// <param name="tree">Where they stand.</param>
/// <param name="book">Says what may go.</param>
/// <param name="dimension">What warms up: a source or a sender domain.</param>
/// <param name="steered">Turns times into timestamps.</param>
/// <param name="clock">The time.</param>
internal sealed class WarmupLimits(LimitTree tree, WarmupBook book, LimitDimension dimension, SteeredLimits steered, TimeProvider clock)
{
    private const string Rule = "warmup";

    private readonly ConcurrentDictionary<WarmupKey, Limit> _limits = new();
    private readonly Lock _gate = new();

    /// <summary>Name of these limits in <c>why</c>: a domain may be called as a source is.</summary>
    public string Name => dimension is LimitDimension.Source ? "warmup/source" : "warmup/domain";

    public void Add(string name, string operatorId, List<Limit> limits)
    {
        var key = new WarmupKey(name, operatorId);
        if (_limits.TryGetValue(key, out var known))
        {
            known.Touch(clock.GetTimestamp());
            limits.Add(known);
        }
        else if (book.IsWarming(name, operatorId))
        {
            limits.Add(Make(key));
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

    /// <summary>Forgets the limits of pairs that are warm, once nobody waits for them, and of those that were not asked for during <see cref="LimitTree.KeptIdle"/>. About once a minute.</summary>
    /// <param name="now">Timestamp.</param>
    public void Sweep(long now)
    {
        lock (_gate)
        {
            var gone = _limits.Where(pair => IsOver(pair.Key, pair.Value, now)).ToList();
            foreach (var (key, _) in gone)
            {
                _limits.TryRemove(key, out _);
            }

            tree.Forget([.. gone.Select(pair => pair.Value)]);
        }
    }

    /// <summary>The limit of a pair; null when it was never asked for, or is forgotten.</summary>
    public Limit? Find(string name, string operatorId) => _limits.GetValueOrDefault(new WarmupKey(name, operatorId));

    // One that is idle may bind: it is set the same when it is asked for again, and starts with one token.
    private bool IsOver(WarmupKey key, Limit limit, long now) =>
        limit.IsIdle(now) || (limit.BindsNothing(now) && limit.IsUnwaited && !book.IsWarming(key.Name, key.Operator));

    private Limit Make(WarmupKey key)
    {
        // Not beside a sweep, which would take it out of the tree again.
        lock (_gate)
        {
            var limit = _limits.GetOrAdd(key, static (pair, self) => self.Tree.Dynamic(self.Name, $"{pair.Name} at {pair.Operator}", self.Dimension, LimitDimension.Provider), (Tree: tree, Name, Dimension: dimension));
            Set(limit, key, clock.GetUtcNow());
            return limit;
        }
    }

    private void Set(Limit limit, WarmupKey key, DateTimeOffset now)
    {
        var allowance = book.Of(key.Name, key.Operator, now);
        if (allowance.IsWarm)
        {
            limit.SetRate(null, "warm");
            limit.Resume("warm");
            return;
        }

        limit.SetRate(Rate.PerSecondOf(Math.Max(allowance.RatePerSecond, 1.0 / 86_400), Math.Max(1, allowance.Burst)), Rule);
        limit.PauseUntil(allowance.RemainingToday > 0 ? 0 : steered.TimestampOf(allowance.NextChangeAt), Rule);
    }
}
