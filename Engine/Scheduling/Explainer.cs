using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Reads why mail waits. Under the destination's lock; changes nothing.</summary>
internal sealed class Explainer(LaneChoice choice, TimeProvider clock)
{
    // A domain's mail may have thousands of flows; under the lock only so many are looked at.
    private const int MostFlows = 100;

    private readonly long _now = clock.GetTimestamp();

    public Explanation Explain(DestinationQueue destination, string pool, Flow? flow)
    {
        var ready = destination.Ready.FirstOrDefault(one => one.Pool.Name == pool);
        var queues = ready is null ? [] : QueuesOf(ready, flow).ToArray();
        var flows = queues.Select(one => State(one.Queue, one.Hint, destination, ready!)).ToArray();
        return new Explanation(
            destination.Name,
            destination.Operator,
            ready?.Count ?? 0,
            ready?.Hinted.Sum(hinted => hinted.Queue.Count) ?? 0,
            flow is null ? 0 : flows.Sum(one => one.Waiting),
            flow is not null && flows.Any(one => one.IsBlocked),
            flow is null ? [] : [.. flows.SelectMany(one => one.Limits).DistinctBy(limit => limit.Limit)],
            flow is null ? [.. flows.Where(one => one.IsBlocked || one.Limits.Any(limit => limit.Binds))] : flows,
            ready is null ? [] : Lanes(destination, ready, [.. queues.Select(one => one.Queue.Flow).Distinct()], flow?.Class),
            (choice.Total.Open, choice.Total.Maximum));
    }

    // A flow may wait in several: for any source, and for wanted ones.
    private static IEnumerable<(FlowQueue Queue, HintedQueue? Hint)> QueuesOf(PoolQueue ready, Flow? flow)
    {
        var all = ready.Hinted.Select(hinted => (hinted.Queue, Hint: (HintedQueue?)hinted)).Prepend((Queue: ready.Any, Hint: null));
        return flow is null
            ? all.SelectMany(one => one.Queue.Flows.Distinct().Select(queue => (queue, one.Hint))).OrderByDescending(one => one.queue.IsBlocked).Take(MostFlows)
            : all.Select(one => (Queue: one.Queue.Find(flow), one.Hint)).Where(one => one.Queue is not null).Select(one => (one.Queue!, one.Hint));
    }

    private FlowState State(FlowQueue queue, HintedQueue? hint, DestinationQueue destination, PoolQueue ready) => new(
        queue.Flow,
        queue.Count,
        queue.IsBlocked,
        hint?.Source,
        hint is null ? null : WallOf(hint.Until),
        [.. choice.LimitsOf(queue, destination, ready).Select(limit => State(limit, queue.Flow.Class, ready.IsShared))]);

    private LaneState[] Lanes(DestinationQueue destination, PoolQueue ready, Flow[] flows, StreamClass? asked)
    {
        // What holds anything back holds marketing back: asked for nobody in particular, its view is told.
        var streamClass = asked ?? StreamClass.Marketing;
        var states = new List<LaneState>();
        foreach (var source in ready.Pool.Sources)
        {
            if (destination.FindLane(source.Id) is { } lane)
            {
                var terms = choice.Terms(lane, ready);
                var limits = flows.SelectMany(flow => terms.OfFlow(flow).Select(limit => (Limit: limit, flow.Class))).DistinctBy(one => one.Limit).Concat(terms.Own.Select(limit => (Limit: limit, Class: streamClass)));
                states.Add(new LaneState(
                    source.Name,
                    lane.Workers,
                    lane.Connecting,
                    terms.Weight,
                    terms.IsWarming,
                    lane.PausedUntil > _now ? lane.Trouble : null,
                    lane.PausedUntil > _now ? WallOf(lane.PausedUntil) : null,
                    [.. limits.Select(one => State(one.Limit, one.Class, ready.IsShared))]));
            }
            else
            {
                var weights = choice.Weights;
                states.Add(new LaneState(source.Name, 0, 0, weights.Weight(ready.Pool, source, destination.Operator), weights.IsWarming(source, destination.Operator), null, null, []));
            }
        }

        return [.. states];
    }

    private BindingLimit State(Limit limit, StreamClass streamClass, bool isShared)
    {
        var holdsBack = limit.HoldsBack(streamClass, isShared);
        var opens = limit.OpensAt(_now);
        var granted = limit.Bucket is { } bucket ? bucket.ReadyAt(1, holdsBack ? Limit.ReserveOf(bucket) : 0) : _now;
        var isFull = limit.Connections is { } counter && counter.Open >= Math.Max(1, counter.Maximum - (holdsBack ? Reserve.Of(counter.Maximum) : 0));
        var kind = limit switch
        {
            _ when limit.PausedUntil > _now => BindingKind.Pause,
            _ when opens > _now => BindingKind.Day,
            _ when granted > _now => BindingKind.Rate,
            _ when isFull => BindingKind.Connections,
            _ when limit.Line.MustWait(streamClass) || limit.ConnectLine.MustWait(streamClass) => BindingKind.Line,
            _ => BindingKind.None,
        };
        var until = Math.Max(opens, granted);
        return new BindingLimit(limit, kind, until > _now ? WallOf(until) : null, limit.Line.Count + limit.ConnectLine.Count + (limit.Connections?.Waiting ?? 0));
    }

    // A pause without an end has a timestamp beyond all wall clocks: it has no time of its own.
    private DateTimeOffset? WallOf(long timestamp) => timestamp is long.MaxValue ? null :
        clock.GetUtcNow() + TimeSpan.FromSeconds((timestamp - _now) / (double)clock.TimestampFrequency);
}
