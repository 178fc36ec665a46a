using Engine.Configuration;
using Engine.Configuration.Providers;
using Engine.Limits;
using Engine.Reputation.Control;
using Engine.Reputation.Control.Pacing;

namespace Engine.Reputation.Steering;

/// <summary>Tells control what the configured limits give a key, and which sources share pools. Thread-safe.</summary>
/// <param name="limits">Configured limits.</param>
/// <param name="sources">Pools.</param>
/// <param name="configured">Key <c>delivery.connections</c>: connections and messages on each where no limit says.</param>
internal sealed class ControlFrame(LimitTree limits, SourceMap sources, Func<ConnectionOptions> configured) : IControlFrame
{
    public Ceiling CeilingOf(ControlKey key)
    {
        var most = configured();
        if (key.Scope is not FlowScope.SourceAtProvider)
        {
            // As many as all sources together may open to one destination.
            var all = Math.Min(most.Max, (long)most.PerDestination * Math.Max(1, sources.Pools.SelectMany(static pool => pool.Sources).DistinctBy(static one => one.Name).Count()));
            return new Ceiling(null, null, most.Messages) { Enough = (int)all };
        }

        var (rate, connections, messages) = (default(double?), most.PerDestination, most.Messages);
        foreach (var limit in limits.Find(new LimitSubject { Provider = key.Operator, Destination = key.Operator, Source = key.Subject }, LimitScope.Lane))
        {
            rate = limit.Options.Rate is { } perTime ? Math.Min(rate ?? double.MaxValue, perTime.PerSecond) : rate;
            connections = Math.Min(connections, limit.Options.Connections ?? int.MaxValue);
            messages = Math.Min(messages, limit.MessagesPerConnection);
        }

        return new Ceiling(rate, connections, messages);
    }

    public IReadOnlyList<string> Siblings(string source)
    {
        var siblings = new HashSet<string>(StringComparer.Ordinal) { source };
        foreach (var pool in sources.Pools)
        {
            if (pool.Sources.Any(one => one.Name == source))
            {
                siblings.UnionWith(pool.Sources.Select(static one => one.Name));
            }
        }

        return [.. siblings];
    }
}
