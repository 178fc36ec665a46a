using System.Diagnostics.Metrics;

namespace Benchmarks.Queue;

/// <summary>Counts the commits of every open queue by their metric.</summary>
internal sealed class CommitCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;
    private double _seconds;

    public CommitCounter()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "engine_commit_seconds")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) =>
        {
            // One queue, one commit thread.
            _count++;
            _seconds += seconds;
        });
        _listener.Start();
    }

    public long Count => Volatile.Read(ref _count);

    /// <summary>Milliseconds a commit took, on average.</summary>
    public double Mean => _seconds * 1_000 / Math.Max(1, _count);

    public void Reset() => (_count, _seconds) = (0, 0);

    public void Dispose() => _listener.Dispose();
}
