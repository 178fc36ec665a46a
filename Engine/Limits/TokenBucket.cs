using Engine.Configuration;

namespace Engine.Limits;

/// <summary>
/// A token bucket as GCRA: one 64-bit theoretical arrival time, moved by compare-and-swap, no lock. Times are timestamps of the
/// process's <see cref="TimeProvider"/>. Thread-safe.
/// </summary>
/// <remarks>A full bucket holds <c>burst</c> tokens; each comes back after one interval. ITU-T I.371 annex A, virtual scheduling.</remarks>
internal sealed class TokenBucket
{
    private readonly long _frequency;
    private Terms _terms;
    private PaddedLong _arrival;

    /// <param name="rate">Refill and size.</param>
    /// <param name="frequency">Timestamps per second, <see cref="TimeProvider.TimestampFrequency"/>.</param>
    public TokenBucket(Rate rate, long frequency)
    {
        _frequency = frequency;
        _terms = new Terms(rate, frequency);
    }

    public Rate Rate => Volatile.Read(ref _terms).Rate;

    /// <summary>Whether it was ever taken from, charged or restored: a full bucket needs no saving.</summary>
    public bool IsTouched => Volatile.Read(ref _arrival.Value) != 0;

    /// <summary>Takes one token.</summary>
    /// <param name="now">The time, taken once per turn of the caller's loop.</param>
    /// <param name="reserve">Tokens that must stay behind for transactional mail; 0 for it.</param>
    /// <param name="readyAt">On refusal: when it is worth asking again.</param>
    public bool TryTake(long now, int reserve, out long readyAt)
    {
        var terms = Volatile.Read(ref _terms);
        var depth = terms.DepthLess(reserve);
        while (true)
        {
            var seen = Volatile.Read(ref _arrival.Value);
            var next = Math.Max(seen, now) + terms.Interval;
            if (next - now > depth)
            {
                readyAt = next - depth;
                return false;
            }

            if (Interlocked.CompareExchange(ref _arrival.Value, next, seen) == seen)
            {
                readyAt = now;
                return true;
            }
        }
    }

    /// <summary>Gives one token back that was taken and not used.</summary>
    public void Refund() => Interlocked.Add(ref _arrival.Value, -Volatile.Read(ref _terms).Interval);

    /// <summary>Takes one token whether there is one or not: what has happened already. What is owed is paid before the next is granted.</summary>
    public void Charge(long now)
    {
        var interval = Volatile.Read(ref _terms).Interval;
        while (true)
        {
            var seen = Volatile.Read(ref _arrival.Value);
            if (Interlocked.CompareExchange(ref _arrival.Value, Math.Max(seen, now) + interval, seen) == seen)
            {
                return;
            }
        }
    }

    /// <summary>When so many tokens will be there at once if none is taken; <see cref="long.MaxValue"/> when it never holds so many.</summary>
    /// <param name="tokens">At least 1.</param>
    /// <param name="reserve">Tokens that must stay behind.</param>
    public long ReadyAt(int tokens, int reserve)
    {
        var terms = Volatile.Read(ref _terms);
        var depth = terms.DepthLess(reserve);
        var need = terms.Interval * tokens;
        return need > depth ? long.MaxValue : Volatile.Read(ref _arrival.Value) + need - depth;
    }

    /// <summary>Tokens there now; below 0 what is owed.</summary>
    public double Level(long now)
    {
        var terms = Volatile.Read(ref _terms);
        return (terms.Depth - (Math.Max(Volatile.Read(ref _arrival.Value), now) - now)) / (double)terms.Interval;
    }

    /// <summary>Changes rate and size. What is in it stays, at most as much as the new size holds.</summary>
    public void Change(Rate rate, long now)
    {
        if (rate == Rate)
        {
            return;
        }

        var level = Level(now);
        Volatile.Write(ref _terms, new Terms(rate, _frequency));
        SetLevel(level, now);
    }

    /// <summary>Puts so many tokens in, at most what it holds.</summary>
    public void SetLevel(double tokens, long now)
    {
        var terms = Volatile.Read(ref _terms);
        Volatile.Write(ref _arrival.Value, now + terms.Depth - (long)(Math.Min(tokens, terms.Rate.Burst) * terms.Interval));
    }

    private sealed class Terms(Rate rate, long frequency)
    {
        public Rate Rate { get; } = rate;

        public long Interval { get; } = Math.Max(1, (long)(frequency / rate.PerSecond));

        public long Depth { get; } = Math.Max(1, (long)(frequency / rate.PerSecond)) * rate.Burst;

        // At least one token can be taken: a bucket of one has no reserve.
        public long DepthLess(int reserve) => Depth - Math.Min(reserve * Interval, Depth - Interval);
    }
}
