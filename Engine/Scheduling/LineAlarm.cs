using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>
/// Wakes those who wait in the lines of limits, each line at the time its bucket grants next, with one timer for all. While a line is not
/// empty its alarm is set: no waiter is forgotten. Thread-safe; wakes on the timer's thread, outside every lock.
/// </summary>
internal sealed class LineAlarm : IDisposable
{
    private readonly Alarm<WaitLine> _alarm;
    private readonly TimeProvider _clock;
    private long _wakeUps;

    public LineAlarm(TimeProvider clock)
    {
        _clock = clock;
        _alarm = new Alarm<WaitLine>(clock, Ring);
    }

    /// <summary>Waiters woken since the start.</summary>
    public long WakeUps => Volatile.Read(ref _wakeUps);

    /// <summary>Stands in line.</summary>
    public void Join(WaitLine line, Waiter waiter, StreamClass streamClass, bool holdsBack, bool isFirst)
    {
        waiter.HoldsBack = holdsBack;
        line.Join(waiter, streamClass, isFirst);
        Set(line);
    }

    /// <summary>A turn was used or given up: the next may be due earlier than it seemed.</summary>
    public void Settle(WaitLine line)
    {
        line.Settle();
        Set(line);
    }

    /// <summary>The limit may have become looser.</summary>
    public void Changed(Limit limit)
    {
        Set(limit.Line);
        Set(limit.ConnectLine);
        if (limit.Connections is { Waiting: > 0 })
        {
            // Places are offered where turns are: on the timer's thread, outside the caller's locks.
            _alarm.Set(limit.Line, _clock.GetTimestamp());
        }
    }

    public void Dispose() => _alarm.Dispose();

    private void Set(WaitLine line)
    {
        if (line.Count > 0 && line.LookAt(_clock.GetTimestamp()) is var at and < long.MaxValue)
        {
            _alarm.Set(line, at);
        }
    }

    private void Ring(WaitLine line)
    {
        for (var left = line.Count; left > 0; left--)
        {
            if (line.Next(_clock.GetTimestamp(), out _) is not { } waiter)
            {
                break;
            }

            Interlocked.Increment(ref _wakeUps);
            if (!waiter.Wake(line))
            {
                line.Settle();
            }
        }

        Set(line);
        line.Limit.Connections?.OfferNext();
    }
}
