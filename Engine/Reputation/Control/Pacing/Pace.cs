using Engine.Configuration;
using Engine.Configuration.Providers;

namespace Engine.Reputation.Control.Pacing;

/// <summary>All that control allows one key: a pause, a rate, connections, and bounds it learned. Pure; one thread.</summary>
/// <remarks>
/// Pauses and figures of a rule apply at once. What multiplies waits two seconds for more evidence (<see cref="Judgement"/>), and replies
/// to what was under way at the last cut count for nothing. After a pause mail goes on with a part and climbs.
/// </remarks>
internal sealed class Pace
{
    /// <summary>RFC 5321 §4.5.3.1.8: every server takes so many, and we send no more.</summary>
    private const int MostRecipients = 100;

    private static readonly TimeSpan JudgementTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StrayTime = TimeSpan.FromMinutes(1);

    private readonly Judgement _rate = new();
    private readonly Judgement _connections = new();
    private int _good;
    private double _before;

    public RateLoop Rate { get; } = new();

    public ConnectionLoop Connections { get; } = new();

    public PauseTimer Pause { get; } = new();

    public LearnedBound Messages { get; } = new();

    public LearnedBound Recipients { get; } = new();

    /// <summary>After the pause one connection, one more for each good period, the pause again on failure.</summary>
    public bool IsRecovering { get; private set; }

    /// <summary>What set it last.</summary>
    public string Rule { get; private set; } = string.Empty;

    public DateTimeOffset Since { get; private set; }

    public bool IsAtRest => !Pause.IsOn && Rate.IsAtRest && Connections.IsAtRest && Messages.Limit == 0 && Recipients.Limit == 0 && !_rate.IsOpen && !_connections.IsOpen;

    public Allowance Allowance => new(
        Rate.Limit > 0 ? Rate.Limit : null,
        Connections.Limit > 0 ? Connections.Limit : null,
        Messages.Limit > 0 ? Messages.Limit : null,
        Pause.Until,
        Rule,
        Since)
    {
        RecipientsPerTransaction = Recipients.Limit > 0 ? Recipients.Limit : null,
    };

    /// <summary>A good reply.</summary>
    public void Taken()
    {
        _good++;
        _rate.Taken();
    }

    /// <summary>A throttling reply: alone it does nothing, it is judged with what comes next.</summary>
    public void Throttled(DateTimeOffset now, Cut cut, ControlOptions options)
    {
        var last = cut.Connections ? Connections.CutAt : Rate.CutAt;
        if (!Pause.IsOn && now - last >= options.Interval)
        {
            (cut.Connections ? _connections : _rate).Refused(now, cut);
        }
    }

    /// <summary>Pauses for a rule's time, longer when it comes again.</summary>
    public bool Paused(DateTimeOffset now, string rule, TimeSpan length, TimeSpan longest, bool pardonable)
    {
        if (!Pause.Begin(now, length, longest, pardonable))
        {
            return false;
        }

        _rate.Close();
        _connections.Close();
        return Set(now, rule);
    }

    /// <summary>Remembers the rate that the receiver refused, for the time after the pause that a rule asks.</summary>
    public void Remember(DateTimeOffset now, double before, TimeSpan pause, ControlOptions options)
    {
        _before = Math.Max(_before, before);
        if (!Pause.IsOn && now - Rate.CutAt >= options.Interval && before > 0)
        {
            Rate.Cut(now, options.KeepRate, before, before, TimeSpan.Zero, pause, options);
        }
    }

    /// <summary>Keeps the rate of before a pause that is no rate reply, to know what a part of it is.</summary>
    public void RememberBefore(double before) => _before = Pause.IsOn ? _before : before;

    /// <summary>One connection after the pause, by the rule or our default.</summary>
    public void Recover(DateTimeOffset now, string rule, ControlOptions options)
    {
        IsRecovering = true;
        if (!Pause.IsOn)
        {
            Connections.StartAt(now, 1, now, options);
            Set(now, rule);
        }
    }

    /// <summary>Carries out an action that sets a figure.</summary>
    /// <returns>Whether it changed anything.</returns>
    public bool Apply(DateTimeOffset now, in FlowAction action, string rule, double before, int messagesOnConnection, ControlOptions options)
    {
        var changed = action.Operation switch
        {
            FlowOperation.SetRatePerMinute => SetRate(now, action.Value / 60, before, now + action.For, options),
            FlowOperation.SetConnections => SetConnections(now, (int)action.Value, now + action.For, options),
            FlowOperation.SetMessagesPerConnection => Messages.Learn(now, (int)action.Value, action.For),
            FlowOperation.LearnMessagesPerConnection => messagesOnConnection > 1 && Messages.Learn(now, messagesOnConnection - 1, action.For),
            _ => false,
        };
        return changed && Set(now, rule);
    }

    /// <summary>Notes who made the last change.</summary>
    public bool Set(DateTimeOffset now, string rule)
    {
        (Rule, Since) = (rule, now);
        return true;
    }

    /// <summary>Ends pauses, judges refusals, climbs.</summary>
    /// <returns>What changed; null for nothing.</returns>
    public ControlChangeKind? Tick(DateTimeOffset now, Tally tally, in Ceiling ceiling, ControlOptions options)
    {
        tally.Roll(now);
        if (Pause.IsOn)
        {
            return now < Pause.Until ? null : Resume(now, ceiling, options);
        }

        return JudgeRate(now, tally, options) ?? JudgeConnections(now, ceiling, options) ?? Climb(now, tally, ceiling, options);
    }

    /// <summary>The fault was not its own: the pause is over as if it had never been.</summary>
    public bool Pardon(DateTimeOffset now, DateTimeOffset since, string rule)
    {
        if (!Pause.IsOn || !Pause.Pardonable || Pause.Began < since)
        {
            return false;
        }

        Pause.Pardon();
        return Set(now, rule);
    }

