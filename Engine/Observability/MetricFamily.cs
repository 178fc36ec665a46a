using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Engine.Observability;

/// <summary>One instrument: its name and the series of its label sets. Finding a known set takes no lock and allocates nothing.</summary>
/// <remarks>
/// Sets are kept in an open-addressed table whose slots are only ever filled, and which is replaced as a whole when it grows. Beyond
/// the bound new sets are counted together in one series whose every label is <c>other</c>: memory stays bounded, sums stay right.
/// </remarks>
internal sealed class MetricFamily
{
    private readonly int _maxSeries;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MetricSeries> _byLabels = [];
    private readonly MetricSeries _plain;
    private Entry?[] _table = new Entry?[16];
    private int _entries;
    private MetricSeries? _other;

    public MetricFamily(string name, string help, MetricKind kind, bool isAbsolute, bool isObservable, int maxSeries)
    {
        (Name, Help, Kind, IsAbsolute, IsObservable, _maxSeries) = (name, help, kind, isAbsolute, isObservable, maxSeries);
        Bounds = kind is MetricKind.Histogram ? MetricBuckets.Of(name) : null;
        _plain = new MetricSeries(string.Empty, Bounds);
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>What is reported replaces what was reported before, instead of being added to it.</summary>
    public bool IsAbsolute { get; }

    /// <summary>Its values are asked for at each scrape; a set that is not reported any more is gone.</summary>
    public bool IsObservable { get; }

    public double[]? Bounds { get; }

    /// <summary>Series to write, in the order of their labels. Without labels there is one, from the start: a counter shows its 0.</summary>
    public IReadOnlyList<MetricSeries> Series(long scrape)
    {
        lock (_gate)
        {
            var all = _byLabels.Values.Where(series => !IsObservable || series.SeenAt == scrape).OrderBy(series => series.Labels, StringComparer.Ordinal).ToList();
            if (_byLabels.Count == 0 ? !IsObservable || _plain.SeenAt == scrape : _plain.Value != 0)
            {
                all.Insert(0, _plain);
            }

            return all;
        }
    }

    public MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (labels.IsEmpty)
        {
            return _plain;
        }

        var hash = Hash(labels);
        var table = Volatile.Read(ref _table);
        for (var at = hash; ; at++)
        {
            var entry = Volatile.Read(ref table[at & (table.Length - 1)]);
            if (entry is null)
            {
                return Volatile.Read(ref _other) ?? Add(hash, labels);
            }

            if (entry.Hash == hash && entry.Holds(labels))
            {
                return entry.Series;
            }
        }
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var hash = 17;
        foreach (var (_, value) in labels)
        {
            hash = (hash * 31) + (value?.GetHashCode() ?? 0);
        }

        return hash;
    }

    private MetricSeries Add(int hash, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (_gate)
        {
            if (TryFindLocked(hash, labels, out var series))
            {
                return series;
            }

            if (_entries >= _maxSeries)
            {
                var other = Intern(TextOf(labels, "other"));
                Volatile.Write(ref _other, other);
                return other;
            }

            if (++_entries * 2 > _table.Length)
            {
                Grow();
            }

            series = Intern(TextOf(labels, always: null));
            Put(_table, new Entry(hash, labels.ToArray(), series));
            return series;
        }
    }

    private bool TryFindLocked(int hash, ReadOnlySpan<KeyValuePair<string, object?>> labels, [NotNullWhen(true)] out MetricSeries? series)
    {
        series = null;
        for (var at = hash; _table[at & (_table.Length - 1)] is { } entry; at++)
        {
            if (entry.Hash == hash && entry.Holds(labels))
            {
                series = entry.Series;
                return true;
            }
        }

        return false;
    }

    // The same labels in another order, or as another type with the same text, are the same series.
    private MetricSeries Intern(string text)
    {
        if (!_byLabels.TryGetValue(text, out var series))
        {
            series = new MetricSeries(text, Bounds);
            _byLabels.Add(text, series);
        }

        return series;
    }

    private void Grow()
    {
        var larger = new Entry?[_table.Length * 2];
        foreach (var entry in _table)
        {
            if (entry is not null)
            {
                Put(larger, entry);
            }
        }

        Volatile.Write(ref _table, larger);
    }

    private static void Put(Entry?[] table, Entry entry)
    {
        var at = entry.Hash;
        while (table[at & (table.Length - 1)] is not null)
        {
            at++;
        }

        Volatile.Write(ref table[at & (table.Length - 1)], entry);
    }

    private static string TextOf(ReadOnlySpan<KeyValuePair<string, object?>> labels, string? always)
    {
        var sorted = labels.ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        var text = new StringBuilder();
        foreach (var (key, value) in sorted)
        {
            text.Append(text.Length > 0 ? "," : string.Empty).Append(MetricText.Name(key)).Append("=\"");
            text.Append(always ?? MetricText.Label(value)).Append('"');
        }

        return text.ToString();
    }

    private sealed record Entry(int Hash, KeyValuePair<string, object?>[] Labels, MetricSeries Series)
    {
        public bool Holds(ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            if (labels.Length != Labels.Length)
            {
                return false;
            }

            for (var at = 0; at < labels.Length; at++)
            {
                if (!string.Equals(labels[at].Key, Labels[at].Key, StringComparison.Ordinal) || !Equals(labels[at].Value, Labels[at].Value))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
