using System.Collections.Concurrent;
using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Limits;
using Engine.Mail;

namespace Engine.Reputation.Steering;

/// <summary>
/// The dynamic limits by which control binds lanes and flows. One comes into being when control first has something to say about its
/// key; then <see cref="Version"/> moves and who holds found limits looks again. It goes when control has long said nothing and nobody
/// asks for it: <see cref="Sweep"/>. Thread-safe.
/// </summary>
internal sealed class SteeredLimits(LimitTree tree, CampaignNames campaigns, TimeProvider clock)
{
    private readonly ConcurrentDictionary<ControlKey, Limit> _limits = new();
    private readonly Lock _gate = new();
    private int _version;

    public int Version => Volatile.Read(ref _version);

    /// <summary>Name of a scope's limits in <c>why</c>: a campaign may be called as a domain is.</summary>
    public static string NameOf(FlowScope scope) => scope switch
    {
        FlowScope.SourceAtProvider or FlowScope.Source => "control/source",
        FlowScope.Provider => "control/provider",
        FlowScope.CampaignAtProvider => "control/campaign",
        FlowScope.DomainAtProvider => "control/domain",
        FlowScope.SenderDomainAtProvider => "control/senderDomain",
        _ => "control/sender",
    };

    /// <summary>Sets the limit of a key as control allows now.</summary>
    public void Set(ControlKey key, in Allowance allowance)
    {
        // Not beside a sweep: what is set must not be forgotten.
        lock (_gate)
        {
            if (!_limits.TryGetValue(key, out var limit))
            {
                limit = tree.Dynamic(NameOf(key.Scope), TextOf(key), DimensionsOf(key.Scope));
                _limits[key] = limit;
                Interlocked.Increment(ref _version);
            }

            limit.Touch(clock.GetTimestamp());
            limit.SetRate(allowance.RatePerSecond is { } rate && rate > 0 ? Rate.PerSecondOf(rate) : null, allowance.Rule);
            limit.SetConnections(allowance.Connections, allowance.Rule);
            limit.SetMessagesPerConnection(allowance.MessagesPerConnection, allowance.Rule);
            limit.PauseUntil(TimestampOf(allowance.PausedUntil), allowance.Rule);
        }
    }

    /// <summary>The key's limit; null while control has never said anything about it, or nothing for long.</summary>
    public Limit? Find(ControlKey key) => _limits.GetValueOrDefault(key);

    /// <summary>Forgets limits that bind nothing now and were not asked for during <see cref="LimitTree.KeptIdle"/>. About once a minute.</summary>
    /// <param name="now">Timestamp.</param>
    public void Sweep(long now)
    {
        lock (_gate)
        {
            var idle = _limits.Where(pair => pair.Value.BindsNothing(now) && pair.Value.IsIdle(now)).ToList();
            foreach (var (key, _) in idle)
            {
                _limits.TryRemove(key, out _);
            }

            tree.Forget([.. idle.Select(pair => pair.Value)]);
        }
    }

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
            limit.Touch(clock.GetTimestamp());
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
