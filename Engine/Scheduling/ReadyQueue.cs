using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>READY of one pool and destination: rings of flows, one for each class. Guarded by its destination's lock.</summary>
/// <param name="pool">Name of the pool.</param>
/// <param name="isShared">Both classes leave by this pool's sources: what one may use leaves a reserve for the other.</param>
internal sealed class ReadyQueue(string pool, bool isShared)
{
    private readonly FlowRing[] _classes = [new("transactional"), new("marketing")];
    private readonly Dictionary<Flow, FlowQueue> _flows = [];
    private readonly PriorityQueue<FlowQueue, long> _blocked = new();

    public string Pool { get; } = pool;

    public bool IsShared { get; } = isShared;

    /// <summary>Recipients waiting, blocked flows included.</summary>
    public int Count { get; private set; }

    /// <summary>When the first blocked flow may go on; <see cref="long.MaxValue"/> when none is blocked.</summary>
    public long NextUnblock => _blocked.TryPeek(out _, out var at) ? at : long.MaxValue;

    public void Add(Flow flow, ReadyItem item)
    {
        if (!_flows.TryGetValue(flow, out var queue))
        {
            queue = _classes[(int)flow.Class]
                .Child(flow.Account, key => new FlowRing(key))
                .Child(flow.Campaign, key => new FlowRing(key))
                .Child(FlowQueue.KeyOf(flow), _ => new FlowQueue(flow));
            _flows.Add(flow, queue);
        }

        queue.Add(item);
        Count++;
        if (queue.BlockedUntil == 0)
        {
            queue.Enter();
        }
    }

    /// <summary>The flow whose turn it is in a class; null when none may go.</summary>
    public FlowQueue? Turn(StreamClass streamClass, long now)
    {
        while (_blocked.TryPeek(out var queue, out var at) && at <= now)
        {
            _blocked.Dequeue();
            queue.BlockedUntil = 0;
            queue.Enter();
        }

        return _classes[(int)streamClass].Turn();
    }

    /// <summary>Takes the first recipient of the flow whose turn it is.</summary>
    public ReadyItem Take(FlowQueue queue)
    {
        Count--;
        return queue.Take();
    }

    /// <summary>After one or more takes.</summary>
    public void EndTurn(FlowQueue queue)
    {
        queue.EndTurn(stay: true);
        if (queue.IsEmpty)
        {
            _flows.Remove(queue.Flow);
            queue.Forget();
        }
    }

    /// <summary>Takes the flow whose turn it is out of the ring until its own limit grants again.</summary>
    public void Block(FlowQueue queue, long until)
    {
        queue.BlockedUntil = until;
        queue.EndTurn(stay: false);
        _blocked.Enqueue(queue, until);
    }

    /// <summary>Takes everything out, for recipients that go back to wait in the queue.</summary>
    public IReadOnlyList<ReadyItem> Drain()
    {
        var items = new List<ReadyItem>(Count);
        foreach (var queue in _flows.Values)
        {
            while (!queue.IsEmpty)
            {
                items.Add(queue.Take());
            }
        }

        _flows.Clear();
        _blocked.Clear();
        _classes[0] = new FlowRing("transactional");
        _classes[1] = new FlowRing("marketing");
        Count = 0;
        return items;
    }
}
