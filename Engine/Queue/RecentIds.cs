using Engine.Mail;

namespace Engine.Queue;

/// <summary>Ids of the last notices taken, ended or not: a cause that repeats after a crash makes no second notice. Under the queue's lock.</summary>
internal sealed class RecentIds
{
    private const int Kept = 1 << 16;

    private readonly Queue<ulong> _order = new();
    private readonly HashSet<ulong> _known = [];

    /// <summary>Oldest first.</summary>
    public MessageId[] All => [.. _order.Select(static id => new MessageId(id))];

    public bool Contains(MessageId id) => _known.Contains(id.Value);

    public void Add(MessageId id)
    {
        if (_known.Add(id.Value))
        {
            _order.Enqueue(id.Value);
            if (_order.Count > Kept)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }

    /// <summary>Forgets an id that was not taken after all.</summary>
    public void Remove(MessageId id) => _known.Remove(id.Value);
}
