using System.Collections.Concurrent;

namespace Engine.Limits;

/// <summary>Counts connections open at once. Whoever is refused may wait in line; a released place is offered down the line until somebody takes it. Thread-safe, no lock.</summary>
/// <param name="maximum">At least 1.</param>
internal sealed class ConnectionCounter(int maximum)
{
    private readonly ConcurrentQueue<IWaiter> _line = new();
    private int _open;
    private int _maximum = maximum;

    public int Maximum
    {
        get => Volatile.Read(ref _maximum);
        set => Volatile.Write(ref _maximum, value);
    }

    public int Open => Volatile.Read(ref _open);

    /// <summary>Takes one if, with it, at most the maximum less <paramref name="reserve"/> are open.</summary>
    /// <param name="reserve">Kept for transactional mail; a maximum of 1 has no reserve.</param>
    public bool TryTake(int reserve = 0)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _open);
            if (seen >= Math.Max(1, Maximum - reserve))
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _open, seen + 1, seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Stands in line. Try once more afterwards: a place may have come free in between.</summary>
    public void Wait(IWaiter waiter) => _line.Enqueue(waiter);

    /// <summary>Gives a place back. Call <see cref="OfferNext"/> afterwards, outside every lock.</summary>
    public void Release() => Interlocked.Decrement(ref _open);

    /// <summary>Offers free places down the line; ends at the first that is taken or when nobody waits.</summary>
    public void OfferNext()
    {
        for (var left = _line.Count; left > 0 && Open < Maximum && _line.TryDequeue(out var waiter); left--)
        {
            if (waiter.Offer(this))
            {
                return;
            }
        }
    }
}
