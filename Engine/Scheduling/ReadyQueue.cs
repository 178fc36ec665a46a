using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>Recipients that wait for one pool and destination: rings of flows, one for each class. Guarded by its destination's lock.</summary>
internal sealed class ReadyQueue
{
    private readonly FlowRing[] _classes = [new("transactional"), new("marketing")];

    // By reference: flows are one object while any recipient uses them, and hashing their text would be the dearest part of an Add.
    private readonly Dictionary<Flow, FlowQueue> _flows = new(ReferenceEqualityComparer.Instance);

    /// <summary>Recipients waiting, blocked flows included.</summary>
    public int Count { get; private set; }

    public IReadOnlyCollection<FlowQueue> Flows => _flows.Values;

    public FlowQueue? Find(Flow flow) => _flows.GetValueOrDefault(flow) ?? _flows.Values.FirstOrDefault(queue => queue.Flow == flow);

    /// <returns>True when this made something takeable that was not: a flow's first recipient, or its first of this engagement.</returns>
    public bool Add(Flow flow, ReadyItem item)
    {
        if (!_flows.TryGetValue(flow, out var queue))
        {
            queue = _classes[(int)flow.Class]
                .Child(flow.Account, static (key, _) => new FlowRing(key), flow)
                .Child(flow.Campaign, static (key, _) => new FlowRing(key), flow)
                .Child(FlowQueue.KeyOf(flow), static (key, flow) => new FlowQueue(flow, key), flow);
            queue.IsShared |= queue.Flow != (object)flow;
            _flows.Add(flow, queue);
        }

        var isNew = !queue.Has(item.Engagement);
        queue.Add(item);
        Count++;
        if (queue.IsBlocked)
        {
            return false;
        }

        queue.Enter();
        return isNew;
    }

    /// <summary>The flow whose turn it is in a class; null when none may go.</summary>
    public FlowQueue? Turn(StreamClass streamClass) => _classes[(int)streamClass].Turn();

    /// <summary>The flow in turn that a source which warms up may take: one with lively recipients, else one with others.</summary>
    /// <param name="streamClass">Of the flow.</param>
    /// <param name="takesLow">Silent ones too, when there are no others.</param>
    /// <param name="engagement">What to take of it.</param>
    public FlowQueue? WarmingTurn(StreamClass streamClass, bool takesLow, out Engagement engagement)
    {
        var ring = _classes[(int)streamClass];
        engagement = Engagement.High;
        if (ring.Find(static flow => flow.Has(Engagement.High)) is { } lively)
        {
            return lively;
        }

        engagement = Engagement.Normal;
        if (ring.Find(static flow => flow.Has(Engagement.Normal)) is { } normal)
        {
            return normal;
        }

        engagement = Engagement.Low;
        return takesLow ? ring.Turn() : null;
    }

    /// <summary>Takes the first recipient of this flow and engagement.</summary>
    public ReadyItem Take(FlowQueue queue, Engagement engagement)
    {
        Count--;
        return queue.Take(engagement);
    }

    /// <summary>After one or more takes.</summary>
    public void EndTurn(FlowQueue queue, int taken)
    {
        queue.EndTurn(taken, stay: true);
        if (queue.IsEmpty)
        {
            Forget(queue);
        }
    }

    /// <summary>Takes everything out. Whoever stood in a line leaves it.</summary>
    public void Drain(LineAlarm alarm, Action<Flow, ReadyItem> take)
    {
        foreach (var queue in _flows.Values)
        {
            LeaveLine(queue, alarm);
            while (!queue.IsEmpty)
            {
                take(queue.Flow, queue.Take(queue.Next));
            }
        }

        _flows.Clear();
        (_classes[0], _classes[1]) = (new FlowRing("transactional"), new FlowRing("marketing"));
        Count = 0;
    }

    /// <summary>Takes out what matches; the rest keeps its order, turns and lines. Costs what waits.</summary>
    public void Drain(LineAlarm alarm, Predicate<ReadyItem> which, List<ReadyItem> items)
    {
        foreach (var queue in _flows.Values.Distinct().ToArray())
        {
            var taken = queue.Remove(which, items);
            Count -= taken;
            if (taken > 0 && queue.IsEmpty)
            {
                LeaveLine(queue, alarm);
                queue.Leave();
                Forget(queue);
            }
        }
    }

    private static void LeaveLine(FlowQueue queue, LineAlarm alarm)
    {
        if (queue.Waiter is { } waiter)
        {
            waiter.Line?.Leave(waiter);
            waiter.Turns.Decline(alarm);
        }

        queue.IsBlocked = false;
    }

    private void Forget(FlowQueue queue)
    {
        _flows.Remove(queue.Flow);
        if (queue.IsShared)
        {
            foreach (var (flow, known) in _flows)
            {
                if (known == queue)
                {
                    _flows.Remove(flow);
                }
            }
        }

        queue.Forget();
    }
}
