using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Reads why mail waits. Under the destination's lock; changes nothing.</summary>
internal sealed class Explainer(LaneChoice choice, TimeProvider clock)
{
    private readonly long _now = clock.GetTimestamp();

    public Explanation Explain(DestinationQueue destination, string pool, Flow? flow)
    {
        var ready = destination.Ready.FirstOrDefault(one => one.Pool.Name == pool);
        var queue = flow is null ? null : ready?.Any.Find(flow);
        var limits = queue is null ? [] : choice.LimitsOf(queue, destination, ready!).Select(limit => State(limit, queue.Flow.Class, ready!.IsShared)).ToArray();
        return new Explanation(
            destination.Name,
            destination.Operator,
            ready?.Count ?? 0,
            ready?.Hinted.Sum(hinted => hinted.Queue.Count) ?? 0,
            queue?.Count ?? 0,
            queue?.IsBlocked ?? false,
            limits,
            ready is null ? [] : Lanes(destination, ready, flow?.Class ?? StreamClass.Marketing),
            (choice.Total.Open, choice.Total.Maximum));
    }

    private LaneState[] Lanes(DestinationQueue destination, PoolQueue ready, StreamClass streamClass)
    {
        var states = new List<LaneState>();
        foreach (var source in ready.Pool.Sources)
        {
            if (destination.FindLane(source.Id) is { } lane)
            {
                var terms = choice.Terms(lane, ready);
                states.Add(new LaneState(
                    source.Name,
                    lane.Workers,
                    lane.Connecting,
                    terms.Weight,
                    terms.IsWarming,
                    lane.PausedUntil > _now ? lane.Trouble : null,
                    lane.PausedUntil > _now ? WallOf(lane.PausedUntil) : null,
                    [.. terms.Own.Select(limit => State(limit, streamClass, ready.IsShared))]));
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
        if (limit.Bucket is { } bucket && bucket.ReadyAt(1, holdsBack ? Limit.ReserveOf(bucket) : 0) is var ready)
        {
            opens = Math.Max(opens, ready);
        }

        var isFull = limit.Connections is { } counter && counter.Open >= Math.Max(1, counter.Maximum - (holdsBack ? Reserve.Of(counter.Maximum) : 0));
        var binds = opens > _now || isFull || limit.Line.MustWait(streamClass) || limit.ConnectLine.MustWait(streamClass);
        return new BindingLimit(limit, binds, opens > _now ? WallOf(opens) : null, limit.Line.Count + limit.ConnectLine.Count + (limit.Connections?.Waiting ?? 0));
    }

    private DateTimeOffset WallOf(long timestamp) =>
        clock.GetUtcNow() + TimeSpan.FromSeconds((timestamp - _now) / (double)clock.TimestampFrequency);
}
