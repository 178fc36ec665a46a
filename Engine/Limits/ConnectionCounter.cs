using System.Collections.Concurrent;
using Engine.Mail;

namespace Engine.Limits;

/// <summary>
/// Counts connections open at once. Whoever is refused may wait in line, transactional before marketing; a place that comes free is
/// offered down the line until somebody takes it. Thread-safe, no lock.
/// </summary>
/// <param name="maximum">At least 1; <see cref="int.MaxValue"/> only counts.</param>
internal sealed class ConnectionCounter(int maximum)
{
    private readonly ConcurrentQueue<(IWaiter Waiter, bool HoldsBack)>[] _lines = [new(), new()];
    private readonly int[] _waiting = new int[2];
    private int _open;
    private int _maximum = maximum;

    public int Maximum
    {
        get => Volatile.Read(ref _maximum);
        set => Volatile.Write(ref _maximum, value);
    }

    public int Open => Volatile.Read(ref _open);

    public int Waiting => Volatile.Read(ref _waiting[0]) + Volatile.Read(ref _waiting[1]);

    /// <summary>Whether a connection should end at its next message boundary: there are more than the maximum, or, where it carries marketing, transactional mail waits for its place.</summary>
    public bool Recalls(StreamClass streamClass) =>
        Open > Maximum || (streamClass is StreamClass.Marketing && Volatile.Read(ref _waiting[0]) > 0 && Open >= Maximum);

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

    /// <summary>Takes one for a class: marketing leaves the reserve, and what transactional mail waits for.</summary>
    /// <param name="streamClass">What starts the connection.</param>
    /// <param name="holdsBack">Leaves the reserve.</param>
    public bool TryTake(StreamClass streamClass, bool holdsBack) =>
        (streamClass is StreamClass.Transactional || Volatile.Read(ref _waiting[0]) == 0) && TryTake(holdsBack ? Reserve.Of(Maximum) : 0);

    /// <summary>Stands in line. Try once more afterwards: a place may have come free in between.</summary>
    public void Wait(IWaiter waiter, StreamClass streamClass, bool holdsBack)
    {
        _lines[(int)streamClass].Enqueue((waiter, holdsBack));
        Interlocked.Increment(ref _waiting[(int)streamClass]);
    }

    /// <summary>Gives a place back. Call <see cref="OfferNext"/> afterwards, outside every lock.</summary>
    public void Release() => Interlocked.Decrement(ref _open);

    /// <summary>Offers free places down the line until they are taken or nobody waits.</summary>
    public void OfferNext()
    {
        for (var streamClass = StreamClass.Transactional; streamClass <= StreamClass.Marketing; streamClass++)
        {
            var index = (int)streamClass;
            for (var left = Volatile.Read(ref _waiting[index]); left > 0 && IsFreeFor(index) && _lines[index].TryDequeue(out var next); left--)
            {
                Interlocked.Decrement(ref _waiting[index]);
                next.Waiter.Offer(this, streamClass);
            }
        }
    }

    private bool IsFreeFor(int index)
    {
        var maximum = Maximum;
        return _lines[index].TryPeek(out var next) && Open < Math.Max(1, maximum - (next.HoldsBack ? Reserve.Of(maximum) : 0));
    }
}
