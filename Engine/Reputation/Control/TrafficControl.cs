using System.Text.Json;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Reputation.Control.Health;
using Engine.Reputation.Control.Pacing;
using Engine.Reputation.Control.Saving;

namespace Engine.Reputation.Control;

/// <summary>
/// Finds the right rate from the right address by itself: takes what every attempt says, tells what each source, sender domain, campaign and
/// receiver may do, and reports every change.
/// </summary>
/// <remarks>
/// <see cref="Observe"/> and <see cref="Tick"/> belong to one loop; a lock lets saving, loading and explaining come from others.
/// <see cref="Of"/>, <see cref="ShareOf"/> and <see cref="Version"/> are read by any thread without it. Nothing is allocated for a good reply.
/// </remarks>
internal sealed class TrafficControl
{
    private const int SaveVersion = 1;

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Registry _registry = new();
    private readonly Ledger _ledger = new();
    private readonly LocalTrouble _trouble = new();
    private readonly IControlFrame _frame;
    private readonly Reaction _reaction;
    private readonly Rounds _rounds;
    private ControlOptions _options;

    public TrafficControl(IControlFrame frame, ControlOptions options)
    {
        (_frame, _options) = (frame, options);
        var (triggers, complaints) = (new Triggers(), new Complaints());
        _reaction = new Reaction(_registry, _ledger, triggers, complaints, _trouble);
        _rounds = new Rounds(_registry, _ledger, triggers, complaints, _trouble, frame);
    }

    /// <summary>Goes up with every change of an allowance or share: who caches them looks here.</summary>
    public int Version => _ledger.Version;

    /// <summary>Our own network or resolver fails: nobody is blamed for what cannot be reached.</summary>
    public bool IsLocalTrouble
    {
        get
        {
            lock (_gate)
            {
                return _trouble.IsOn;
            }
        }
    }

    /// <summary>Other options from now on. Nothing that was learned is lost.</summary>
    public void Load(ControlOptions options) => Volatile.Write(ref _options, options);

    /// <summary>What a key may do. Nobody's key may do all that is configured.</summary>
    public Allowance Of(ControlKey key) => _ledger.Of(Plain(key));

    /// <summary>What part of its weight a source gets at a receiver.</summary>
    public SourceShare ShareOf(string source, string @operator) => _ledger.ShareOf(source, @operator);

    /// <summary>Takes what one recipient's attempt says.</summary>
    /// <param name="observation">Times may run back a little, as outcomes do.</param>
    /// <param name="changes">What it changed is added.</param>
    public void Observe(in Observation observation, ICollection<ControlChange> changes)
    {
        lock (_gate)
        {
            var place = _registry.PlaceOf(observation.Source, observation.Operator);
            if (observation.Kind is ObservationKind.Delivered)
            {
                Good(observation, place);
            }
            else
            {
                _reaction.Take(observation, place, _options, changes);
            }
        }
    }

    /// <summary>Lets time pass. Call each quarter second to second.</summary>
    public void Tick(DateTimeOffset now, ICollection<ControlChange> changes)
    {
        lock (_gate)
        {
            _rounds.Tick(now, _options, changes);
        }
    }

    /// <summary>Receivers and whole sources of which anything is kept.</summary>
    public int Keys
    {
        get
        {
            lock (_gate)
            {
                return _registry.Operators.Count + _registry.Sources.Count;
            }
        }
    }

