using Engine.Configuration;

namespace Engine.Reputation.Control.Health;

/// <summary>A receiver that is down for everybody: held, then tried over one connection, then back within a minute. Pure; one thread.</summary>
internal sealed class Outage
{
    private const int Proof = 3;
    private const double RampSeconds = 60;

    private static readonly TimeSpan Undecided = TimeSpan.FromHours(1);

    private TimeSpan _length;
    private DateTimeOffset _triedAt;
    private DateTimeOffset _backAt = DateTimeOffset.MaxValue;
    private double _full;
    private int _good;
    private int _bad;

    /// <summary>Down: nobody is blamed.</summary>
    public bool IsOn { get; private set; }

    public DateTimeOffset Since { get; private set; }

    /// <summary>Held until then; <see cref="DateTimeOffset.MinValue"/> while it is tried.</summary>
    public DateTimeOffset HeldUntil { get; private set; }

    /// <summary>At once; null for no bound. One while it is tried.</summary>
    public int? Connections => IsOn ? 1 : null;

    public bool IsAtRest => !IsOn && _backAt == DateTimeOffset.MaxValue;

    /// <summary>Recipients per second on the way back; null for no bound.</summary>
    public double? RateAt(DateTimeOffset now, ControlOptions options)
    {
        if (IsOn || _backAt == DateTimeOffset.MaxValue || _full <= 0)
        {
            return null;
        }

        var way = Math.Min(1, (now - _backAt).TotalSeconds / RampSeconds);
        return Math.Max(1, _full * (options.ResumeAt + (way * (1 - options.ResumeAt))));
    }

    /// <param name="now">The time.</param>
    /// <param name="rate">Recipients per second it took in the last minute.</param>
    /// <param name="options">The tunables.</param>
    public void Begin(DateTimeOffset now, double rate, ControlOptions options)
    {
        (IsOn, Since, _backAt) = (true, now, DateTimeOffset.MaxValue);
        _full = Math.Max(rate, _full);
        Hold(now, options.OutagePause);
    }

    public void Good() => _good++;

    public void Bad() => _bad++;

    /// <returns>What changed; null for nothing.</returns>
    public ControlChangeKind? Tick(DateTimeOffset now, ControlOptions options)
    {
        if (!IsOn)
        {
            return Ramp(now);
        }

        if (HeldUntil > DateTimeOffset.MinValue)
        {
            return now < HeldUntil ? null : Try(now);
        }

        if (_good >= Proof && _good > _bad)
        {
            (IsOn, _backAt) = (false, now);
            return ControlChangeKind.Back;
        }

        if (_bad < 2)
        {
            return now - _triedAt >= Undecided ? Forget() : null;
        }

        Hold(now, TimeSpan.FromTicks(Math.Min(2 * _length.Ticks, options.OutagePauseLimit.Ticks)));
        return ControlChangeKind.Held;
    }

    /// <summary>It is our own trouble, or nobody asks any more: nothing is held.</summary>
    public void Clear() => (IsOn, HeldUntil, _backAt, _full) = (false, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, 0);

    private ControlChangeKind? Ramp(DateTimeOffset now)
    {
        if (_backAt == DateTimeOffset.MaxValue)
        {
            return null;
        }

        if ((now - _backAt).TotalSeconds >= RampSeconds)
        {
            Clear();
        }

        return ControlChangeKind.Raised;
    }

    private ControlChangeKind Try(DateTimeOffset now)
    {
        (HeldUntil, _triedAt, _good, _bad) = (DateTimeOffset.MinValue, now, 0, 0);
        return ControlChangeKind.Resumed;
    }

    // Nothing is sent there any more that could tell.
    private ControlChangeKind Forget()
    {
        Clear();
        return ControlChangeKind.Raised;
    }

    private void Hold(DateTimeOffset now, TimeSpan length) => (_length, HeldUntil, _good, _bad) = (length, now + length, 0, 0);
}
