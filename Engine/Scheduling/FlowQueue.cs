using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>The waiting recipients of one flow, first come first served within each engagement. A leaf of a <see cref="FlowRing"/>. Guarded by its destination's lock.</summary>
internal sealed class FlowQueue(Flow flow, string key) : FlowRing(key)
{
    private readonly Queue<ReadyItem>?[] _items = new Queue<ReadyItem>?[3];
    private int _next;

    public Flow Flow { get; } = flow;

    /// <summary>Equal flows that are other objects wait in it too.</summary>
    public bool IsShared { get; set; }

    /// <summary>Limits on this flow, whichever source it takes, narrow first.</summary>
    public Limit[] Limits { get; set; } = [];

    /// <summary>Versions they were found in; −1 for never.</summary>
    public long LimitVersion { get; set; } = -1;

    /// <summary>What it waits with; made at the first refusal.</summary>
    public FlowWaiter? Waiter { get; set; }

    /// <summary>Out of the ring because it stands in the line of one of its limits.</summary>
    public bool IsBlocked { get; set; }

    public static string KeyOf(Flow flow) => $"{flow.SenderDomain}/{flow.Stream}/{flow.Pool}/{(int)flow.Engagement}";

    public override bool IsEmpty => Count == 0;

    public int Count { get; private set; }

    public bool Has(Engagement engagement) => _items[(int)engagement] is { Count: > 0 };

    /// <summary>The engagement whose turn it is: each that has recipients in turn.</summary>
    public Engagement Next
    {
        get
        {
            while (_items[_next] is not { Count: > 0 })
            {
                _next = (_next + 1) % _items.Length;
            }

            return (Engagement)_next;
        }
    }

    public void Add(ReadyItem item)
    {
        (_items[(int)item.Engagement] ??= new Queue<ReadyItem>()).Enqueue(item);
        Count++;
    }

    /// <summary>Takes out what matches; the rest keeps its order.</summary>
    /// <returns>How many.</returns>
    public int Remove(Predicate<ReadyItem> which, List<ReadyItem> items)
    {
        var before = Count;
        foreach (var waiting in _items)
        {
            for (var left = waiting?.Count ?? 0; left > 0; left--)
            {
                var item = waiting!.Dequeue();
                if (which(item))
                {
                    items.Add(item);
                    Count--;
                }
                else
                {
                    waiting.Enqueue(item);
                }
            }
        }

        return before - Count;
    }

    public ReadyItem Peek(Engagement engagement) => _items[(int)engagement]!.Peek();

    public ReadyItem Take(Engagement engagement)
    {
        Count--;
        _next = ((int)engagement + 1) % _items.Length;
        return _items[(int)engagement]!.Dequeue();
    }
}
