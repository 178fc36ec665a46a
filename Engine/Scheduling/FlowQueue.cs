using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>The waiting recipients of one flow, first come first served. A leaf of a <see cref="FlowRing"/>. Guarded by its destination's lock.</summary>
internal sealed class FlowQueue(Flow flow) : FlowRing(KeyOf(flow))
{
    private readonly Queue<ReadyItem> _items = new();

    public Flow Flow { get; } = flow;

    /// <summary>Limits on this flow alone, narrow first.</summary>
    public Limit[] Limits { get; set; } = [];

    /// <summary>Version of the limit tree they were found in.</summary>
    public int LimitVersion { get; set; } = -1;

    /// <summary>Out of the ring until then, because of a limit of its own; 0 when in it.</summary>
    public long BlockedUntil { get; set; }

    public static string KeyOf(Flow flow) => $"{flow.SenderDomain}/{flow.Stream}/{flow.Pool}/{(int)flow.Engagement}";

    public override bool IsEmpty => _items.Count == 0;

    public int Count => _items.Count;

    public void Add(ReadyItem item) => _items.Enqueue(item);

    public ReadyItem Peek() => _items.Peek();

    public ReadyItem Take() => _items.Dequeue();
}
