using Engine.Mail;
using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>READY of one pool at one destination: what any of its sources may take, what waits for a wanted source, and the order in which lanes are offered. Guarded by its destination's lock.</summary>
internal sealed class PoolQueue(Pool pool)
{
    private readonly long[] _stuckAt = [-1, -1];
    private List<HintedQueue>? _hinted;

    /// <summary>As it is in the running configuration; swapped at reload.</summary>
    public Pool Pool { get; set; } = pool;

    /// <summary>Both classes leave by this pool's sources: what one may use leaves a reserve for the other.</summary>
    public bool IsShared => Pool.Class is null;

    public ReadyQueue Any { get; } = new();

    /// <summary>What waits for a wanted source; empty mostly.</summary>
    public IReadOnlyList<HintedQueue> Hinted => _hinted ?? (IReadOnlyList<HintedQueue>)[];

    /// <summary>The order of lanes; null before the first was needed.</summary>
    public LaneOrder? Order { get; set; }

    public int Count
    {
        get
        {
            var count = Any.Count;
            for (var index = 0; index < (_hinted?.Count ?? 0); index++)
            {
                count += _hinted![index].Queue.Count;
            }

            return count;
        }
    }

    /// <summary>Whether every lane was tried for this class and none could start; nothing has changed since.</summary>
    public bool IsStuck(StreamClass streamClass, long version) => _stuckAt[(int)streamClass] == version;

    public void SetStuck(StreamClass streamClass, long version) => _stuckAt[(int)streamClass] = version;

    public void ClearStuck() => (_stuckAt[0], _stuckAt[1]) = (-1, -1);

    /// <summary>Something takeable came where lanes that warm up may have found nothing for them.</summary>
    public void Freshen()
    {
        if (Order is { HasWarming: true })
        {
            ClearStuck();
        }
    }

    /// <param name="hint">Wanted source, and until when.</param>
    /// <param name="minute">Timestamps of a minute: queues of one source are kept by the minute, so that there are few.</param>
    /// <param name="flow">Whose.</param>
    /// <param name="item">What.</param>
    public void AddHinted(SourceHint hint, long minute, Flow flow, ReadyItem item)
    {
        var until = (hint.Until + minute - 1) / minute * minute;
        _hinted ??= [];
        var index = _hinted.FindIndex(hinted => hinted.Source == hint.Source && hinted.Until == until);
        if (index < 0)
        {
            index = _hinted.Count;
            _hinted.Add(new HintedQueue(hint.Source, until, new ReadyQueue()));
        }

        _hinted[index].Queue.Add(flow, item);
    }

    /// <summary>Gives to all what waited for a source whose time is over, or that may not send; drops what is empty.</summary>
    public void ReleaseHinted(long now, Func<SourceId, bool> maySend, LineAlarm alarm)
    {
        for (var index = (_hinted?.Count ?? 0) - 1; index >= 0; index--)
        {
            var hinted = _hinted![index];
            if (hinted.Until <= now || hinted.Queue.Count == 0 || !maySend(hinted.Source))
            {
                _hinted.RemoveAt(index);
                if (hinted.Queue.Count > 0)
                {
                    hinted.Queue.Drain(alarm, (flow, item) => Any.Add(flow, item));
                    ClearStuck();
                }
            }
        }
    }

    public void Drain(LineAlarm alarm, List<ReadyItem> items)
    {
        Any.Drain(alarm, (_, item) => items.Add(item));
        foreach (var hinted in Hinted)
        {
            hinted.Queue.Drain(alarm, (_, item) => items.Add(item));
        }

        _hinted = null;
        ClearStuck();
    }

    /// <summary>Takes out what matches only.</summary>
    public void Drain(LineAlarm alarm, Predicate<ReadyItem> which, List<ReadyItem> items)
    {
        Any.Drain(alarm, which, items);
        foreach (var hinted in Hinted)
        {
            hinted.Queue.Drain(alarm, which, items);
        }
    }

    /// <summary>When the first wanted source's time is over; <see cref="long.MaxValue"/> when nothing waits for one.</summary>
    public long NextHintEnd
    {
        get
        {
            var at = long.MaxValue;
            for (var index = 0; index < (_hinted?.Count ?? 0); index++)
            {
                at = Math.Min(at, _hinted![index].Until);
            }

            return at;
        }
    }
}
