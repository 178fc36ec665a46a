using Engine.Configuration;

namespace Engine.Reputation.Control.Health;

/// <summary>
/// One source at one receiver: how it does beside the others, and what it gets for that. Pure; one thread.
/// <code>
/// healthy ⇄ degraded ─► stopped ─► probing ─► returning (a tenth, a quarter, half) ─► healthy
///                          ▲──────────┴───────────┘ a failure: twice as long
/// </code>
/// </summary>
/// <remarks>Failures are averages over about the last sixteen replies, not over time: ten bad replies stop a source that sends ten a second within
/// a second or two, and one that sends ten an hour is not judged by one of them.</remarks>
internal sealed class SourceHealth
{
    private const string Own = "control/health";
    private const double Newest = 1 / 16.0;
    private const double LeastWeight = 0.05;
    private const int ProbeFailures = 2;
    private const int StepSamples = 20;

    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);
    private static readonly double[] Steps = [0.1, 0.25, 0.5];

    private DateTimeOffset _restoredAt;
    private TimeSpan _length;
    private double _weight = 1;
    private int _step;
    private int _good;
    private int _bad;

    public SourceState State { get; private set; }

    public DateTimeOffset Since { get; private set; }

    /// <summary>While stopped: its end.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>The reply itself says so: no guard takes it back.</summary>
    public bool IsExplicit { get; private set; }

    public string Rule { get; private set; } = string.Empty;

    /// <summary>Share of the latest replies that blame the source.</summary>
    public double Blamed { get; private set; }

    /// <summary>Share of the latest replies that blame the receiver.</summary>
    public double Receiver { get; private set; }

    /// <summary>Share of the latest replies that refuse in words which may mean anything: policy, sender, unknown. Only beside other sources does it tell anything.</summary>
    public double Doubted { get; private set; }

    /// <summary>The part of the failures that were no reply at all: nothing reached the receiver, or nothing came back.</summary>
    public double Lost { get; private set; }

    /// <summary>What was laid on it stands on what was lost, not on what was said.</summary>
    public bool IsByLoss => Rule is Own && Lost > 0.5 * (Blamed + Receiver + Doubted);

    public SourceShare Share => State switch
    {
        SourceState.Stopped => new SourceShare(0, State),
        SourceState.Probing => new SourceShare(LeastWeight, State),
        SourceState.Returning => new SourceShare(Steps[_step], State),
        _ => new SourceShare(_weight, State),
    };

    public void Good()
    {
        Blamed -= Newest * Blamed;
        Receiver -= Newest * Receiver;
        Doubted -= Newest * Doubted;
        Lost -= Newest * Lost;
        _good++;
    }

    /// <summary>A refusal that may mean anything.</summary>
    public void Doubt()
    {
        Blamed -= Newest * Blamed;
        Receiver -= Newest * Receiver;
        Doubted += Newest * (1 - Doubted);
        Lost -= Newest * Lost;
        _bad++;
    }

    /// <param name="blamed">It blames the source, not the receiver.</param>
    /// <param name="lost">It was no reply.</param>
    public void Bad(bool blamed, bool lost)
    {
        Blamed += Newest * ((blamed ? 1 : 0) - Blamed);
        Receiver += Newest * ((blamed ? 0 : 1) - Receiver);
        Doubted -= Newest * Doubted;
        Lost += Newest * ((lost ? 1 : 0) - Lost);
        _bad++;
    }

    /// <summary>Takes it out because a reply says so in words.</summary>
    /// <returns>Whether that is news.</returns>
    public bool StopUntil(DateTimeOffset now, DateTimeOffset until, string rule, bool isExplicit)
    {
        var news = State is not SourceState.Stopped;
        if (news || until > Until)
        {
            Enter(SourceState.Stopped, now);
            (Until, Rule, IsExplicit) = (until, rule, isExplicit);
        }

        return news;
    }

    /// <summary>Moves on.</summary>
    /// <param name="now">The time.</param>
    /// <param name="excess">Share of failures beyond that of the other sources there.</param>
    /// <param name="samples">Replies of the last minute.</param>
    /// <param name="mayStop">The pool has enough others.</param>
    /// <param name="options">The tunables.</param>
    /// <returns>Whether state or weight changed.</returns>
    public bool Tick(DateTimeOffset now, double excess, int samples, bool mayStop, ControlOptions options) => State switch
    {
        SourceState.Stopped => now >= Until && Probe(now),
        SourceState.Probing => AfterProbe(now, options),
        SourceState.Returning => Return(now, excess, options),
        _ => samples >= options.MinimumSamples && Weigh(now, excess, mayStop, options),
    };

    /// <summary>What was lost was our own doing. What was said stands.</summary>
    public void ForgetLosses() => (Receiver, Lost) = (Math.Max(0, Receiver - Lost), 0);

    /// <summary>It was not its fault: as if nothing had been.</summary>
    public void Clear(DateTimeOffset now)
    {
        (Blamed, Receiver, Doubted, Lost, _weight, _length) = (0, 0, 0, 0, 1, TimeSpan.Zero);
        if (State is not SourceState.Healthy)
        {
            Enter(SourceState.Healthy, now);
        }
    }

    public SavedHealth Save(string source, string @operator) => new(source, @operator, State, Since, Until, _length, _step, _weight, IsExplicit, Rule);

    public void Load(SavedHealth saved)
    {
        (_, _, State, Since, Until, _length, _step, _weight, IsExplicit, Rule) = saved;
        _step = Math.Clamp(_step, 0, Steps.Length - 1);
        _weight = Math.Clamp(_weight, LeastWeight, 1);
    }

    private bool Weigh(DateTimeOffset now, double excess, bool mayStop, ControlOptions options)
    {
        if (excess >= options.StopAt && mayStop)
        {
            Stop(now, options);
            return true;
        }

        // A twentieth at a time, so that the weights are not rebuilt at every reply.
        var weight = excess < options.DegradeAt ? 1 : Math.Max(LeastWeight, Math.Round(20 * (1 - (excess / options.StopAt))) / 20);
        var state = weight < 1 ? SourceState.Degraded : SourceState.Healthy;
        if (weight == _weight && state == State)
        {
            return false;
        }

        (Since, Rule) = state == State ? (Since, Rule) : (now, Own);
        (_weight, State) = (weight, state);
        return true;
    }

    private bool Probe(DateTimeOffset now)
    {
        (Blamed, Receiver, Doubted, Lost) = (0, 0, 0, 0);
        return Enter(SourceState.Probing, now);
    }

    private bool AfterProbe(DateTimeOffset now, ControlOptions options)
    {
        if (_bad >= ProbeFailures)
        {
            return Stop(now, options);
        }

        _step = 0;
        return _good >= options.Probes && Enter(SourceState.Returning, now);
    }

    private bool Return(DateTimeOffset now, double excess, ControlOptions options)
    {
        if (excess >= options.StopAt / 2 && _bad >= ProbeFailures)
        {
            return Stop(now, options);
        }

        var (stepped, waited) = (now - Since >= options.ReturnStep, now - Since >= 10 * options.ReturnStep);
        if (excess >= options.DegradeAt || !(stepped && (_good >= StepSamples || waited)))
        {
            return false;
        }

        if (_step + 1 < Steps.Length)
        {
            _step++;
            return Enter(SourceState.Returning, now);
        }

        (_restoredAt, _weight) = (now, 1);
        return Enter(SourceState.Healthy, now);
    }

    private bool Stop(DateTimeOffset now, ControlOptions options)
    {
        var again = State is SourceState.Probing or SourceState.Returning || now - _restoredAt < Memory;
        _length = again && _length > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(2 * _length.Ticks, options.StopLimit.Ticks)) : options.Stop;
        (Until, Rule, IsExplicit) = (now + _length, Own, false);
        return Enter(SourceState.Stopped, now);
    }

    private bool Enter(SourceState state, DateTimeOffset now)
    {
        (State, Since, _good, _bad) = (state, now, 0, 0);
        IsExplicit &= state is not SourceState.Healthy;
        return true;
    }
}
