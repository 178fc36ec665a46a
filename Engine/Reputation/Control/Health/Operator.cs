using Engine.Configuration;
using Engine.Configuration.Providers;

namespace Engine.Reputation.Control.Health;

/// <summary>One receiver with the sources, sender domains and campaigns that send to it. Tells the fault of one from that of all. One thread.</summary>
internal sealed class Operator
{
    private const int FewSamples = 3;

    /// <summary>When it last answered, in slots of <see cref="LocalTrouble"/>.</summary>
    public long AnsweredIn;

    /// <summary>When it was last missed, in slots of <see cref="LocalTrouble"/>.</summary>
    public long MissedIn;

    private readonly List<double> _others = [];

    public Operator(string name) => (Name, Channel) = (name, new Channel(new ControlKey(FlowScope.Provider, name, string.Empty)));

    public string Name { get; }

    /// <summary>Everything to it.</summary>
    public Channel Channel { get; }

    public Outage Outage { get; } = new();

    public List<Place> Places { get; } = [];

    /// <summary>Sender domains it complained of; only these are counted.</summary>
    public Dictionary<string, Channel> Domains { get; } = new(StringComparer.Ordinal);

    /// <summary>Campaigns that a rule or their content slowed.</summary>
    public Dictionary<(string Account, string Campaign), Channel> Campaigns { get; } = [];

    /// <summary>Campaigns it called spam.</summary>
    public Dictionary<(string Account, string Campaign), CampaignCount> Spam { get; } = [];

    /// <summary>Good and spam replies of the last hour, counted while <see cref="Spam"/> holds any.</summary>
    public Tally Hour { get; } = Tally.OfAnHour();

    /// <summary>When it was last said that everything is called spam.</summary>
    public DateTimeOffset SpamAlertAt { get; set; }

    public DateTimeOffset BadAt { get; set; }

    /// <summary>Its last reply of any kind; remembered for some hours after all else is forgotten. Who never answered cannot be lost.</summary>
    public DateTimeOffset AnsweredAt { get; set; }

    public IEnumerable<Channel> Channels => Places.Select(place => place.Channel).Concat(Domains.Values).Concat(Campaigns.Values).Prepend(Channel);

    public bool IsAtRest => Outage.IsAtRest && Places.TrueForAll(place => place.IsAtRest) && Channel.Pace.IsAtRest && Domains.Count == 0 && Campaigns.Count == 0;

    /// <summary>The last time anything was heard of it.</summary>
    public DateTimeOffset HeardAt => Channel.Seen > BadAt ? Channel.Seen : BadAt;

    /// <summary>What all of it may do: its own rules' pace, and the outage's.</summary>
    public Allowance AllowanceAt(DateTimeOffset now, ControlOptions options)
    {
        var own = Channel.Pace.Allowance;
        if (Outage.IsAtRest)
        {
            return own;
        }

        return own with
        {
            RatePerSecond = Outage.RateAt(now, options) is { } rate ? Math.Min(rate, own.RatePerSecond ?? rate) : own.RatePerSecond,
            Connections = Outage.Connections is { } connections ? Math.Min(connections, own.Connections ?? connections) : own.Connections,
            PausedUntil = Outage.HeldUntil > own.PausedUntil ? Outage.HeldUntil : own.PausedUntil,
            Rule = "control/receiver-down",
            Since = Outage.Since,
        };
    }

    /// <summary>Sources that sent to it within the last minute.</summary>
    public int Active(DateTimeOffset now)
    {
        var active = 0;
        foreach (var place in Places)
        {
            place.Channel.Tally.Roll(now);
            active += place.Channel.Tally.Samples >= FewSamples ? 1 : 0;
        }

        return active;
    }

    /// <summary>
    /// Whether it is down for all: with enough sources when more than half of them fail, whatever the replies say; with fewer when all fail
    /// and no reply blames a source.
    /// </summary>
    public bool IsDown(int active, ControlOptions options)
    {
        var (failing, samples) = (0, 0);
        var many = active >= options.ActiveSources;
        foreach (var place in Places)
        {
            if (place.Channel.Tally.Samples >= FewSamples)
            {
                samples += place.Channel.Tally.Samples;
                failing += (many ? place.Health.Blamed + place.Health.Receiver >= 0.5 : place.Health.Receiver >= 0.5) ? 1 : 0;
            }
        }

        return active > 0 && samples >= options.MinimumSamples && (many ? failing > 0.5 * active : failing == active);
    }

    /// <summary>
    /// Share of failures of a source beyond the median of the others: what all suffer is no fault of one. With few sources only what the replies
    /// lay on the source counts.
    /// </summary>
    public double Excess(Place place, int active, ControlOptions options)
    {
        var many = active >= options.ActiveSources;
        _others.Clear();
        foreach (var other in Places)
        {
            if (other != place && other.Channel.Tally.Samples >= FewSamples)
            {
                _others.Add(Badness(other, many));
            }
        }

        _others.Sort();
        return Badness(place, many) - (_others.Count > 0 ? _others[(_others.Count - 1) / 2] : 0);
    }

    private static double Badness(Place place, bool many) => place.Health.Blamed + (many ? place.Health.Receiver + place.Health.Doubted : 0);
}
