namespace Engine.Observability;

/// <summary>The numbers of one instrument for one set of labels. Thread-safe, without locks.</summary>
/// <param name="labels">As they are written: <c>provider="google",class="marketing"</c>; empty for none.</param>
/// <param name="bounds">Bounds of a histogram's buckets, ascending; null for everything else.</param>
internal sealed class MetricSeries(string labels, double[]? bounds)
{
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private long _whole;
    private double _real;

    public string Labels { get; } = labels;

    /// <summary>The number of the last scrape that an observable instrument reported this set in.</summary>
    public long SeenAt { get; private set; }

    /// <summary>A counter's or gauge's value, or the sum of what a histogram took.</summary>
    public double Value => Volatile.Read(ref _whole) + Volatile.Read(ref _real);

    public void Add(long value) => Interlocked.Add(ref _whole, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _real);
        while (true)
        {
            var now = Interlocked.CompareExchange(ref _real, seen + value, seen);
            if (now.Equals(seen))
            {
                return;
            }

            seen = now;
        }
    }

    /// <summary>Replaces the value, for the scrape of that number.</summary>
    public void Set(double value, long scrape)
    {
        Volatile.Write(ref _real, value);
        SeenAt = scrape;
    }

    /// <summary>Takes a value into a histogram.</summary>
    public void Record(double value)
    {
        var at = Array.BinarySearch(bounds!, value);
        Interlocked.Increment(ref _buckets[at < 0 ? ~at : at]);
        Add(value);
    }

    /// <summary>Values taken by the bucket of that bound, not cumulated.</summary>
    public long Bucket(int number) => Volatile.Read(ref _buckets[number]);
}
