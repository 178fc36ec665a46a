using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>A source towards a destination. It holds no mail: its workers pull from READY of the pools its source serves. Guarded by its destination's lock.</summary>
internal sealed class Lane(Source source, DestinationQueue destination, ReceiverPlaces.Shared places)
{
    private readonly LaneWaiter?[] _waiters = new LaneWaiter?[4];

    public Source Source { get; } = source;

    public DestinationQueue Destination { get; } = destination;

    /// <summary>Its connections and those of its source at other destinations of the same hosts, together.</summary>
    public ReceiverPlaces.Shared Places { get; } = places;

    /// <summary>Another destination of the same hosts waits for a place of this source.</summary>
    public bool IsWanted => Places.Counter.Waiting is var waiting and > 0 && waiting > Destination.WaitsFor(Places.Counter);

    /// <summary>Workers running, each with at most one connection.</summary>
    public int Workers { get; set; }

    /// <summary>Workers that have not reached the server yet. At most one, or half as many as are through: a slow start.</summary>
    public int Connecting { get; set; }

    /// <summary>Of those, how many took tokens of connection rates.</summary>
    public int ConnectTokens { get; set; }

    /// <summary>Connections that workers left open until <see cref="IdleUntil"/>, as far as is known: the next worker takes no token of connection rates.</summary>
    public int Idle { get; set; }

    /// <summary>Timestamp from which nothing is said of idle connections: they may have been closed.</summary>
    public long IdleUntil { get; set; }

    /// <summary>Paused for trouble until then; 0 when it works.</summary>
    public long PausedUntil { get; private set; }

    /// <summary>Why it was last paused, for status and notices; null when it works.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Times in a row that no exchanger could be reached.</summary>
    public int Failures { get; private set; }

    /// <summary>For each worker, the counters it was counted in.</summary>
    public Stack<ConnectionCounter[]> Held { get; } = [];

    /// <summary>What holds for it in each pool it serves; found again when versions move.</summary>
    public List<LaneTerms> Terms { get; } = [];

    /// <summary>Workers the receiver seems to bear, until <see cref="CeilingUntil"/>; learned when one more was refused.</summary>
    public int Ceiling { get; private set; } = int.MaxValue;

    public long CeilingUntil { get; private set; }

    /// <summary>The earliest time at which a pause of trouble or a ceiling ends; 0 when neither holds it. Lines of limits wake it themselves.</summary>
    public long NextRelease(long now)
    {
        var at = PausedUntil > now ? PausedUntil : long.MaxValue;
        at = CeilingUntil > now && Workers >= Ceiling ? Math.Min(at, CeilingUntil) : at;
        return at is long.MaxValue ? 0 : at;
    }

    /// <summary>Whether so many workers are more than its share while others wait. Who has more gives one up at a message boundary; nobody starts one that would be given up at once.</summary>
    public bool IsTooMany(int workers) => IsWanted && workers > Places.Share;

    /// <summary>Whether it may send this class: marketing waits wherever transactional mail does.</summary>
    public bool IsFree(StreamClass streamClass, long now) =>
        PausedUntil <= now
        && _waiters[0] is not { IsWaiting: true }
        && (streamClass is StreamClass.Transactional || _waiters[1] is not { IsWaiting: true });

    /// <summary>Whether an earlier worker left a connection open, as far as is known.</summary>
    public bool HasIdle(long now) => Idle > 0 && IdleUntil > now;

    /// <summary>Whether a worker that starts for this class must wait for a connection rate first.</summary>
    public bool WaitsToConnect(StreamClass streamClass) =>
        _waiters[2] is { IsWaiting: true } || (streamClass is StreamClass.Marketing && _waiters[3] is { IsWaiting: true });

    public bool HasTurn(WaitLine line, StreamClass streamClass) => _waiters[Place(line.IsOfConnects, streamClass)]?.Turns.Has(line) ?? false;

    /// <summary>A limit refused a class: the lane stands in its line.</summary>
    public void WaitIn(WaitLine line, StreamClass streamClass, bool holdsBack, Scheduler scheduler, LineAlarm alarm)
    {
        var waiter = _waiters[Place(line.IsOfConnects, streamClass)] ??= new LaneWaiter(scheduler, this);
        waiter.Turns.Decline(alarm);
        if (!waiter.IsWaiting)
        {
            waiter.IsWaiting = true;
            alarm.Join(line, waiter, streamClass, holdsBack, isFirst: waiter.Turns.Return(line));
        }
    }

    public void UseTurn(bool ofConnects, StreamClass streamClass, LineAlarm alarm) => _waiters[Place(ofConnects, streamClass)]?.Turns.Use(ofConnects, alarm);

    /// <summary>No worker of it will use its turns now.</summary>
    public void DeclineTurns(LineAlarm alarm)
    {
        foreach (var waiter in _waiters)
        {
            waiter?.Turns.Decline(alarm);
        }
    }

    /// <summary>Leaves every line: it is forgotten.</summary>
    public void Leave(LineAlarm alarm)
    {
        foreach (var waiter in _waiters)
        {
            if (waiter is not null)
            {
                waiter.Line?.Leave(waiter);
                waiter.IsWaiting = false;
                waiter.Turns.Decline(alarm);
            }
        }
    }

    public void Pause(long until, string trouble)
    {
        (PausedUntil, Trouble) = (until, trouble);
        Failures++;
    }

    /// <summary>One more connection failed while others work: no more than those for a while. The lane itself is not in trouble.</summary>
    public void Bound(int workers, long until) => (Ceiling, CeilingUntil) = (Math.Max(1, workers), until);

    public void Works() => (PausedUntil, Trouble, Failures) = (0, null, 0);

    private static int Place(bool ofConnects, StreamClass streamClass) => (ofConnects ? 2 : 0) + (int)streamClass;
}
