using Engine.Configuration;

namespace Engine.Limits;

/// <summary>
/// A token bucket as GCRA: one 64-bit theoretical arrival time, moved by compare-and-swap, no lock. Times are timestamps of the
/// process's <see cref="TimeProvider"/>. Thread-safe.
/// </summary>
/// <remarks>A full bucket holds <c>burst</c> tokens; each comes back after one interval. ITU-T I.371 annex A, virtual scheduling.</remarks>
internal sealed class TokenBucket
{
    private readonly long _interval;
    private readonly long _depth;
    private long _arrival;

    /// <param name="rate">Refill and size.</param>
    /// <param name="frequency">Timestamps per second, <see cref="TimeProvider.TimestampFrequency"/>.</param>
    public TokenBucket(Rate rate, long frequency)
    {
        Rate = rate;
        _interval = Math.Max(1, (long)(frequency / rate.PerSecond));
        _depth = _interval * rate.Burst;
    }

    public Rate Rate { get; }

    /// <summary>Takes one token.</summary>
    /// <param name="now">The time, taken once per turn of the caller's loop.</param>
    /// <param name="reserve">Tokens that must stay behind for transactional mail; 0 for it.</param>
    /// <param name="readyAt">On refusal: when it is worth asking again.</param>
    public bool TryTake(long now, int reserve, out long readyAt)
    {
        var depth = _depth - Math.Min(reserve * _interval, _depth - _interval);
        while (true)
        {
            var seen = Volatile.Read(ref _arrival);
            var next = Math.Max(seen, now) + _interval;
            if (next - now > depth)
            {
                readyAt = next - depth;
                return false;
            }

            if (Interlocked.CompareExchange(ref _arrival, next, seen) == seen)
            {
                readyAt = now;
                return true;
            }
        }
    }

    /// <summary>Gives one token back that was taken and not used.</summary>
    public void Refund() => Interlocked.Add(ref _arrival, -_interval);
}
