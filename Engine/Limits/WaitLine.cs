using Engine.Mail;

namespace Engine.Limits;

/// <summary>
/// Those a limit refused, in order: transactional before marketing, first come first served within a class. It knows how many were
/// woken and have not used their turn yet, so that a refill wakes exactly as many as it admits. Thread-safe; its lock is a leaf.
/// </summary>
/// <remarks>
/// A turn is settled when it is used or declined. One that is neither (a server that takes long to answer) is forgotten after one to two
/// seconds, and another is woken in its place: no token lies idle for long, whatever a waiter does.
/// </remarks>
/// <param name="limit">Whose line it is.</param>
/// <param name="isOfConnects">For tokens of new connections; else for those of recipients.</param>
internal sealed class WaitLine(Limit limit, bool isOfConnects = false)
{
    private readonly Lock _gate = new();
    private readonly Waiter?[] _first = new Waiter?[2];
    private readonly Waiter?[] _last = new Waiter?[2];
    private readonly int[] _count = new int[2];
    private int _turnsYoung;
    private int _turnsOld;
    private long _aged;

    public Limit Limit { get; } = limit;

    public bool IsOfConnects { get; } = isOfConnects;

    public int Count => Volatile.Read(ref _count[0]) + Volatile.Read(ref _count[1]);

    /// <summary>Woken, and their turn not used yet.</summary>
    public int Turns => Volatile.Read(ref _turnsYoung) + Volatile.Read(ref _turnsOld);

    private TokenBucket? Bucket => IsOfConnects ? Limit.ConnectBucket : Limit.Bucket;

    public int CountOf(StreamClass streamClass) => Volatile.Read(ref _count[(int)streamClass]);

    /// <summary>Whether somebody stands before a newcomer of this class.</summary>
    public bool MustWait(StreamClass streamClass) =>
        Volatile.Read(ref _count[0]) > 0 || (streamClass is StreamClass.Marketing && Volatile.Read(ref _count[1]) > 0);

    /// <param name="waiter">Stands in no other line, or in this one already.</param>
    /// <param name="streamClass">What it waits for.</param>
    /// <param name="isFirst">It had its turn and could not use it for want of something else: before the others of its class.</param>
    public void Join(Waiter waiter, StreamClass streamClass, bool isFirst)
    {
        lock (_gate)
        {
            if (waiter.Line is not null)
            {
                return;
            }

            var index = (int)streamClass;
            (waiter.Line, waiter.Class) = (this, streamClass);
            if (isFirst)
            {
                Link(waiter, null, _first[index], index);
            }
            else
            {
                Link(waiter, _last[index], null, index);
            }

            Volatile.Write(ref _count[index], _count[index] + 1);
        }
    }

    public void Leave(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Line == this)
            {
                Unlink(waiter);
            }
        }
    }

    /// <summary>Takes the first who may be woken now out of the line, and counts its turn; null when nobody may.</summary>
    /// <param name="now">The time.</param>
    /// <param name="lookAt">When to look again; <see cref="long.MaxValue"/> when nobody waits.</param>
    public Waiter? Next(long now, out long lookAt)
    {
        lock (_gate)
        {
            Age(now);
            lookAt = ReadyAt(now);
            if (lookAt > now)
            {
                return null;
            }

            var waiter = (_first[0] ?? _first[1])!;
            Unlink(waiter);
            _turnsYoung++;
            return waiter;
        }
    }

    /// <summary>When the first in line is worth waking; <see cref="long.MaxValue"/> when nobody waits.</summary>
    public long LookAt(long now)
    {
        lock (_gate)
        {
            Age(now);
            return ReadyAt(now);
        }
    }

    /// <summary>A turn was used, or given up.</summary>
    public void Settle()
    {
        if (Turns == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_turnsOld > 0)
            {
                _turnsOld--;
            }
            else if (_turnsYoung > 0)
            {
                _turnsYoung--;
            }
        }
    }

    private long ReadyAt(long now)
    {
        if ((_first[0] ?? _first[1]) is not { } waiter)
        {
            return long.MaxValue;
        }

        var at = IsOfConnects ? Math.Max(now, Limit.PausedUntil) : Limit.OpensAt(now);
        if (Bucket is not { } bucket)
        {
            return at;
        }

        var reserve = waiter.HoldsBack ? Limit.ReserveOf(bucket) : 0;
        var ready = bucket.ReadyAt(Turns + 1, reserve);

        // Never so many at once: when those who were woken have had their time.
        return Math.Max(at, ready is long.MaxValue ? _aged + Limit.Frequency : ready);
    }

    private void Age(long now)
    {
        if (now - _aged >= Limit.Frequency)
        {
            _turnsOld = now - _aged >= 2 * Limit.Frequency ? 0 : _turnsYoung;
            (_turnsYoung, _aged) = (0, now);
        }
    }

    private void Link(Waiter waiter, Waiter? before, Waiter? behind, int index)
    {
        (waiter.Before, waiter.Behind) = (before, behind);
        if (before is null)
        {
            _first[index] = waiter;
        }
        else
        {
            before.Behind = waiter;
        }

        if (behind is null)
        {
            _last[index] = waiter;
        }
        else
        {
            behind.Before = waiter;
        }
    }

    private void Unlink(Waiter waiter)
    {
        var index = (int)waiter.Class;
        var (before, behind) = (waiter.Before, waiter.Behind);
        if (before is null)
        {
            _first[index] = behind;
        }
        else
        {
            before.Behind = behind;
        }

        if (behind is null)
        {
            _last[index] = before;
        }
        else
        {
            behind.Before = before;
        }

        (waiter.Line, waiter.Before, waiter.Behind) = (null, null, null);
        Volatile.Write(ref _count[index], _count[index] - 1);
    }
}