    /// <summary>How a key stands; null when it was not heard of lately.</summary>
    public ControlReport? Describe(ControlKey key, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _registry.Find(Plain(key)) is { } channel ? Report(channel, now) : null;
        }
    }

    /// <summary>All keys that control slows, pauses or weighs now.</summary>
    public IReadOnlyList<ControlReport> DescribeAll(DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. Channels().Select(channel => Report(channel, now)).Where(report => report.Binding.Length > 0)];
        }
    }

    /// <summary>Writes all that must outlive the process, as JSON in UTF-8.</summary>
    public void Save(Stream stream, DateTimeOffset now)
    {
        lock (_gate)
        {
            var paces = Channels().Where(channel => !channel.Pace.IsAtRest).Select(channel => channel.Pace.Save(channel.Key, channel.Seen));
            var sources = _registry.Operators.Values.SelectMany(@operator => @operator.Places)
                .Where(place => place.Health.State is not SourceState.Healthy)
                .Select(place => place.Health.Save(place.Source, place.Operator.Name));
            JsonSerializer.Serialize(stream, new SavedControl(SaveVersion, now, [.. paces], [.. sources]), SavedControlJson.Default.SavedControl);
        }
    }

    /// <summary>
    /// Takes up what was saved. Keys idle for longer than <see cref="ControlOptions.Forget"/> are dropped; ended pauses go on with a part; when the save is
    /// older than an hour or from the future, every slowed key starts from a part of its level: no credit without a fresh save.
    /// </summary>
    /// <exception cref="JsonException">The file is damaged; nothing was taken.</exception>
    /// <exception cref="InvalidDataException">It was written by a later version; nothing was taken.</exception>
    public void Load(Stream stream, DateTimeOffset now)
    {
        var saved = JsonSerializer.Deserialize(stream, SavedControlJson.Default.SavedControl) ?? throw new JsonException("The state of control is empty.");
        if (saved.Version != SaveVersion)
        {
            throw new InvalidDataException($"The state of control has version {saved.Version}, expected {SaveVersion}.");
        }

        lock (_gate)
        {
            var fresh = saved.At <= now && now - saved.At <= Fresh;
            foreach (var pace in saved.Paces)
            {
                if (now - pace.Seen <= _options.Forget)
                {
                    Restore(pace, fresh, now);
                }
            }

            foreach (var source in saved.Sources)
            {
                if (now - source.Since <= _options.Forget)
                {
                    Restore(source, now);
                }
            }
        }
    }

    private static ControlKey Plain(ControlKey key) =>
        key.Scope is FlowScope.DomainAtProvider or FlowScope.SenderAtProvider ? key with { Scope = FlowScope.SenderDomainAtProvider } : key;

    private void Good(in Observation observation, Place place)
    {
        var (at, @operator) = (observation.At, place.Operator);
        place.Channel.Good(at);
        place.Health.Good();
        (place.TookAt, @operator.AnsweredAt) = (at, at);
        @operator.Channel.Good(at);
        @operator.Outage.Good();
        _trouble.Answered(at, ref @operator.AnsweredIn);
        if (@operator.Domains.Count > 0 && @operator.Domains.TryGetValue(observation.SenderDomain, out var domain))
        {
            domain.Good(at);
        }

        if (@operator.Campaigns.Count > 0 && @operator.Campaigns.TryGetValue((observation.Account, observation.Campaign), out var campaign))
        {
            campaign.Good(at);
        }

        if (@operator.Spam.Count > 0)
        {
            @operator.Hour.Add(at, Mark.Good);
            if (@operator.Spam.TryGetValue((observation.Account, observation.Campaign), out var count))
            {
                count.Hour.Add(at, Mark.Good);
            }
        }

        if (_registry.Sources.Count > 0 && _registry.Sources.TryGetValue(observation.Source, out var source))
        {
            source.Good(at);
        }
    }

    private IEnumerable<Channel> Channels() => _registry.Operators.Values.SelectMany(@operator => @operator.Channels).Concat(_registry.Sources.Values);

    private void Restore(SavedPace saved, bool fresh, DateTimeOffset now)
    {
        var channel = _registry.Restore(saved.Key);
        channel.Seen = saved.Seen;
        channel.Pace.Load(saved, now, fresh, _frame.CeilingOf(saved.Key), _options);
        if (saved.Key.Scope is not FlowScope.Source)
        {
            var @operator = _registry.OperatorOf(saved.Key.Operator);
            @operator.BadAt = saved.Seen > @operator.BadAt ? saved.Seen : @operator.BadAt;
            _registry.Watched.Add(@operator);
        }

        _ledger.Publish(channel.Key, channel.Pace.Allowance);
    }

    private void Restore(SavedHealth saved, DateTimeOffset now)
    {
        var place = _registry.PlaceOf(saved.Source, saved.Operator);
        var latest = now + _options.StopLimit;
        place.Health.Load(!saved.IsExplicit && saved.Until > latest ? saved with { Until = latest } : saved);
        place.Operator.BadAt = now;
        _registry.Watched.Add(place.Operator);
        _ledger.Publish(place);
        _ledger.Publish(place.Channel.Key, place.Allowance);
    }

    private ControlReport Report(Channel channel, DateTimeOffset now)
    {
        channel.Tally.Roll(now);
        var @operator = _registry.Operators.GetValueOrDefault(channel.Key.Operator);
        var place = channel.Key.Scope is FlowScope.SourceAtProvider ? @operator?.Places.Find(place => place.Channel == channel) : null;
        var allowance = channel.Key.Scope is FlowScope.Provider && @operator is not null ? @operator.AllowanceAt(now, _options) : place?.Allowance ?? channel.Pace.Allowance;
        var (binding, until) = Explanation.Of(channel.Pace, allowance, place?.Health, now);
        return new ControlReport
        {
            Key = channel.Key,
            Allowance = allowance,
            Share = place?.Health.Share ?? SourceShare.Full,
            Until = until,
            Binding = binding,
            Good = channel.Tally[Mark.Good],
            Throttled = channel.Tally[Mark.Throttled],
            Blamed = channel.Tally[Mark.Blamed],
            Receiver = channel.Tally[Mark.Receiver],
            RefusedRate = channel.Pace.Rate.Refused,
            RefusedConnections = channel.Pace.Connections.Refused,
        };
    }
}
