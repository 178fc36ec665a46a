using Engine.Configuration;

namespace Engine.Reputation.Control.Pacing;

/// <summary>
/// The rate one key may have: falls by a factor when refused, rises by steps while replies are good. Pure; one thread.
/// </summary>
/// <remarks>
/// It remembers the level that was refused. It climbs back to just under that, stays there, and only after a while tries more, in
/// growing steps; a try that is refused costs no cut but the step back to what had been good, and twice the wait until the next.
/// A rate that is used by less than half does not climb but drifts, doubling each hour; one used by less than four fifths proves nothing.
/// </remarks>
internal sealed class RateLoop
{
    private const double FirstStep = 0.02;
    private const double LongestStep = 0.25;
    private const double LetGoAt = 8;
    private const int ProbeSeconds = 30;
    private const int PausesPerHold = 10;

    private DateTimeOffset _raisedAt;
    private DateTimeOffset _levelSince;
    private DateTimeOffset _usedAt;
    private double _slope;
    private double _step = FirstStep;

    /// <summary>Recipients per second; 0 when control sets none.</summary>
    public double Limit { get; private set; }

    /// <summary>Recipients per second at which the receiver last refused; 0 when it never did.</summary>
    public double Refused { get; private set; }

    /// <summary>A level that was used and good for a while; 0 when none is known.</summary>
    public double Proven { get; private set; }

    public DateTimeOffset CutAt { get; private set; }

    /// <summary>No more than <see cref="ControlOptions.HoldAt"/> of the refused level before then.</summary>
    public DateTimeOffset HoldUntil { get; private set; }

    public TimeSpan Hold { get; private set; }

    public bool IsAtRest => Limit == 0;

    /// <summary>The receiver refused.</summary>
    /// <param name="now">The time.</param>
    /// <param name="keep">Share kept.</param>
    /// <param name="taken">Recipients per second it took while it refused: where its bound is.</param>
    /// <param name="before">Recipients per second it took in the last minute.</param>
    /// <param name="ramp">Time back to just under the refused level; zero for the configured one.</param>
    /// <param name="cost">The pause that the refusal brings; zero for none. The dearer, the longer until the next try.</param>
    /// <param name="options">The tunables.</param>
    /// <returns>Whether it was a try of ours above what is known to be good: the step back is answer enough.</returns>
    public bool Cut(DateTimeOffset now, double keep, double taken, double before, TimeSpan ramp, TimeSpan cost, ControlOptions options)
    {
        var floor = options.RateFloor.PerSecond;
        var level = Math.Max(floor, Limit > 0 ? Math.Min(Limit, Math.Max(before, taken)) : Math.Max(before, taken));
        var tried = cost == TimeSpan.Zero && Proven > 0 && Limit >= Proven && taken >= 0.7 * Proven;
        Refused = tried ? Math.Max(level, Proven) : level;
        Limit = Math.Max(floor, tried ? 0.97 * Proven : keep * Math.Min(level, Math.Max(taken, floor)));
        Hold = tried || cost > TimeSpan.Zero ? Shorter(Longer(2 * Hold, PausesPerHold * cost), options.HoldLimit) : options.Hold;
        Proven = tried ? Limit : 0;
        HoldUntil = now + Hold;
        _slope = (options.HoldAt * Refused - Limit) / Math.Max(1, (ramp > TimeSpan.Zero ? ramp : options.Ramp).TotalSeconds);
        (CutAt, _raisedAt, _levelSince, _usedAt, _step) = (now, now, now, now, FirstStep);
        return tried;
    }

    /// <summary>Starts, or starts over, at a rate: after a pause, after a stale save, or because a rule says the figure.</summary>
    /// <param name="now">The time.</param>
    /// <param name="rate">Recipients per second.</param>
    /// <param name="towards">Where it climbs to before it holds; a known refused level stays.</param>
    /// <param name="keepUntil">Not raised before then.</param>
    /// <param name="options">The tunables.</param>
    public void StartAt(DateTimeOffset now, double rate, double towards, DateTimeOffset keepUntil, ControlOptions options)
    {
        Limit = Math.Max(options.RateFloor.PerSecond, rate);
        Refused = Refused > 0 ? Refused : Math.Max(towards, Limit);
        Hold = Hold > TimeSpan.Zero ? Hold : options.Hold;
        HoldUntil = Later(HoldUntil, keepUntil);
        _slope = Math.Max(0, options.HoldAt * Refused - Limit) / options.Ramp.TotalSeconds;
        _raisedAt = Later(now, keepUntil);
        (_levelSince, _usedAt, _step) = (_raisedAt, _raisedAt, FirstStep);
    }

    /// <summary>The hold counts from now: while paused it proved nothing.</summary>
    public void HoldOn(DateTimeOffset now) => HoldUntil = Later(HoldUntil, now + Hold);

    /// <summary>Climbs when time and use allow. Call about each second.</summary>
    /// <param name="now">The time.</param>
    /// <param name="used">Good recipients per second of late.</param>
    /// <param name="clean">No refusal of late.</param>
    /// <param name="ceiling">The configured rate; null for none.</param>
    /// <param name="options">The tunables.</param>
    /// <returns>Whether the limit changed.</returns>
    public bool Raise(DateTimeOffset now, double used, bool clean, double? ceiling, ControlOptions options)
    {
        var seconds = (now - _raisedAt).TotalSeconds;
        if (Limit == 0 || seconds < 1)
        {
            return false;
        }

        var old = Limit;
        if (used >= 0.5 * Limit)
        {
            _usedAt = now;
            if (clean && now - CutAt >= options.Interval)
            {
                Climb(now, seconds, used, options);
            }
            else
            {
                (_raisedAt, _levelSince) = (now, now);
            }
        }
        else
        {
            _levelSince = now;
            Drift(now, seconds);
        }

        if (Limit >= LetGoAt * Refused || Limit >= ceiling)
        {
            Release();
        }

        return Limit != old;
    }

    public void Release() => (Limit, Proven) = (0, 0);

    public SavedRate Save() => new(Limit, Refused, Proven, CutAt, HoldUntil, Hold, _slope);

    public void Load(SavedRate saved, DateTimeOffset now)
    {
        (Limit, Refused, Proven, CutAt, HoldUntil, Hold, _slope) = saved;
        (_raisedAt, _levelSince, _usedAt) = (now, now, now);
    }

    private void Climb(DateTimeOffset now, double seconds, double used, ControlOptions options)
    {
        var top = options.HoldAt * Refused;
        if (Limit < top)
        {
            Limit = Math.Min(top, Limit + (_slope * Math.Min(seconds, 5)));
            (_raisedAt, _levelSince) = (now, now);
        }
        else if (used < 0.8 * Limit)
        {
            _levelSince = now;
        }
        else if ((now - _levelSince).TotalSeconds >= ProbeSeconds)
        {
            Proven = Limit;
            if (now >= HoldUntil)
            {
                Limit += _step * Math.Max(Limit, Refused);
                _step = Math.Min(LongestStep, _step * 1.5);
                (_raisedAt, _levelSince) = (now, now);
            }
        }
    }

    private void Drift(DateTimeOffset now, double seconds)
    {
        _raisedAt = now;
        if (now - _usedAt >= TimeSpan.FromMinutes(10))
        {
            Limit *= Math.Pow(2, Math.Min(seconds, 60) / 3_600);
        }
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static TimeSpan Shorter(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
