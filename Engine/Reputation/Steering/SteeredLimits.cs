using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Limits;
using Engine.Mail;

namespace Engine.Reputation.Steering;

/// <summary>
/// The dynamic limits by which control binds lanes and flows. One comes into being when control first has something to say about its
/// key; then <see cref="Version"/> moves and who holds found limits looks again. Thread-safe.
/// </summary>
internal sealed class SteeredLimits(LimitTree tree, CampaignNames campaigns, TimeProvider clock)
{
    /// <summary>Name of these limits in <c>why</c>.</summary>
    public const string Name = "control";

    private readonly ConcurrentDictionary<ControlKey, Limit> _limits = new();
    private int _version;

    public int Version => Volatile.Read(ref _version);

    /// <summary>Sets the limit of a key as control allows now.</summary>
    public void Set(ControlKey key, in Allowance allowance)
    {
        if (!_limits.TryGetValue(key, out var limit))
        {
            limit = tree.Dynamic(Name, TextOf(key), DimensionsOf(key.Scope));
            _limits[key] = limit;
            Interlocked.Increment(ref _version);
        }

        limit.SetRate(allowance.RatePerSecond is { } rate && rate > 0 ? Rate.PerSecondOf(rate) : null, allowance.Rule);
        limit.SetConnections(allowance.Connections, allowance.Rule);
        limit.SetMessagesPerConnection(allowance.MessagesPerConnection, allowance.Rule);
        limit.PauseUntil(TimestampOf(allowance.PausedUntil), allowance.Rule);
    }

    /// <summary>The key's limit; null while control has never said anything about it.</summary>
    public Limit? Find(ControlKey key) => _limits.GetValueOrDefault(key);

    public void OfLane(string operatorId, string source, List<Limit> limits)
    {
        Add(new ControlKey(FlowScope.SourceAtProvider, operatorId, source), limits);
        Add(new ControlKey(FlowScope.Source, string.Empty, source), limits);
        Add(new ControlKey(FlowScope.Provider, operatorId, string.Empty), limits);
    }

    public void OfFlow(string operatorId, Flow flow, List<Limit> limits)
    {
        if (flow.Campaign.Length > 0)
        {
            Add(new ControlKey(FlowScope.CampaignAtProvider, operatorId, campaigns.Of(flow)), limits);
        }

        Add(new ControlKey(FlowScope.SenderDomainAtProvider, operatorId, flow.SenderDomain.Name), limits);
        Add(new ControlKey(FlowScope.DomainAtProvider, operatorId, flow.SenderDomain.Name), limits);
        Add(new ControlKey(FlowScope.SenderAtProvider, operatorId, flow.SenderDomain.Name), limits);
    }

    /// <summary>Wall clock as a timestamp of the limits.</summary>
    public long TimestampOf(DateTimeOffset until)
    {
        var wait = until - clock.GetUtcNow();
        return wait <= TimeSpan.Zero ? 0 : clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);
    }

    private void Add(ControlKey key, List<Limit> limits)
    {
        if (_limits.TryGetValue(key, out var limit))
        {
            limits.Add(limit);
        }
    }

    private static string TextOf(ControlKey key) => key.Scope switch
    {
        FlowScope.Provider => key.Operator,
        FlowScope.Source => key.Subject,
        _ => $"{key.Subject} at {key.Operator}",
    };

    private static LimitDimension[] DimensionsOf(FlowScope scope) => scope switch
    {
        FlowScope.SourceAtProvider => [LimitDimension.Source, LimitDimension.Provider],
        FlowScope.Provider => [LimitDimension.Provider],
        FlowScope.Source => [LimitDimension.Source],
        FlowScope.CampaignAtProvider => [LimitDimension.Campaign, LimitDimension.Provider],
        _ => [LimitDimension.SenderDomain, LimitDimension.Provider],
    };
}