    public SavedPace Save(ControlKey key, DateTimeOffset seen) =>
        new(key, Rule, Since, seen, IsRecovering, _before, Rate.Save(), Connections.Save(), Pause.Save(), Messages.Save(), Recipients.Save());

    /// <summary>Takes up what was saved. A pause that ended while we were away goes on as any ended pause: with a part.</summary>
    /// <param name="saved">The state.</param>
    /// <param name="now">The time.</param>
    /// <param name="fresh">Saved of late: otherwise a known level is started from the part of a resumed pause.</param>
    /// <param name="ceiling">What is configured.</param>
    /// <param name="options">The tunables.</param>
    public void Load(SavedPace saved, DateTimeOffset now, bool fresh, in Ceiling ceiling, ControlOptions options)
    {
        (Rule, Since, IsRecovering, _before) = (saved.Rule, saved.Since, saved.IsRecovering, saved.Before);
        Rate.Load(saved.Rate, now);
        Connections.Load(saved.Connections, now);
        Pause.Load(saved.Pause);
        Messages.Load(saved.Messages);
        Recipients.Load(saved.Recipients);
        if (!fresh && !Pause.IsOn)
        {
            StartLow(now, ceiling, options);
        }
    }

    private ControlChangeKind Resume(DateTimeOffset now, in Ceiling ceiling, ControlOptions options)
    {
        Pause.End(now);
        StartLow(now, ceiling, options);
        return ControlChangeKind.Resumed;
    }

    private void StartLow(DateTimeOffset now, in Ceiling ceiling, ControlOptions options)
    {
        if ((Connections.Limit > 0 ? Connections.Limit : ceiling.Connections) is { } connections)
        {
            Connections.StartAt(now, IsRecovering ? 1 : (int)(options.ResumeAt * connections), now, options);
        }
        else if (IsRecovering)
        {
            Connections.StartAt(now, 1, now, options);
        }

        var known = Rate.Limit > 0 ? Rate.Limit : Math.Max(_before, Rate.Refused);
        if (known > 0 && !(IsRecovering && Rate.Limit > 0))
        {
            Rate.StartAt(now, options.ResumeAt * known, Math.Max(_before, known), now, options);
        }

        Rate.HoldOn(now);
        _good = 0;
    }

    private ControlChangeKind? JudgeRate(DateTimeOffset now, Tally tally, ControlOptions options)
    {
        if (!_rate.IsOpen || now - _rate.From < JudgementTime)
        {
            return null;
        }

        _rate.Close();
        var (bad, all) = (tally[Mark.Throttled], tally[Mark.Throttled] + tally[Mark.Good]);
        if (bad < 2 || bad <= options.Tolerated * all)
        {
            return null;
        }

        var before = tally.PerSecond(Mark.Good, now);
        var taken = _rate.Good / (now - _rate.From).TotalSeconds;
        var few = _rate.Good + _rate.Bad < options.MinimumSamples;
        var tried = Rate.Cut(now, _rate.Cut.Keep, few ? Math.Max(taken, before) : taken, before, _rate.Cut.Ramp, TimeSpan.Zero, options);
        tally.Clear(Mark.Throttled);
        Set(now, _rate.Cut.Rule);
        if (!_rate.Cut.Pauses || tried)
        {
            return ControlChangeKind.Slowed;
        }

        IsRecovering = true;
        Pause.Begin(now, options.RatePause, options.RatePauseLimit, pardonable: false);
        return ControlChangeKind.Paused;
    }

    private ControlChangeKind? JudgeConnections(DateTimeOffset now, in Ceiling ceiling, ControlOptions options)
    {
        if (!_connections.IsOpen || now - _connections.From < JudgementTime)
        {
            return null;
        }

        if (_connections.Bad < 2)
        {
            if (now - _connections.From >= StrayTime)
            {
                _connections.Close();
            }

            return null;
        }

        _connections.Close();
        Connections.Cut(now, _connections.Cut.Keep, ceiling.LetGoAt, _connections.Cut.Ramp, options);
        _good = 0;
        Set(now, _connections.Cut.Rule);
        return ControlChangeKind.Slowed;
    }

    private ControlChangeKind? Climb(DateTimeOffset now, Tally tally, in Ceiling ceiling, ControlOptions options)
    {
        var clean = tally[Mark.Throttled] <= 0.5 * options.Tolerated * (tally[Mark.Throttled] + tally[Mark.Good]);
        var used = Math.Max(tally.PerSecondLately(Mark.Good, now), tally.PerSecond(Mark.Good, now));
        var changed = Rate.Raise(now, used, clean, ceiling.RatePerSecond, options);
        if (Connections.Raise(now, _good, !_connections.IsOpen, ceiling.LetGoAt))
        {
            (changed, _good) = (true, 0);
            IsRecovering &= Connections.Limit > 0;
        }

        changed |= Messages.Relax(now, ceiling.MessagesPerConnection);
        changed |= Recipients.Relax(now, MostRecipients);
        return changed ? ControlChangeKind.Raised : null;
    }

    private bool SetRate(DateTimeOffset now, double rate, double before, DateTimeOffset until, ControlOptions options)
    {
        var old = Rate.Limit;
        Rate.StartAt(now, old > 0 ? Math.Min(old, rate) : rate, before, until, options);
        return Rate.Limit != old;
    }

    private bool SetConnections(DateTimeOffset now, int connections, DateTimeOffset until, ControlOptions options)
    {
        var old = Connections.Limit;
        Connections.StartAt(now, old > 0 ? Math.Min(old, connections) : connections, until, options);
        return Connections.Limit != old;
    }
}
