using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using Engine.Configuration;
using Engine.Limits;

namespace Engine.Reputation.Steering;

/// <summary>
/// What operators ordered by verbs and overrides keep: sources drained or disabled, providers paused, and bounds of what each source sends
/// to a provider. Swapped whole when overrides change; thread-safe.
/// </summary>
internal sealed class OperatorOrders(LimitTree tree, SteeredLimits steered, TimeProvider clock)
{
    /// <summary>Name of these limits in <c>why</c>.</summary>
    public const string Name = "order";

    private readonly ConcurrentDictionary<(string Operator, string Source), Limit> _bounds = new();
    private readonly ConcurrentDictionary<string, Limit> _pauses = new();
    private readonly Lock _gate = new();
    private FrozenDictionary<string, Override> _inForce = FrozenDictionary<string, Override>.Empty;
    private int _version;

    public int Version => Volatile.Read(ref _version);

    /// <summary>Takes the overrides in force: at the start, and whenever they change.</summary>
    public void Load(IEnumerable<Override> overrides)
    {
        Volatile.Write(ref _inForce, overrides.ToFrozenDictionary(one => one.Key, StringComparer.Ordinal));
        lock (_gate)
        {
            foreach (var (operatorId, pause) in _pauses)
            {
                SetPause(pause, operatorId);
            }

            foreach (var (pair, bound) in _bounds)
            {
                SetBound(bound, pair.Operator);
            }
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>Whether an operator took the source out of service.</summary>
    public bool IsOff(string source) => OffBy(source) is not null;

    /// <summary>The order that took it out of service; null when it is in.</summary>
    public Override? OffBy(string source) =>
        _inForce.Count == 0 ? null : Find(SourceOverride.Disable(source)) ?? Find(SourceOverride.Drain(source));

    /// <summary>The order that pauses a provider; null when there is none.</summary>
    public Override? PauseOf(string operatorId) => Find(ProviderOverride.Pause(operatorId));

    public void OfLane(string operatorId, string source, List<Limit> limits)
    {
        if (PauseOf(operatorId) is not null)
        {
            limits.Add(Get(_pauses, operatorId, static (key, self) => self.Make(key)));
        }

        if (Find(ProviderOverride.Rate(operatorId)) is not null || Find(ProviderOverride.Connections(operatorId)) is not null)
        {
            limits.Add(Get(_bounds, (Operator: operatorId, Source: source), static (key, self) => self.Make(key.Operator, key.Source)));
        }
    }

    /// <summary>Forgets limits of orders that are over and that were not asked for during <see cref="LimitTree.KeptIdle"/>. About once a minute.</summary>
    /// <param name="now">Timestamp.</param>
    public void Sweep(long now)
    {
        lock (_gate)
        {
            Sweep(_pauses, now);
            Sweep(_bounds, now);
        }
    }

    private void Sweep<T>(ConcurrentDictionary<T, Limit> limits, long now)
        where T : notnull
    {
        var idle = limits.Where(pair => pair.Value.BindsNothing(now) && pair.Value.IsIdle(now)).ToList();
        foreach (var (key, _) in idle)
        {
            limits.TryRemove(key, out _);
        }

        tree.Forget([.. idle.Select(pair => pair.Value)]);
    }

    // Made not beside a sweep, which would take it out of the tree again.
    private Limit Get<T>(ConcurrentDictionary<T, Limit> limits, T key, Func<T, OperatorOrders, Limit> make)
        where T : notnull
    {
        if (!limits.TryGetValue(key, out var limit))
        {
            lock (_gate)
            {
                limit = limits.GetOrAdd(key, make, this);
            }
        }

        limit.Touch(clock.GetTimestamp());
        return limit;
    }

    private Override? Find(string key) =>
        Volatile.Read(ref _inForce).TryGetValue(key, out var one) && !(one.Until <= clock.GetUtcNow()) ? one : null;

    private Limit Make(string operatorId)
    {
        var limit = tree.Dynamic(Name, operatorId, LimitDimension.Provider);
        SetPause(limit, operatorId);
        return limit;
    }

    private Limit Make(string operatorId, string source)
    {
        var limit = tree.Dynamic(Name, $"{source} at {operatorId}", LimitDimension.Source, LimitDimension.Provider);
        SetBound(limit, operatorId);
        return limit;
    }

    private void SetPause(Limit limit, string operatorId)
    {
        var pause = PauseOf(operatorId);
        limit.PauseUntil(pause is null ? 0 : pause.Until is { } until ? steered.TimestampOf(until) : long.MaxValue, Name);
    }

    private void SetBound(Limit limit, string operatorId)
    {
        limit.SetRate(Find(ProviderOverride.Rate(operatorId)) is { } rate && Units.TryParseRate(rate.Value, out var perTime) ? perTime : null, Name);
        limit.SetConnections(Find(ProviderOverride.Connections(operatorId)) is { } most ? int.Parse(most.Value, NumberStyles.None, CultureInfo.InvariantCulture) : null, Name);
    }
}
