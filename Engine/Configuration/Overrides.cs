using System.Collections.Frozen;

namespace Engine.Configuration;

/// <summary>
/// What verbs and brakes set over engine.json, kept in <c>state/overrides</c>. Any thread may read and change it; a change is on stable
/// storage before it counts. Reading takes no lock.
/// </summary>
internal sealed class Overrides : IDisposable
{
    // A timer takes no more; a longer wait is taken in steps.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private readonly OverrideFile _file;
    private readonly TimeProvider _clock;
    private readonly ITimer _expiry;
    private FrozenDictionary<string, Override> _inForce = FrozenDictionary<string, Override>.Empty;

    /// <summary>Reads the file.</summary>
    /// <param name="path">Path of the file, <c>state/overrides</c>; it need not exist.</param>
    /// <param name="clock">Ends overrides at their time.</param>
    /// <exception cref="OverridesDamagedException">It cannot be read.</exception>
    public Overrides(string path, TimeProvider clock)
    {
        (_file, _clock) = (new OverrideFile(path), clock);
        var byKey = new Dictionary<string, Override>(StringComparer.Ordinal);
        foreach (var item in _file.Read())
        {
            byKey[item.Key] = item;
        }

        _inForce = byKey.ToFrozenDictionary(StringComparer.Ordinal);
        _expiry = clock.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    /// <summary>Raised after something was set, removed or ended, on the thread that did it (for an end: a timer's), outside the lock.</summary>
    public event Action? Changed;

    /// <summary>What is in force, oldest first.</summary>
    public IReadOnlyList<Override> List()
    {
        var now = _clock.GetUtcNow();
        return [.. InOrder(Volatile.Read(ref _inForce).Values.Where(item => !item.IsOver(now)))];
    }

    /// <summary>The override of a key; null when none is in force.</summary>
    public Override? Find(string key) =>
        Volatile.Read(ref _inForce).TryGetValue(key, out var item) && !item.IsOver(_clock.GetUtcNow()) ? item : null;

    /// <summary>Sets a key; an override it had is replaced.</summary>
    /// <param name="key">A known key.</param>
    /// <param name="value">The value.</param>
    /// <param name="who">The operator or the brake.</param>
    /// <param name="reason">Why.</param>
    /// <param name="lasts">How long; null is until it is removed.</param>
    /// <exception cref="ArgumentException">The key is not known or does not take the value, or it would last no time.</exception>
    /// <exception cref="IOException">It could not be written, and does not count.</exception>
    public Override Add(string key, string value, string who, string reason, TimeSpan? lasts = null)
    {
        if (!OverrideKey.Takes(key, value) || lasts <= TimeSpan.Zero)
        {
            throw new ArgumentException($"'{key}' = '{value}' is no override, or would be over at once", nameof(key));
        }

        var now = _clock.GetUtcNow();
        var item = new Override(key, value, who, reason, now, lasts is null ? null : now + lasts);
        Change(all => all[key] = item);
        return item;
    }

    /// <summary>Removes the override of a key.</summary>
    /// <returns>False when none was in force.</returns>
    /// <exception cref="IOException">It could not be written: the override stays.</exception>
    public bool Remove(string key)
    {
        if (Find(key) is null)
        {
            return false;
        }

        var removed = false;
        Change(all => removed = all.Remove(key));
        return removed;
    }

    /// <summary>Whether mail of this account, stream and pool may not leave now.</summary>
    /// <remarks>Makes keys while any override is in force: who asks for every message keeps the answer until <see cref="Changed"/>.</remarks>
    public bool IsPaused(string account, string stream, string pool) =>
        Volatile.Read(ref _inForce).Count > 0
        && (Find(OverrideKey.PauseAll)
            ?? Find(OverrideKey.PauseAccount(account))
            ?? Find(OverrideKey.PauseStream(account, stream))
            ?? Find(OverrideKey.PausePool(pool))) is not null;

    public void Dispose() => _expiry.Dispose();

    private static IEnumerable<Override> InOrder(IEnumerable<Override> overrides) =>
        overrides.OrderBy(item => item.Since).ThenBy(item => item.Key, StringComparer.Ordinal);

    private void Change(Action<Dictionary<string, Override>> change)
    {
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            var all = _inForce.Where(item => !item.Value.IsOver(now)).ToDictionary(StringComparer.Ordinal);
            change(all);
            _file.Write(InOrder(all.Values));
            Volatile.Write(ref _inForce, all.ToFrozenDictionary(StringComparer.Ordinal));
            Arm();
        }

        Changed?.Invoke();
    }

    // What has ended stays in the file until the next change: it is over whoever reads it.
    private void Expire()
    {
        bool ended;
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            var left = _inForce.Where(item => !item.Value.IsOver(now)).ToFrozenDictionary(StringComparer.Ordinal);
            ended = left.Count < _inForce.Count;
            Volatile.Write(ref _inForce, left);
            Arm();
        }

        if (ended)
        {
            Changed?.Invoke();
        }
    }

    private void Arm()
    {
        var next = _inForce.Values.Min(item => item.Until);
        var wait = next is null ? Timeout.InfiniteTimeSpan : next.Value - _clock.GetUtcNow();
        wait = next is null ? wait : TimeSpan.FromTicks(Math.Clamp(wait.Ticks, TimeSpan.TicksPerMillisecond, LongestWait.Ticks));
        _expiry.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
