using Engine.Limits;
using Engine.Mail;
using Engine.Reputation.Control;
using Engine.Reputation.Warmup;

namespace Engine.Reputation.Steering;

/// <summary>
/// Where the machines of reputation meet: every outcome is observed here, and what control, warm-up, block lists and the source monitor
/// decide becomes limits, weights and events. architecture.md §4.
/// </summary>
/// <remarks>
/// Threads: <see cref="Observe"/> and <see cref="ResumesAt"/> by the outcome loop, <see cref="Tick"/> by a timer, questions by any. <see cref="Changed"/> is raised outside
/// every lock after weights, or which limits hold, have changed.
/// </remarks>
internal sealed class Helm
{
    private const int Scale = 10;

    private static readonly TimeSpan WarmupBeat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SweepBeat = TimeSpan.FromMinutes(1);

    private readonly HelmParts _parts;
    private readonly Lock _gate = new();
    private readonly List<Limit> _asked = [];
    private readonly List<ControlChange> _observed = [];
    private readonly List<ControlChange> _ticked = [];
    private readonly List<WarmupChange> _warmed = [];
    private DateTimeOffset _warmupAt = DateTimeOffset.MinValue;
    private DateTimeOffset _sweepAt = DateTimeOffset.MinValue;
    private int _weights;
    private volatile bool _isStale;
    private long _listings;

    public Helm(HelmParts parts)
    {
        _parts = parts;
        Campaigns = new CampaignNames();
        Limits = new SteeredLimits(parts.Limits, Campaigns, parts.Clock);
        SourceWarmup = new WarmupLimits(parts.Limits, parts.SourceWarmup, Configuration.LimitDimension.Source, Limits, parts.Clock);
        DomainWarmup = new WarmupLimits(parts.Limits, parts.DomainWarmup, Configuration.LimitDimension.SenderDomain, Limits, parts.Clock);
        Orders = new OperatorOrders(parts.Limits, Limits, parts.Clock);
    }

    /// <summary>Weights, or which limits hold, have changed; what control changes is told by <see cref="Tick"/>, all of it together.</summary>
    public event Action? Changed;

    /// <summary>A rule asks for something others do: TLS, IPv4, a look at the block lists.</summary>
    public event Action<ControlChange>? Requested;

    public CampaignNames Campaigns { get; }

    public SteeredLimits Limits { get; }

    public WarmupLimits SourceWarmup { get; }

    public WarmupLimits DomainWarmup { get; }

    /// <summary>What operators ordered by verbs.</summary>
    public OperatorOrders Orders { get; }

    public TrafficControl Control => _parts.Control;

    public WarmupBook Warmup => _parts.SourceWarmup;

    public WarmupBook DomainBook => _parts.DomainWarmup;

    /// <summary>Moves when weights change.</summary>
    public int WeightVersion => Volatile.Read(ref _weights);

    /// <summary>Moves when other limits hold.</summary>
    public int LimitVersion => Limits.Version + Orders.Version + WeightVersion;

    /// <summary>Takes what one attempt says about its way.</summary>
    public void Observe(in Observation observation)
    {
        _parts.Control.Observe(observation, _observed);
        _parts.SourceWarmup.Observe(observation);
        _parts.DomainWarmup.Observe(observation);
        if (_observed.Count > 0)
        {
            Apply(_observed);
        }
    }

    /// <summary>Lets time pass: ramps, ends of pauses, probes, days of warm-up. Every 250 ms.</summary>
    public void Tick()
    {
        var now = _parts.Clock.GetUtcNow();
        _parts.Control.Tick(now, _ticked);
        if (_ticked.Count > 0)
        {
            Apply(_ticked);
        }

        if (_isStale)
        {
            _isStale = false;
            Changed?.Invoke();
        }

        if (now >= _warmupAt)
        {
            _warmupAt = now + WarmupBeat;
            TickWarmup(now);
        }

        if (_parts.ListingVersion() is var listings && listings != _listings)
        {
            _listings = listings;
            Reweigh();
        }
    }

    /// <summary>After control took up what was saved: its limits are set by it.</summary>
    public void Restore()
    {
        foreach (var report in _parts.Control.DescribeAll(_parts.Clock.GetUtcNow()))
        {
            Limits.Set(report.Key, report.Allowance);
        }

        Reweigh();
    }

    /// <summary>Sources came, went, or were ordered off: weights are read anew.</summary>
    public void Reweigh()
    {
        Interlocked.Increment(ref _weights);
        Changed?.Invoke();
    }

