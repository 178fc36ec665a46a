namespace Engine.Wire;

/// <summary>
/// Keeps file descriptors free for what is on its way out: when fewer than <see cref="Reserve"/> are left, intake takes no connection.
/// Without it a crowd of clients would stop delivery, and running out of descriptors ends the runtime. Thread-safe.
/// </summary>
/// <param name="limit">Descriptors the process may have open.</param>
/// <param name="count">Counts those that are; may throw <see cref="IOException"/> when there is none left.</param>
/// <param name="clock">Measures the age of a count.</param>
internal sealed class DescriptorBudget(long limit, Func<long> count, TimeProvider clock)
{
    /// <summary>Never short of anything: for tests and benchmarks.</summary>
    public static readonly DescriptorBudget Unlimited = new(long.MaxValue, static () => 0, TimeProvider.System);

    // Between two counts only intake's own connections are added up; what else is opened meanwhile comes out of the reserve.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Connections that ended are seen only by counting, so before anybody is turned away a count is not older than this.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private long _counted;
    private long _admitted;
    private long _at = long.MinValue;

    /// <summary>For this process.</summary>
    public static DescriptorBudget OfProcess(TimeProvider clock) => new(ProcessDescriptors.Limit(), ProcessDescriptors.Count, clock);

    public long Limit => limit;

    /// <summary>Descriptors that intake leaves alone: 256, or a tenth of them all when that is more; never more than half.</summary>
    public long Reserve { get; } = Math.Min(Math.Max(256, limit / 10), limit / 2);

    /// <summary>Descriptors left. Counts.</summary>
    public long Free
    {
        get
        {
            lock (_gate)
            {
                Count();
                return limit - _counted;
            }
        }
    }

    /// <summary>Whether intake may keep a connection it has just accepted.</summary>
    /// <param name="newest">Its descriptor. The system gives the lowest that is free, so all below it are taken.</param>
    public bool Admits(long newest)
    {
        lock (_gate)
        {
            if (newest >= limit - Reserve)
            {
                return false;
            }

            CountAfter(Interval);
            if (!Fits)
            {
                CountAfter(Shortest);
            }

            var fits = Fits;
            _admitted += fits ? 1 : 0;
            return fits;
        }
    }

    private bool Fits => limit - _counted - _admitted >= Reserve;

    private void CountAfter(TimeSpan age)
    {
        if (_at == long.MinValue || clock.GetElapsedTime(_at) >= age)
        {
            Count();
        }
    }

    private void Count()
    {
        try
        {
            _counted = count();
        }
        catch (IOException)
        {
            // Not even one to look with: all are taken.
            _counted = limit;
        }

        (_admitted, _at) = (0, clock.GetTimestamp());
    }
}
