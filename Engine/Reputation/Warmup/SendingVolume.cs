using System.Collections.Concurrent;
using System.Globalization;

namespace Engine.Reputation.Warmup;

/// <summary>Recipients each source delivered to in the last 28 local days. Thread-safe.</summary>
internal sealed class SendingVolume
{
    /// <summary>Days that are counted: four weeks, so that every weekday weighs the same.</summary>
    public const int Days = 28;

    /// <summary>Recipients a month below which receivers forget an address faster than it earns a name. From the practice of large senders.</summary>
    public const int WorthAnAddress = 250_000;

    private const double DaysPerMonth = 30;

    private readonly ConcurrentDictionary<string, Ring> _rings = new(StringComparer.Ordinal);

    /// <summary>Counts one recipient.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="day">As of <see cref="LocalDay.Number"/>.</param>
    public void Count(string source, int day)
    {
        var ring = _rings.GetOrAdd(source, static (_, first) => new Ring(first), day);
        lock (ring)
        {
            ring.Add(day, 1);
        }
    }

    /// <summary>Recipients of the last 28 days, this one included.</summary>
    public long Recent(string source, int day)
    {
        if (!_rings.TryGetValue(source, out var ring))
        {
            return 0;
        }

        lock (ring)
        {
            return ring.Sum(day);
        }
    }

    /// <summary>Words for an operator when a source that has sent for four weeks sends too little for an address of its own; else null.</summary>
    public string? Advice(string source, int day)
    {
        if (!_rings.TryGetValue(source, out var ring) || day - ring.First < Days)
        {
            return null;
        }

        var recent = Recent(source, day);
        var month = recent * DaysPerMonth / Days;
        return month >= WorthAnAddress ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{source} delivered {recent:N0} messages in {Days} days; below {WorthAnAddress:N0} a month an address of its own keeps no reputation: join its mail with another source's");
    }

    public IReadOnlyList<VolumeRecord> Records()
    {
        var records = new List<VolumeRecord>();
        foreach (var (source, ring) in _rings)
        {
            lock (ring)
            {
                records.Add(new VolumeRecord(source, ring.First, ring.Newest, [.. ring.Counts]));
            }
        }

        return records;
    }

    public void Restore(IEnumerable<VolumeRecord> records)
    {
        foreach (var record in records.Where(record => record.Counts.Count == Days))
        {
            _rings[record.Source] = new Ring(record.First) { Newest = record.Newest, Counts = [.. record.Counts] };
        }
    }

    // The count of a day stands at its number modulo 28.
    private sealed class Ring(int first)
    {
        public int First { get; } = first;

        public int Newest { get; set; } = first;

        public long[] Counts { get; init; } = new long[Days];

        public void Add(int day, int count)
        {
            Move(day);
            if (day > Newest - Days)
            {
                Counts[day % Days] += count;
            }
        }

        public long Sum(int day)
        {
            Move(day);
            return Counts.Sum();
        }

        private void Move(int day)
        {
            for (var passed = Math.Max(Newest, day - Days) + 1; passed <= day; passed++)
            {
                Counts[passed % Days] = 0;
            }

            Newest = Math.Max(Newest, day);
        }
    }
}
