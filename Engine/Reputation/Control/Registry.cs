using Engine.Configuration.Providers;
using Engine.Reputation.Control.Health;

namespace Engine.Reputation.Control;

/// <summary>All keys under control. Made when first heard of, dropped when idle and at rest. One thread.</summary>
internal sealed class Registry
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string Source, string Operator), Place> _places = [];

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
            Operators.Add(name, found = new Operator(name));
        }

        return found;
    }

    /// <summary>What a scope means for this reply. The signing domain and the sender's address are not told apart from the sender domain.</summary>
    public Channel ChannelOf(FlowScope scope, in Observation observation, Place place) => scope switch
    {
        FlowScope.SourceAtProvider => place.Channel,
        FlowScope.Provider => place.Operator.Channel,
        FlowScope.Source => SourceOf(observation.Source),
        FlowScope.CampaignAtProvider => CampaignOf(place.Operator, observation.Account, observation.Campaign),
        _ => DomainOf(place.Operator, observation.SenderDomain),
    };

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
    public void Sweep(DateTimeOffset now)
    {
        foreach (var idle in Operators.Values)
        {
            if (now - idle.Channel.Seen >= Idle && now - idle.BadAt >= Idle && !Watched.Contains(idle))
            {
                Operators.Remove(idle.Name);
                idle.Places.ForEach(place => _places.Remove((place.Source, place.Operator.Name)));
            }
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
        var place = new Place(source, @operator);
        _places.Add((source, @operator.Name), place);
        @operator.Places.Add(place);
        return place;
    }
}