    /// <summary>A source's weight in a pool towards an operator; 0 sends nothing.</summary>
    public int WeightOf(Pool pool, Source source, string operatorId)
    {
        var factor = ShareOf(source, operatorId);
        return factor <= 0 ? 0 : Math.Max(1, (int)Math.Round(pool.WeightOf(source) * factor * Scale));
    }

    /// <summary>What is left of a source towards an operator, from 0 to 1.</summary>
    public double ShareOf(Source source, string operatorId) =>
        !_parts.Monitor.IsUsable(source.Id) || Orders.IsOff(source.Name)
            ? 0
            : _parts.Control.ShareOf(source.Name, operatorId).Weight * _parts.Listing(source.Name, OperatorName.ProviderIn(operatorId)).Share;

    public bool IsWarming(Source source, string operatorId) => _parts.SourceWarmup.IsWarming(source.Name, operatorId);

    public void OfLane(string operatorId, string source, List<Limit> limits)
    {
        SourceWarmup.Add(source, operatorId, limits);
        Limits.OfLane(operatorId, source, limits);
        Orders.OfLane(operatorId, source, limits);
    }

    public void OfFlow(string operatorId, Flow flow, List<Limit> limits)
    {
        DomainWarmup.Add(flow.SenderDomain.Name, operatorId, limits);
        Limits.OfFlow(operatorId, flow, limits);
    }

    /// <summary>When a recipient that was slowed may go again; null when nothing that control steers is in its way. Asked by the outcome loop alone.</summary>
    /// <param name="pool">Its pool.</param>
    /// <param name="operatorId">Where to.</param>
    /// <param name="flow">Whose.</param>
    /// <param name="isOtherFree">True when a source of the pool may send there now.</param>
    public DateTimeOffset? ResumesAt(Pool? pool, string operatorId, Flow flow, out bool isOtherFree)
    {
        var limits = _asked;
        limits.Clear();
        Limits.OfFlow(operatorId, flow, limits);
        var until = LatestOf(limits);
        var earliest = long.MaxValue;
        foreach (var source in pool?.Sources ?? [])
        {
            if (ShareOf(source, operatorId) > 0)
            {
                limits.Clear();
                Limits.OfLane(operatorId, source.Name, limits);
                earliest = Math.Min(earliest, LatestOf(limits));
            }
        }

        var now = _parts.Clock.GetTimestamp();
        isOtherFree = earliest <= now;
        until = earliest is long.MaxValue ? until : Math.Max(until, earliest);
        return until <= now ? null : _parts.Clock.GetUtcNow() + _parts.Clock.GetElapsedTime(now, until);
    }

    private static long LatestOf(List<Limit> limits)
    {
        var latest = 0L;
        foreach (var limit in limits)
        {
            latest = Math.Max(latest, limit.PausedUntil);
        }

        return latest;
    }

    private void TickWarmup(DateTimeOffset now)
    {
        _parts.SourceWarmup.Tick(now, _warmed);
        _parts.DomainWarmup.Tick(now, _warmed);
        SourceWarmup.Refresh();
        DomainWarmup.Refresh();
        if (now >= _sweepAt)
        {
            _sweepAt = now + SweepBeat;
            Sweep(_parts.Clock.GetTimestamp());
        }

        if (_warmed.Count == 0)
        {
            return;
        }

        foreach (var change in _warmed)
        {
            _parts.Events.Write(change.ToEvent());
        }

        _warmed.Clear();
        Reweigh();
    }

    private void Sweep(long now)
    {
        Limits.Sweep(now);
        SourceWarmup.Sweep(now);
        DomainWarmup.Sweep(now);
        Orders.Sweep(now);
        _parts.Limits.Sweep(now);
    }

    private void Apply(List<ControlChange> changes)
    {
        var version = Limits.Version;
        var weighs = false;
        foreach (var change in changes)
        {
            weighs |= change.ShareBefore != change.ShareAfter;
            if (change.Kind is ControlChangeKind.Requested)
            {
                Requested?.Invoke(change);
            }
            else if (change.Before != change.After)
            {
                // As it is now, not as it was said: two threads may bring changes of one key.
                lock (_gate)
                {
                    Limits.Set(change.Key, _parts.Control.Of(change.Key));
                }
            }

            SteeringEvents.Write(_parts.Events, change);
        }

        changes.Clear();
        if (weighs)
        {
            Interlocked.Increment(ref _weights);
        }

        // Told with the next tick: whoever hears it looks at every destination, and this is the loop that settles all mail.
        if (weighs || version != Limits.Version)
        {
            _isStale = true;
        }
    }
}
