namespace Engine.Reputation.Control.Pacing;

/// <summary>A bound of the receiver that its replies or its silence gave away: messages on a connection, recipients in a transaction. Pure; one thread.</summary>
internal sealed class LearnedBound
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private int _brokeAfter;
    private int _breaks;

    /// <summary>0 when none is known.</summary>
    public int Limit { get; private set; }

    /// <summary>Kept as it is until then; later one more is tried each day.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>Takes a bound that a reply gave; a lower one wins, a higher one once the old has had its day.</summary>
    /// <returns>Whether it changed.</returns>
    public bool Learn(DateTimeOffset now, int bound, TimeSpan keep)
    {
        var old = Limit;
        if (Limit == 0 || bound <= Limit || now >= Until)
        {
            Limit = Math.Max(1, bound);
            Until = now + (keep > TimeSpan.Zero ? keep : Day);
        }

        return Limit != old;
    }

    /// <summary>A connection broke without a word. The third time after the same number of messages it is a bound.</summary>
    /// <param name="now">The time.</param>
    /// <param name="message">The message, counted from 1, that met the broken connection.</param>
    /// <returns>Whether a bound was learned.</returns>
    public bool Break(DateTimeOffset now, int message)
    {
        _breaks = message == _brokeAfter ? _breaks + 1 : 1;
        _brokeAfter = message;
        return _breaks >= 3 && Learn(now, message - 1, Day);
    }

    /// <summary>One more after a day. Let go where the configuration allows no more.</summary>
    /// <returns>Whether it changed.</returns>
    public bool Relax(DateTimeOffset now, int configured)
    {
        if (Limit == 0 || now < Until)
        {
            return false;
        }

        (Limit, Until) = Limit + 1 >= configured ? (0, Until) : (Limit + 1, now + Day);
        return true;
    }

    public SavedBound Save() => new(Limit, Until);

    public void Load(SavedBound saved) => (Limit, Until) = saved;
}
