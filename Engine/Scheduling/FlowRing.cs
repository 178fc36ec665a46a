namespace Engine.Scheduling;

/// <summary>
/// A level of fairness: its children take turns, one recipient each (deficit round robin with recipients as the unit).
/// Levels: class → account → campaign → sender domain and stream. A child without work, or blocked, is out of the ring.
/// </summary>
internal class FlowRing(string key)
{
    private readonly Queue<FlowRing> _turns = new();
    private readonly Dictionary<string, FlowRing> _children = [];
    private FlowRing? _parent;
    private bool _inRing;

    public string Key { get; } = key;

    /// <summary>No child has work it may do now.</summary>
    public virtual bool IsEmpty => _turns.Count == 0;

    /// <summary>The child, made when absent. Every level above a leaf must be entered to take part: see <see cref="Enter"/>.</summary>
    public T Child<T>(string key, Func<string, T> make)
        where T : FlowRing
    {
        if (!_children.TryGetValue(key, out var child))
        {
            child = make(key);
            child._parent = this;
            _children.Add(key, child);
        }

        return (T)child;
    }

    /// <summary>Puts this and every level above into their rings.</summary>
    public void Enter()
    {
        for (var ring = this; ring._parent is { } parent && !ring._inRing; ring = parent)
        {
            ring._inRing = true;
            parent._turns.Enqueue(ring);
        }
    }

    /// <summary>The leaf whose turn it is; null when nothing may be done.</summary>
    public FlowQueue? Turn()
    {
        var ring = this;
        while (ring is not FlowQueue)
        {
            if (!ring._turns.TryPeek(out var next))
            {
                return null;
            }

            ring = next;
        }

        return (FlowQueue)ring;
    }

    /// <summary>Ends the turn of this leaf: it and each level above go to the end of their rings, or out when they have no work.</summary>
    /// <param name="stay">False to take the leaf out although it has work: it is blocked.</param>
    public void EndTurn(bool stay)
    {
        var ring = this;
        while (ring._parent is { } parent)
        {
            parent._turns.Dequeue();
            ring._inRing = stay && !ring.IsEmpty;
            if (ring._inRing)
            {
                parent._turns.Enqueue(ring);
            }

            stay = true;
            ring = parent;
        }
    }

    /// <summary>Drops a leaf that has no work, and levels that have no children left.</summary>
    public void Forget()
    {
        for (var ring = this; ring._parent is { } parent && ring._children.Count == 0 && !ring._inRing; ring = parent)
        {
            parent._children.Remove(ring.Key);
        }
    }
}
