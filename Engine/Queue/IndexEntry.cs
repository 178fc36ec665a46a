using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Takes into the index what the commit loop has stored: accepted messages, and where records stand. Called by its thread.</summary>
/// <param name="index">Used under <paramref name="gate"/>.</param>
/// <param name="gate">The queue's lock.</param>
/// <param name="pump">Sends out what is due.</param>
/// <param name="marks">Orders for many.</param>
internal sealed class IndexEntry(QueueIndex index, Lock gate, DuePump pump, BulkMarks marks)
{
    /// <summary>Every frame of generation 0 before it is in the index. Under the lock.</summary>
    public LogPosition Taken { get; set; }

    /// <summary>A commit has covered them.</summary>
    /// <param name="waiters">Accepts, and others.</param>
    /// <param name="committed">Where the commit ended.</param>
    public void Enter(List<CommitWaiter> waiters, LogPosition committed)
    {
        lock (gate)
        {
            var now = pump.Now;
            foreach (var waiter in waiters)
            {
                if (waiter.Message is { } message)
                {
                    Enter(waiter.Place, message, now);
                }
            }

            Taken = committed;
            marks.SetStable(committed.From);
            pump.Arm();
        }
    }

    /// <summary>A record was appended: a deferral's or a new head's place is remembered.</summary>
    public void Place(in Outbox.Entry record, Outbox.Batch batch, long address, int frameLength)
    {
        if (record.Slot >= 0)
        {
            lock (gate)
            {
                index.SetDetail(record.Slot, record.Id, address);
            }
        }
        else if (record.Kind == FrameKind.Mark)
        {
            lock (gate)
            {
                marks.SetAddress(address);
            }
        }
        else if (record.Kind == FrameKind.Head)
        {
            var number = Records.ReadHead(batch.Octets.Written.Slice(record.Start, record.Length)).Number;
            lock (gate)
            {
                SetHead(record.Id, new HeadPlace(number, address, frameLength));
            }
        }
    }

    /// <summary>What was appended and not committed is lost and will be appended again.</summary>
    public void Lose()
    {
        lock (gate)
        {
            marks.ForgetAddresses();
        }
    }

    private void SetHead(MessageId id, HeadPlace place)
    {
        if (index.Knows(id))
        {
            index.Messages.Heads.Set(id.Value, place);
        }
    }

    private void Enter(in MessagePlace place, NewMessage message, uint now)
    {
        var first = index.Insert(place, message.Envelope);
        for (var slot = first; slot < first + message.Envelope.Recipients.Count; slot++)
        {
            marks.Forget(slot);
            if (index.Start(slot, now))
            {
                pump.Send(slot);
            }
        }
    }
}
