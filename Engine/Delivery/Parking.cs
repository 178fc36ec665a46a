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
    private int _epoch;

    /// <summary>Read before deciding to park: if everything was woken in between, the decision may be out of date.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

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

    /// <param name="slot">Ready; sleeps from now on.</param>
    /// <param name="id">Its message.</param>
    /// <param name="until">When it expires.</param>
    /// <param name="epoch">As read before the decision.</param>
    public void Park(int slot, MessageId id, DateTimeOffset until, int epoch)
    {
        queue.PutBack(slot, until);
        lock (_gate)
        {
            if (epoch == _epoch)
            {
                _parked.Add((slot, id));
                return;
            }
        }

        queue.Operators.Wake(slot);
    }

    public void WakeAll()
    {
        List<(int Slot, MessageId Id)> woken;
        lock (_gate)
        {
            (woken, _parked) = (_parked, []);
            _epoch++;
        }

        foreach (var (slot, id) in woken)
        {
            if (queue.Look(slot) is { State: RecipientState.Waiting } recipient && recipient.Id == id)
            {
                queue.Operators.Wake(slot);
            }
        }
    }
}
