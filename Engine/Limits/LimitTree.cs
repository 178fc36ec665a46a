using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Mail;

namespace Engine.Limits;

/// <summary>
/// All limits: those of the configuration, which it finds for a subject, and dynamic ones by name. Each has its own buckets and counters
/// per key. Thread-safe: look-ups run beside a reload, which keeps the state of every limit whose match and key did not change.
/// </summary>
internal sealed class LimitTree
{
    /// <summary>What nobody asks for is kept so long.</summary>
    public static readonly TimeSpan KeptIdle = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Name, string Key), Limit> _limits = new();
    private readonly ConcurrentDictionary<(string Name, string Key), Limit> _dynamic = new();
    private readonly TimeProvider _clock;
    private Definition[][] _definitions = [[], [], []];
    private Calendar _calendar;
    private int _version;

    public LimitTree(TimeProvider clock) => (_clock, _calendar) = (clock, new Calendar(clock, TimeZoneInfo.Utc));

    /// <summary>Grows at each <see cref="Load"/>, and when limits are forgotten: who holds found limits looks again when it has moved.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Held while a limit, or something in it, is made, and while limits are forgotten: two who ask at once make one.</summary>
    internal Lock Making { get; } = new();

    /// <summary>Called when a limit may have become looser, on the changing thread; the scheduler's. Must not wait.</summary>
    public Action<Limit>? OnChanged { get; set; }

    public long Frequency => _clock.TimestampFrequency;

    public long Timestamp => _clock.GetTimestamp();

    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Where the days of volumes begin.</summary>
    public Calendar Calendar => Volatile.Read(ref _calendar);

    /// <summary>What limits take up as they are made; null when nothing is saved at all, and buckets start full.</summary>
    public SavedLimits? Saved { get; set; }

    /// <summary>Every limit that was asked for so far and is not forgotten.</summary>
    public IEnumerable<Limit> All => _limits.Values.Concat(_dynamic.Values);

    /// <param name="definitions">Limits by name; shipped ones among them.</param>
    /// <param name="zone">Key <c>timeZone</c>; null leaves it.</param>
    public void Load(IReadOnlyDictionary<string, LimitOptions> definitions, TimeZoneInfo? zone = null)
    {
        if (zone is not null)
        {
            Volatile.Write(ref _calendar, new Calendar(_clock, zone));
        }

        var sorted = from entry in definitions
                     orderby entry.Value.Per.Count descending, entry.Key
                     group new Definition(entry.Key, entry.Value) by ScopeOf(entry.Value);
        var scopes = new Definition[][] { [], [], [] };
        foreach (var scope in sorted)
        {
            scopes[(int)scope.Key] = [.. scope];
        }

        Volatile.Write(ref _definitions, scopes);
        foreach (var (key, limit) in _limits)
        {
            if (definitions.TryGetValue(key.Name, out var options) && IsSameKey(options, limit.Options))
            {
                limit.Load(options);
            }
            else
            {
                // Whoever still waits for it is let go.
                _limits.TryRemove(key, out _);
                limit.Load(new LimitOptions());
            }
        }

        Interlocked.Increment(ref _version);
    }

    /// <summary>The dynamic limit of this name and key, made when there is none; without any bound until one is set.</summary>
    /// <param name="name">Of who steers it, for <c>why</c>.</param>
    /// <param name="key">What it is for.</param>
    /// <param name="per">What the key holds; tells whether both classes count in it.</param>
    public Limit Dynamic(string name, string key, params IReadOnlyList<LimitDimension> per) =>
        Get(_dynamic, (name, key), static (id, self) => new Limit(self.Tree, id.Name, id.Key, new LimitOptions { Per = self.Per }, isDynamic: true), (Tree: this, Per: per));

    /// <summary>Forgets dynamic limits that bind nothing any more, after whoever steers them has. One who still holds one finds it open; it holds to the end of its use.</summary>
    /// <param name="limits">Nobody waits for them.</param>
    public void Forget(IReadOnlyCollection<Limit> limits)
    {
        foreach (var limit in limits)
        {
            _dynamic.TryRemove(KeyValuePair.Create((limit.Name, limit.Key), limit));
        }

        if (limits.Count > 0)
        {
            Interlocked.Increment(ref _version);
        }
    }

    /// <summary>
    /// Forgets what was not asked for during <see cref="KeptIdle"/> and would be made the same again: limits of the configuration, and those of
    /// accounts, which are asked for by name each time. The others are for those who steer them to forget. About once a minute.
    /// </summary>
    public void Sweep(long now)
    {
        // No look-up of a dynamic limit is kept where its name is a path of the configuration.
        var isAnyGone = Sweep(_limits, now);
        Sweep(_dynamic, now);
        if (isAnyGone)
        {
            Interlocked.Increment(ref _version);
        }
    }

    /// <summary>Whether the configuration has any limit of this scope.</summary>
    public bool Has(LimitScope scope) => Volatile.Read(ref _definitions)[(int)scope].Length > 0;

    /// <summary>Limits of this scope that match the subject. Wide ones come last.</summary>
    public Limit[] Find(LimitSubject subject, LimitScope scope)
    {
        List<Limit>? found = null;
        foreach (var definition in Volatile.Read(ref _definitions)[(int)scope])
        {
            if (Matches(definition.Options, subject))
            {
                (found ??= []).Add(Get(definition.Name, definition.Options, subject));
            }
        }

        return found is null ? [] : [.. found];
    }

    /// <summary>What a limit's <c>match</c> and <c>per</c> ask for.</summary>
    internal static LimitScope ScopeOf(LimitOptions options)
    {
        var (isOfFlow, isOfSource) = (false, false);
        foreach (var dimension in options.Match.Keys.Concat(options.Per))
        {
            isOfFlow |= dimension is not (LimitDimension.Provider or LimitDimension.Destination or LimitDimension.Source or LimitDimension.Pool);
            isOfSource |= dimension is LimitDimension.Source;
        }

        return (isOfFlow, isOfSource) switch
        {
            (false, _) => LimitScope.Lane,
            (true, false) => LimitScope.Flow,
            _ => LimitScope.FlowOfSource,
        };
    }

    /// <summary>A limit has changed: who waits for it may go on.</summary>
    internal void Changed(Limit limit) => OnChanged?.Invoke(limit);

    private static bool Matches(LimitOptions options, LimitSubject subject)
    {
        foreach (var (dimension, value) in options.Match)
        {
            if (!IsSame(subject[dimension], dimension, value))
            {
                return false;
            }
        }

        return true;
    }

    // A provider's limit matches every group of its hosts; each has a bucket of its own.
    private static bool IsSame(string? of, LimitDimension dimension, string value) =>
        string.Equals(dimension is LimitDimension.Provider && of is not null ? OperatorName.ProviderIn(of) : of, value, StringComparison.OrdinalIgnoreCase);

    private static bool IsSameKey(LimitOptions left, LimitOptions right) =>
        left.Per.SequenceEqual(right.Per)
        && left.Match.Count == right.Match.Count
        && left.Match.All(pair => right.Match.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private Limit Get(string name, LimitOptions options, LimitSubject subject)
    {
        var key = options.Per.Count switch
        {
            0 => string.Empty,
            1 => subject[options.Per[0]] ?? string.Empty,
            _ => string.Join('/', options.Per.Select(dimension => subject[dimension] ?? string.Empty)),
        };
        return Get(_limits, (name, key), static (id, self) => new Limit(self.Tree, id.Name, id.Key, self.Options, isDynamic: false), (Tree: this, Options: options));
    }

    private Limit Get<T>(ConcurrentDictionary<(string Name, string Key), Limit> limits, (string Name, string Key) id, Func<(string Name, string Key), T, Limit> make, T argument)
    {
        if (!limits.TryGetValue(id, out var limit))
        {
            lock (Making)
            {
                limit = limits.GetOrAdd(id, make, argument);
            }
        }

        limit.Touch(Timestamp);
        return limit;
    }

    private bool Sweep(ConcurrentDictionary<(string Name, string Key), Limit> limits, long now)
    {
        var isAnyGone = false;
        foreach (var pair in limits)
        {
            var limit = pair.Value;
            if ((limit.IsDynamic && !limit.Name.StartsWith('$')) || !limit.IsIdle(now))
            {
                continue;
            }

            lock (Making)
            {
                if (limit.IsAsNew(now) && limits.TryRemove(pair))
                {
                    // Somebody who asked in between may have counted in it.
                    isAnyGone |= limit.IsIdle(now) || !limits.TryAdd(pair.Key, limit);
                }
            }
        }

        return isAnyGone;
    }

    private readonly record struct Definition(string Name, LimitOptions Options);
}
