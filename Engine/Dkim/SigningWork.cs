using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace Engine.Dkim;

/// <summary>Signs heads on threads of its own, as many at once as it has threads.</summary>
/// <remarks>
/// RSA is the largest single cost of a message. On the thread pool, even behind a semaphore, it keeps every continuation of every socket
/// waiting for tens of milliseconds; beside it the kernel shares the processors fairly. Waiting jobs need no bound: each has a caller
/// that waits for it, and holds nothing but references to what that caller holds anyway.
/// </remarks>
internal sealed class SigningWork : IDisposable
{
    private readonly BlockingCollection<SigningJob> _waiting = [];
    private readonly ConcurrentBag<SigningJob> _idle = [];
    private readonly Thread[] _threads;
    private readonly Histogram<double> _seconds;

    /// <param name="threads">At least 1; the number of processors is right.</param>
    public SigningWork(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _seconds = Meter.CreateHistogram(
            "engine_dkim_sign_seconds",
            "s",
            "Time to sign one head with all its keys, without waiting for a thread. Alert when the mean stays above 5 ms: the processors are overloaded.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25] });
        _threads = new Thread[threads];
        for (var at = 0; at < threads; at++)
        {
            _threads[at] = new Thread(Run) { IsBackground = true, Name = $"dkim {at}" };
            _threads[at].Start();
        }
    }

    /// <summary>The room's meter, <c>Engine.Dkim</c>.</summary>
    public Meter Meter { get; } = new("Engine.Dkim");

    /// <summary>As <see cref="HeadSigner.Sign"/>. Head, hash and output belong to the work until it completes.</summary>
    /// <param name="head">The header block.</param>
    /// <param name="bodyHash">32 octets.</param>
    /// <param name="keys">From <see cref="KeyRing.For"/>.</param>
    /// <param name="time">For t= and x=.</param>
    /// <param name="output">Takes the fields.</param>
    /// <param name="stop">Looked at when the job's turn comes: the buffers are then no longer needed, and not before.</param>
    /// <returns>False, and nothing written, when the head has no From field. Await it once.</returns>
    public ValueTask<bool> SignAsync(
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> bodyHash,
        IReadOnlyList<SigningKey> keys,
        SigningTime time,
        IBufferWriter<byte> output,
        CancellationToken stop) => SignAsync(head, bodyHash, keys, time, output, body: null, stop);

    /// <summary>The same for a body hash that was made earlier, under rules that may not be the keys': see <see cref="OldSignature"/>.</summary>
    public ValueTask<bool> SignAsync(
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> bodyHash,
        IReadOnlyList<SigningKey> keys,
        SigningTime time,
        IBufferWriter<byte> output,
        Canonicalization? body,
        CancellationToken stop)
    {
        var job = _idle.TryTake(out var idle) ? idle : new SigningJob(_idle);
        var result = job.Prepare(head, bodyHash, keys, time, output, body, stop);
        _waiting.Add(job, CancellationToken.None);
        return result;
    }

    /// <summary>Signs what waits, then ends the threads. Nobody may come after.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _waiting.Dispose();
        Meter.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Top of the loop: a fault is handed to the caller who awaits the job, and the thread lives on.")]
    private void Run()
    {
        foreach (var job in _waiting.GetConsumingEnumerable())
        {
            try
            {
                var start = Stopwatch.GetTimestamp();
                var isSigned = job.Sign();
                _seconds.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
                job.Complete(isSigned);
            }
            catch (Exception exception)
            {
                job.Fail(exception);
            }
        }
    }
}
