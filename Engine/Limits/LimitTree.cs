using System.Collections.Concurrent;
using System.Collections.Frozen;
using Engine.Configuration;

namespace Engine.Limits;

/// <summary>
/// All limits of the configuration. For a subject it names every limit that matches; each has its own bucket and counter per key.
/// Thread-safe: look-ups run beside a reload, which keeps the state of every limit whose definition did not change.
/// </summary>
internal sealed class LimitTree(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Name, string Key), Limit> _limits = new();
    private FrozenDictionary<string, LimitOptions> _definitions = FrozenDictionary<string, LimitOptions>.Empty;

    /// <summary>Grows at each <see cref="Load"/>: who holds found limits looks again when it has moved.</summary>
    public int Version { get; private set; }

    public void Load(IReadOnlyDictionary<string, LimitOptions> definitions)
    {
        foreach (var (key, limit) in _limits)
        {
            if (!definitions.TryGetValue(key.Name, out var definition) || !Same(definition, limit.Options))
            {
                _limits.TryRemove(key, out _);
            }
        }

        _definitions = definitions.ToFrozenDictionary();
        Version++;
    }

    /// <summary>Limits that match the subject and depend on exactly this scope. Wide ones come last.</summary>
    public Limit[] Find(LimitSubject subject, LimitScope scope) =>
        [.. from entry in _definitions
            where ScopeOf(entry.Value) == scope && Matches(entry.Value, subject)
            orderby entry.Value.Per.Count descending, entry.Key
            select Get(entry.Key, entry.Value, subject)];

    /// <summary>What a limit's <c>match</c> and <c>per</c> ask for; a limit over everything belongs to the lane.</summary>
    internal static LimitScope ScopeOf(LimitOptions options)
    {
        var scope = LimitScope.None;
        foreach (var dimension in options.Match.Keys.Concat(options.Per))
        {
            scope |= dimension is LimitDimension.Provider or LimitDimension.Destination or LimitDimension.Source or LimitDimension.Pool ? LimitScope.Lane : LimitScope.Flow;
        }

        return scope is LimitScope.None ? LimitScope.Lane : scope;
    }

    private static bool Matches(LimitOptions options, LimitSubject subject)
    {
        foreach (var (dimension, value) in options.Match)
        {
            if (!string.Equals(subject[dimension], value, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Same(LimitOptions left, LimitOptions right) =>
        left.Connections == right.Connections
        && left.MessagesPerConnection == right.MessagesPerConnection
        && left.Rate == right.Rate
        && left.Per.SequenceEqual(right.Per)
        && left.Match.Count == right.Match.Count
        && left.Match.All(pair => right.Match.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private Limit Get(string name, LimitOptions options, LimitSubject subject)
    {
        var key = string.Join('/', options.Per.Select(dimension => subject[dimension] ?? string.Empty));
        return _limits.GetOrAdd((name, key), id => new Limit(id.Name, id.Key, options, clock.TimestampFrequency));
    }
}
