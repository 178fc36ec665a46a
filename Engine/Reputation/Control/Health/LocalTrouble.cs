namespace Engine.Reputation.Control.Health;

/// <summary>
/// Tells trouble of our own — no network, a resolver that lies — from trouble of receivers: it makes many receivers that answered before unreachable at once.
/// Counts different receivers per half minute; O(1) a reply. Pure; one thread.
/// </summary>
internal sealed class LocalTrouble
{
    private const int Fewest = 10;

    private static readonly long Slot = TimeSpan.FromSeconds(30).Ticks;

    private static readonly TimeSpan Memory = TimeSpan.FromHours(6);

    private DateTimeOffset _since;
    private long _slot;
    private int _lost;
    private int _reached;
    private int _lostBefore;
    private int _reachedBefore;

    public bool IsOn { get; private set; }

    /// <summary>Different receivers that could not be reached or resolved, in this half minute and the last.</summary>
    public int Lost => _lost + _lostBefore;

    /// <summary>Different receivers that answered.</summary>
    public int Reached => _reached + _reachedBefore;

    /// <summary>Whether a receiver can be lost at all: it answered within hours. Dead domains, of which lists are full, never did.</summary>
    public bool Knows(DateTimeOffset now, DateTimeOffset answeredAt) => From(now) - answeredAt <= Memory;

    /// <summary>Now, or when the trouble began: while it lasts nobody can answer.</summary>
    public DateTimeOffset From(DateTimeOffset now) => IsOn ? _since : now;

    /// <summary>A receiver answered.</summary>
    /// <param name="at">The time.</param>
    /// <param name="mine">The receiver's own mark of the slot it was last counted in.</param>
    public void Answered(DateTimeOffset at, ref long mine)
    {
        if (IsNew(at, ref mine))
        {
            _reached++;
        }
    }

    /// <summary>A receiver could not be reached, or its name not be resolved.</summary>
    /// <param name="at">The time.</param>
    /// <param name="mine">The receiver's own mark of the slot it was last counted in.</param>
    public void Missed(DateTimeOffset at, ref long mine)
    {
        if (IsNew(at, ref mine))
        {
            _lost++;
        }
    }

    /// <returns>Whether it began or ended.</returns>
    public bool Tick(DateTimeOffset now)
    {
        Roll(now.UtcTicks / Slot);
        var isOn = IsOn ? Lost > 0.25 * (Lost + Reached) : Lost >= Fewest && Lost > 0.5 * (Lost + Reached);
        var changed = isOn != IsOn;
        (IsOn, _since) = (isOn, changed ? now : _since);
        return changed;
    }

    private bool IsNew(DateTimeOffset at, ref long mine)
    {
        var slot = at.UtcTicks / Slot;
        if (mine >= slot)
        {
            return false;
        }

        Roll(slot);
        mine = slot;
        return true;
    }

    private void Roll(long slot)
    {
        if (slot <= _slot)
        {
            return;
        }

        (_lostBefore, _reachedBefore) = slot == _slot + 1 ? (_lost, _reached) : (0, 0);
        (_slot, _lost, _reached) = (slot, 0, 0);
    }
}
