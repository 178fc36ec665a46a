using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>A source towards a destination. It holds no mail: its workers pull from READY of the pools its source serves. Guarded by its destination's lock.</summary>
internal sealed class Lane(Source source, DestinationQueue destination)
{
    private readonly long[] _blocked = new long[2];

    public Source Source { get; } = source;

    public DestinationQueue Destination { get; } = destination;

    /// <summary>Workers running, each with at most one connection.</summary>
    public int Workers { get; set; }

    /// <summary>Workers that have not reached the server yet. At most one, or half as many as are through: a slow start.</summary>
    public int Connecting { get; set; }

    /// <summary>Paused for trouble until then; 0 when it works.</summary>
    public long PausedUntil { get; private set; }

    /// <summary>Why it was last paused, for status and notices; null when it works.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Times in a row that no exchanger could be reached.</summary>
    public int Failures { get; private set; }

    /// <summary>For each worker, the limits whose connection counters it was counted in.</summary>
    public Stack<Limit[]> Held { get; } = [];

    /// <summary>Limits that match this lane, by pool; found again when the limit tree's version moves.</summary>
    public Dictionary<string, LaneLimits> Limits { get; } = [];

    /// <summary>The earliest time at which a limit lets a class go on, or the pause ends; 0 when nothing holds it.</summary>
    public long NextRelease(long now)
    {
        var at = long.MaxValue;
        foreach (var until in (ReadOnlySpan<long>)[_blocked[0], _blocked[1], PausedUntil])
        {
            at = until > now ? Math.Min(at, until) : at;
        }

        return at is long.MaxValue ? 0 : at;
    }

    public bool IsFree(StreamClass streamClass, long now) => _blocked[(int)streamClass] <= now && PausedUntil <= now;

    /// <summary>A limit of the lane refused a class until then; marketing waits wherever transactional mail does.</summary>
    public void Block(StreamClass streamClass, long until)
    {
        for (var index = (int)streamClass; index < _blocked.Length; index++)
        {
            _blocked[index] = Math.Max(_blocked[index], until);
        }
    }

    public void Pause(long until, string trouble)
    {
        (PausedUntil, Trouble) = (until, trouble);
        Failures++;
    }

    /// <summary>Workers the receiver seems to bear, until <see cref="CeilingUntil"/>; learned when one more was refused.</summary>
    public int Ceiling { get; private set; } = int.MaxValue;

    public long CeilingUntil { get; private set; }

    /// <summary>One more connection failed while others work: no more than those for a while. The lane itself is not in trouble.</summary>
    public void Bound(int workers, long until) => (Ceiling, CeilingUntil) = (Math.Max(1, workers), until);

    public void Works() => (PausedUntil, Trouble, Failures) = (0, null, 0);
}
