using System.Collections.Concurrent;
using Engine.Mail;

namespace Engine.Reputation;

/// <summary>
/// Which source a greylisted recipient should come back from, and until when only that one may take it. Kept in memory: after a
/// restart a receiver that greylists sees another source at worst, and asks for one wait more. Thread-safe.
/// </summary>
/// <param name="clock">Says what is over.</param>
internal sealed class SourceHints(TimeProvider clock)
{
    /// <summary>More are not kept: about 50 MB. Whoever finds no room comes back from any source.</summary>
    public const int Most = 500_000;

    /// <summary>After its time is due, a recipient waits this long for its source. architecture.md §4.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(MessageId Id, int Recipient), (SourceId Source, DateTimeOffset Until)> _hints = new();
    private long _sweepAt;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <param name="id">The message.</param>
    /// <param name="recipient">Index of its recipient.</param>
    /// <param name="source">The one it was deferred on.</param>
    /// <param name="due">When it is tried again.</param>
    public void Remember(MessageId id, int recipient, SourceId source, DateTimeOffset due)
    {
        if (Count >= Most && !Sweep())
        {
            return;
        }

        if (_hints.TryAdd((id, recipient), (source, due + Grace)))
        {
            Interlocked.Increment(ref _count);
        }
        else
        {
            _hints[(id, recipient)] = (source, due + Grace);
        }
    }

    /// <summary>The hint, and forgets it; false when there is none or its time is over.</summary>
    public bool TryTake(MessageId id, int recipient, out SourceId source, out DateTimeOffset until)
    {
        (source, until) = (SourceId.None, default);
        if (Count == 0 || !_hints.TryRemove((id, recipient), out var hint))
        {
            return false;
        }

        Interlocked.Decrement(ref _count);
        (source, until) = hint;
        return until > clock.GetUtcNow();
    }

    // Those of recipients that ended otherwise. At most once a minute: with all of them alive it would be done for every recipient.
    private bool Sweep()
    {
        var now = clock.GetTimestamp();
        var seen = Volatile.Read(ref _sweepAt);
        if (seen > now || Interlocked.CompareExchange(ref _sweepAt, now + (60 * clock.TimestampFrequency), seen) != seen)
        {
            return false;
        }

        var over = clock.GetUtcNow();
        foreach (var (key, hint) in _hints)
        {
            if (hint.Until < over && _hints.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _count);
            }
        }

        return Count < Most;
    }
}
