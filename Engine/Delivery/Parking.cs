using Engine.Mail;
using Engine.Queue;

namespace Engine.Delivery;

/// <summary>
/// Recipients that are due but paused. Each sleeps in the queue until its time is over, so that it expires as it must; when the
/// pauses change, all are woken and judged again. Thread-safe.
/// </summary>
internal sealed class Parking(MailQueue queue)
{
    private readonly Lock _gate = new();
    private List<(int Slot, MessageId Id)> _parked = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _parked.Count;
            }
        }
    }

    public void Park(int slot, MessageId id, DateTimeOffset until)
    {
        lock (_gate)
        {
            _parked.Add((slot, id));
        }

        queue.PutBack(slot, until);
    }

    public void WakeAll()
    {
        List<(int Slot, MessageId Id)> woken;
        lock (_gate)
        {
            (woken, _parked) = (_parked, []);
        }

        foreach (var (slot, id) in woken)
        {
            if (queue.Look(slot) is { State: RecipientState.Waiting } recipient && recipient.Id == id)
            {
                queue.Wake(slot);
            }
        }
    }
}
