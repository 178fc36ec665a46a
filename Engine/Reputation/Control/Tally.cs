namespace Engine.Reputation.Control;

/// <summary>Counts of replies over a sliding window of equal slots. One thread.</summary>
/// <param name="slot">Length of a slot.</param>
/// <param name="slots">How many make the window.</param>
internal sealed class Tally(TimeSpan slot, int slots)
{
    private const int Kinds = 5;

    private readonly long _span = slot.Ticks;
    private readonly int[] _cells = new int[slots * Kinds];
    private readonly int[] _totals = new int[Kinds];
    private long _slot;
    private long _since;

    /// <summary>Twelve slots of five seconds: what the rates and shares of control are taken from.</summary>
    public static Tally OfAMinute() => new(TimeSpan.FromSeconds(5), 12);

    /// <summary>Twelve slots of five minutes, for what is judged by the hour.</summary>
    public static Tally OfAnHour() => new(TimeSpan.FromMinutes(5), 12);

    public int this[Mark mark] => _totals[(int)mark];

    /// <summary>Replies that say something about a source: all but throttling.</summary>
    public int Samples => this[Mark.Good] + this[Mark.Blamed] + this[Mark.Receiver];

    public void Add(DateTimeOffset at, Mark mark)
    {
        Roll(at);
        _cells[((int)(_slot % slots) * Kinds) + (int)mark]++;
        _totals[(int)mark]++;
    }

    /// <summary>Drops the slots that are past. A time before the newest slot counts in that.</summary>
    public void Roll(DateTimeOffset at)
    {
        var slot = at.UtcTicks / _span;
        if (slot <= _slot)
        {
            return;
        }

        for (var next = Math.Max(_slot + 1, slot - slots + 1); next <= slot; next++)
        {
            var cell = _cells.AsSpan((int)(next % slots) * Kinds, Kinds);
            for (var kind = 0; kind < Kinds; kind++)
            {
                _totals[kind] -= cell[kind];
            }

            cell.Clear();
        }

        _slot = slot;
        if (!_totals.AsSpan().ContainsAnyExcept(0))
        {
            _since = at.UtcTicks;
        }
    }

    /// <summary>Of this kind per second, over the window or the time since it was empty; at least a second.</summary>
    public double PerSecond(Mark mark, DateTimeOffset now)
    {
        Roll(now);
        var from = Math.Max(_since, (_slot - slots + 1) * _span);
        return this[mark] / Math.Max(1, TimeSpan.FromTicks(now.UtcTicks - from).TotalSeconds);
    }

    /// <summary>Of this kind per second in this slot and the one before.</summary>
    public double PerSecondLately(Mark mark, DateTimeOffset now)
    {
        Roll(now);
        var count = _cells[((int)(_slot % slots) * Kinds) + (int)mark] + _cells[((int)((_slot + slots - 1) % slots) * Kinds) + (int)mark];
        var from = Math.Max(_since, (_slot - 1) * _span);
        return count / Math.Max(1, TimeSpan.FromTicks(now.UtcTicks - from).TotalSeconds);
    }

    /// <summary>Forgets what was counted of this kind: it has been acted on.</summary>
    public void Clear(Mark mark)
    {
        for (var cell = (int)mark; cell < _cells.Length; cell += Kinds)
        {
            _cells[cell] = 0;
        }

        _totals[(int)mark] = 0;
    }
}
