using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>
/// A level of fairness: its children take turns, one recipient each (deficit round robin with recipients as the unit: who took more in a
/// turn lets as many turns pass). Levels: class → account → campaign → sender domain and stream. A child without work, or blocked, is
/// out of the ring. Guarded by its destination's lock.
/// </summary>
internal class FlowRing(string key)
{
    private Dictionary<string, FlowRing>? _children;
    private FlowRing? _parent;
    private FlowRing? _first;
    private FlowRing? _before;
    private FlowRing? _behind;
    private int _debt;

    public string Key { get; } = key;

    public bool IsInRing => _behind is not null;

    /// <summary>No child has work it may do now.</summary>
    public virtual bool IsEmpty => _first is null;

    /// <summary>The child, made when absent. Every level above a leaf must be entered to take part: see <see cref="Enter"/>.</summary>
    public T Child<T>(string key, Func<string, Flow, T> make, Flow flow)
        where T : FlowRing
    {
        _children ??= [];
        if (!_children.TryGetValue(key, out var child))
        {
            child = make(key, flow);
            child._parent = this;
            _children.Add(key, child);
        }

        return (T)child;
    }

    /// <summary>Puts this and every level above into their rings.</summary>
    public void Enter()
    {
        for (var ring = this; ring._parent is { } parent && !ring.IsInRing; ring = parent)
        {
            parent.Append(ring);
        }
    }

    /// <summary>The leaf whose turn it is; null when nothing may be done.</summary>
    public FlowQueue? Turn()
    {
        var ring = this;
        while (ring is not FlowQueue)
        {
            if (ring._first is not { } next)
            {
                return null;
            }

            // Each step pays for one recipient that was taken before its turn; who is alone owes nobody.
            while (next._debt > 0 && next._behind != next)
            {
                next._debt--;
                ring._first = next._behind;
                next = ring._first!;
            }

            next._debt = 0;
            ring = next;
        }

        return (FlowQueue)ring;
    }

    /// <summary>The first leaf, in the order of turns, that fits; null for none. It looks at every leaf: for the few pulls that ask for more than the next.</summary>
    public FlowQueue? Find(Func<FlowQueue, bool> fits)
    {
        if (this is FlowQueue leaf)
        {
            return fits(leaf) ? leaf : null;
        }

        var child = _first;
        while (child is not null)
        {
            if (child.Find(fits) is { } found)
            {
                return found;
            }

            child = child._behind == _first ? null : child._behind;
        }

        return null;
    }

    /// <summary>Ends the turn of this leaf: it and each level above go to the end of their rings, or out when they have no work.</summary>
    /// <param name="taken">Recipients it took.</param>
    /// <param name="stay">False to take the leaf out although it has work: it is blocked.</param>
    public void EndTurn(int taken, bool stay)
    {
        var ring = this;
        while (ring._parent is { } parent)
        {
            if (ring.IsInRing)
            {
                parent.Remove(ring);
            }

            ring._debt += Math.Max(0, taken - 1);
            if (stay && !ring.IsEmpty)
            {
                parent.Append(ring);
            }

            stay = true;
            ring = parent;
        }
    }

    /// <summary>Takes the leaf out of the ring without a turn, and levels that have no work left.</summary>
    public void Leave()
    {
        for (var ring = this; ring._parent is { } parent && ring.IsInRing; ring = parent)
        {
            parent.Remove(ring);
            if (!parent.IsEmpty)
            {
                return;
            }
        }
    }

    /// <summary>Drops a leaf that has no work, and levels that have no children left.</summary>
    public void Forget()
    {
        for (var ring = this; ring._parent is { } parent && ring._children is not { Count: > 0 } && !ring.IsInRing; ring = parent)
        {
            parent._children!.Remove(ring.Key);
        }
    }

    private void Append(FlowRing child)
    {
        if (_first is not { } first)
        {
            (_first, child._before, child._behind) = (child, child, child);
            return;
        }

        var last = first._before!;
        (child._before, child._behind) = (last, first);
        (last._behind, first._before) = (child, child);
    }

    private void Remove(FlowRing child)
    {
        if (child._behind == child)
        {
            _first = null;
        }
        else
        {
            child._before!._behind = child._behind;
            child._behind!._before = child._before;
            _first = _first == child ? child._behind : _first;
        }

        (child._before, child._behind) = (null, null);
    }
}
