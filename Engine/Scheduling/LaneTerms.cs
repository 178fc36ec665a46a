using System.Runtime.CompilerServices;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Scheduling;

/// <summary>What holds for one lane when it pulls for one pool.</summary>
/// <param name="pool">For which pool.</param>
/// <param name="version">Versions of what it was found in, together.</param>
/// <param name="weight">Its share; 0 takes no mail.</param>
/// <param name="isWarming">It takes lively recipients first.</param>
/// <param name="own">Limits of the lane alone, narrow first.</param>
/// <param name="places">The lane's, see <see cref="ReceiverPlaces"/>.</param>
/// <param name="find">Finds the limits of a flow by this source; null when there are none of that kind.</param>
internal sealed class LaneTerms(Pool pool, long version, int weight, bool isWarming, Limit[] own, ConnectionCounter places, Func<Flow, Limit[]>? find)
{
    private readonly ConditionalWeakTable<Flow, Limit[]> _ofFlows = [];

    public Pool Pool { get; } = pool;

    public long Version { get; } = version;

    public int Weight { get; } = weight;

    public bool IsWarming { get; } = isWarming;

    public Limit[] Own { get; } = own;

    /// <summary>Those of its limits that count connections.</summary>
    public Limit[] Counted { get; } = [.. own.Where(limit => limit.Connections is not null)];

    /// <summary>Their counters, and last that of the receiver's places: a worker takes one in each.</summary>
    public ConnectionCounter[] Counters { get; } = [.. own.Select(limit => limit.Connections).OfType<ConnectionCounter>(), places];

    /// <summary>Messages before QUIT; <see cref="int.MaxValue"/> when no limit says.</summary>
    public int MessagesPerConnection
    {
        get
        {
            var least = int.MaxValue;
            foreach (var limit in Own)
            {
                least = Math.Min(least, limit.MessagesPerConnection);
            }

            return least;
        }
    }

    public Limit[] OfFlow(Flow flow)
    {
        if (find is null)
        {
            return [];
        }

        if (!_ofFlows.TryGetValue(flow, out var limits))
        {
            limits = find(flow);
            _ofFlows.Add(flow, limits);
        }

        return limits;
    }
}
