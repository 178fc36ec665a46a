using Engine.Configuration;

namespace Engine.Reputation.Control.Pacing;

/// <summary>
/// The connections one key may have at once: a share of them when refused, one more after each good period. Pure; one thread.
/// It remembers the number that was refused, stays one below it and only after a while tries it again.
/// </summary>
internal sealed class ConnectionLoop
{
    private DateTimeOffset _raisedAt;
    private TimeSpan _period;

    /// <summary>Connections; 0 when control sets none.</summary>
    public int Limit { get; private set; }

    /// <summary>Connections at which the receiver last refused; 0 when it never did.</summary>
    public int Refused { get; private set; }

    /// <summary>A number that was good for a whole period; 0 when none is known.</summary>
    public int Proven { get; private set; }

    public DateTimeOffset CutAt { get; private set; }

    public DateTimeOffset HoldUntil { get; private set; }

    public TimeSpan Hold { get; private set; }

    public bool IsAtRest => Limit == 0;

    /// <summary>The receiver refused.</summary>
    /// <param name="now">The time.</param>
    /// <param name="keep">Share kept.</param>
    /// <param name="configured">Connections without control.</param>
    /// <param name="ramp">Time back to just under the refused number; zero for one more each success period.</param>
    /// <param name="options">The tunables.</param>
    public void Cut(DateTimeOffset now, double keep, int configured, TimeSpan ramp, ControlOptions options)
    {
        var level = Limit > 0 ? Limit : configured;
        var tried = Proven > 0 && level == Proven + 1;
        Refused = level;
        Limit = Math.Max(1, tried ? Proven : (int)(level * keep));
        Hold = tried ? TimeSpan.FromTicks(Math.Min(2 * Hold.Ticks, options.HoldLimit.Ticks)) : options.Hold;
        Proven = tried ? Proven : 0;
        HoldUntil = now + Hold;
        var steps = Math.Max(1, Refused - 1 - Limit);
        _period = ramp / steps > options.SuccessPeriod ? ramp / steps : options.SuccessPeriod;
        (CutAt, _raisedAt) = (now, now);
    }

    /// <summary>Starts, or starts over, at a number: recovery, after a pause, or because a rule says the figure.</summary>
    /// <param name="now">The time.</param>
    /// <param name="connections">At least 1 is taken.</param>
    /// <param name="keepUntil">Not raised before then.</param>
    /// <param name="options">The tunables.</param>
    public void StartAt(DateTimeOffset now, int connections, DateTimeOffset keepUntil, ControlOptions options)
    {
        Limit = Math.Max(1, connections);
        Proven = 0;
        _period = options.SuccessPeriod;
        _raisedAt = now > keepUntil ? now : keepUntil;
    }

    /// <summary>One more when a period was good; slowly also when nothing was sent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="good">Good replies since the last change.</param>
    /// <param name="clean">No refusal of late.</param>
    /// <param name="configured">Connections without control: there control lets go.</param>
    /// <returns>Whether the limit changed.</returns>
    public bool Raise(DateTimeOffset now, int good, bool clean, int configured)
    {
        if (Limit == 0 || now - _raisedAt < _period)
        {
            return false;
        }

        if (!clean || (good == 0 && now - _raisedAt < TimeSpan.FromHours(1)))
        {
            _raisedAt = clean ? _raisedAt : now;
            return false;
        }

        Proven = good > 0 ? Limit : Proven;
        if (Limit == Refused - 1 && now < HoldUntil)
        {
            return false;
        }

        Limit++;
        _raisedAt = now;
        if (Limit >= configured)
        {
            Release();
        }

        return true;
    }

    public void Release() => (Limit, Proven) = (0, 0);

    public SavedConnections Save() => new(Limit, Refused, Proven, CutAt, HoldUntil, Hold, _period);

    public void Load(SavedConnections saved, DateTimeOffset now)
    {
        (Limit, Refused, Proven, CutAt, HoldUntil, Hold, _period) = saved;
        _raisedAt = now;
    }
}
