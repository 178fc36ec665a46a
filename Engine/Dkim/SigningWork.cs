using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Engine.Dkim;

/// <summary>Signs heads, no more at once than there are processors: RSA is the largest single cost of a message and must not take every thread of the pool.</summary>
internal sealed class SigningWork : IDisposable
{
    private readonly SemaphoreSlim _slots;
    private readonly Histogram<double> _seconds;

    /// <param name="atOnce">Signatures made at once.</param>
    public SigningWork(int atOnce)
    {
        _slots = new SemaphoreSlim(atOnce, atOnce);
        _seconds = Meter.CreateHistogram(
            "engine_dkim_sign_seconds",
            "s",
            "Time to sign one head with all its keys, without waiting for a slot. Above 1 ms with RSA-2048: the processor lacks fast big-number instructions or is overloaded.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25] });
    }

    /// <summary>The room's meter, <c>Engine.Dkim</c>.</summary>
    public Meter Meter { get; } = new("Engine.Dkim");

    /// <summary>As <see cref="HeadSigner.Sign"/>; runs on the caller's thread when a slot is free.</summary>
    /// <returns>False, and nothing written, when the head has no From field.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SignAsync(
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> bodyHash,
        IReadOnlyList<SigningKey> keys,
        DateTimeOffset time,
        IBufferWriter<byte> output,
        CancellationToken stop)
    {
        await _slots.WaitAsync(stop);
        try
        {
            var start = Stopwatch.GetTimestamp();
            var isSigned = HeadSigner.Sign(head.Span, bodyHash.Span, keys, time, output);
            _seconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
            return isSigned;
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose()
    {
        Meter.Dispose();
        _slots.Dispose();
    }
}
