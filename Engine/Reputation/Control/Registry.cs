using Engine.Configuration.Providers;
using Engine.Reputation.Control.Health;

namespace Engine.Reputation.Control;

/// <summary>All keys under control. Made when first heard of, dropped when idle and at rest. One thread.</summary>
internal sealed class Registry
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private const int MostRemembered = 100_000;

    private static readonly TimeSpan Memory = TimeSpan.FromHours(6);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Dictionary<(string Source, string Operator), Place> _places = [];
    private readonly Dictionary<string, DateTimeOffset> _answered = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Operator), DateTimeOffset> _took = [];

    public Dictionary<string, Operator> Operators { get; } = new(StringComparer.Ordinal);

    /// <summary>Sources that a rule slowed everywhere.</summary>
    public Dictionary<string, Channel> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Receivers where something is wrong, or was: only these take time at a tick.</summary>
    public HashSet<Operator> Watched { get; } = [];

    public Place PlaceOf(string source, string @operator) =>
        _places.TryGetValue((source, @operator), out var place) ? place : Add(source, OperatorOf(@operator));

    public Operator OperatorOf(string name)
    {
        if (!Operators.TryGetValue(name, out var found))
        {
            _answered.Remove(name, out var answeredAt);
            Operators.Add(name, found = new Operator(name) { AnsweredAt = answeredAt });
        }

        return found;
    }

    /// <summary>What a scope means for this reply. The signing domain and the sender's address are not told apart from the sender domain.</summary>
    public Channel ChannelOf(FlowScope scope, in Observation observation, Place place)
    {
        var channel = scope switch
        {
            FlowScope.SourceAtProvider => place.Channel,
            FlowScope.Provider => place.Operator.Channel,
            FlowScope.Source => SourceOf(observation.Source),
            FlowScope.CampaignAtProvider => CampaignOf(place.Operator, observation.Account, observation.Campaign),
            _ => DomainOf(place.Operator, observation.SenderDomain),
        };
        channel.Seen = observation.At;
        return channel;
    }

    /// <summary>The channel of a key; null when nothing is known of it.</summary>
    public Channel? Find(ControlKey key)
    {
        if (key.Scope is FlowScope.Source)
        {
            return Sources.GetValueOrDefault(key.Subject);
        }

        return Operators.GetValueOrDefault(key.Operator) is not { } found ? null : key.Scope switch
        {
            FlowScope.Provider => found.Channel,
            FlowScope.SourceAtProvider => _places.GetValueOrDefault((key.Subject, key.Operator))?.Channel,
            FlowScope.CampaignAtProvider => found.Campaigns.Values.FirstOrDefault(channel => channel.Key == key),
            _ => found.Domains.GetValueOrDefault(key.Subject),
        };
    }

    /// <summary>The channel of a saved key, made where it is not there.</summary>
    public Channel Restore(ControlKey key) => key.Scope switch
    {
        FlowScope.Source => SourceOf(key.Subject),
        FlowScope.Provider => OperatorOf(key.Operator).Channel,
        FlowScope.SourceAtProvider => PlaceOf(key.Subject, key.Operator).Channel,
        FlowScope.CampaignAtProvider => key.Subject.Split('/', 2) is [var account, var campaign]
            ? CampaignOf(OperatorOf(key.Operator), account, campaign)
            : CampaignOf(OperatorOf(key.Operator), string.Empty, key.Subject),
        _ => DomainOf(OperatorOf(key.Operator), key.Subject),
    };

    /// <summary>Drops what is idle and at rest.</summary>
    /// <param name="now">The time.</param>
    /// <param name="answeredSince">Who answered since then, less some hours, is remembered by name.</param>
    public void Sweep(DateTimeOffset now, DateTimeOffset answeredSince)
    {
        foreach (var (name, at) in _answered)
        {
            if (answeredSince - at > Memory)
            {
                _answered.Remove(name);
            }
        }

        foreach (var (name, at) in _took)
        {
            if (now - at > Day)
            {
                _took.Remove(name);
            }
        }

        foreach (var idle in Operators.Values)
        {
            if (now - idle.HeardAt >= Idle && !Watched.Contains(idle))
            {
                Drop(idle);
            }
        }
    }

    /// <summary>Forgets a receiver, but that it answered and whose mail it took.</summary>
    public void Drop(Operator idle)
    {
        Watched.Remove(idle);
        Operators.Remove(idle.Name);
        foreach (var place in idle.Places)
        {
            _places.Remove((place.Source, idle.Name));
            if (place.TookAt > DateTimeOffset.MinValue && _took.Count < MostRemembered)
            {
                _took[(place.Source, idle.Name)] = place.TookAt;
            }
        }

        if (idle.AnsweredAt > DateTimeOffset.MinValue && _answered.Count < MostRemembered)
        {
            _answered[idle.Name] = idle.AnsweredAt;
        }
    }

    private static Channel CampaignOf(Operator place, string account, string campaign)
    {
        if (!place.Campaigns.TryGetValue((account, campaign), out var channel))
        {
            place.Campaigns.Add((account, campaign), channel = new Channel(ControlKey.OfCampaign(place.Name, account, campaign)));
        }

        return channel;
    }

    private static Channel DomainOf(Operator place, string domain)
    {
        if (!place.Domains.TryGetValue(domain, out var channel))
        {
            place.Domains.Add(domain, channel = new Channel(new ControlKey(FlowScope.SenderDomainAtProvider, place.Name, domain)));
        }

        return channel;
    }

    private Channel SourceOf(string source)
    {
        if (!Sources.TryGetValue(source, out var channel))
        {
            Sources.Add(source, channel = new Channel(new ControlKey(FlowScope.Source, string.Empty, source)));
        }

        return channel;
    }

    private Place Add(string source, Operator @operator)
    {
        _took.Remove((source, @operator.Name), out var tookAt);
        var place = new Place(source, @operator) { TookAt = tookAt };
        _places.Add((source, @operator.Name), place);
        @operator.Places.Add(place);
        return place;
    }
}
