using Engine.Mail;
using Engine.Queue.Frames;

namespace Engine.Queue;

/// <summary>Writes down what happens to queued mail, in the order in which it happens.</summary>
/// <param name="outbox">Takes the records.</param>
/// <param name="signal">Wakes the commit loop.</param>
/// <param name="commit">Commits them.</param>
internal sealed class Journal(Outbox outbox, CommitSignal signal, GroupCommit commit)
{
    /// <summary>Under the queue's lock: writes a record. It is stable within <see cref="GroupCommit.SettleDelay"/> and a commit.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="id">Its message.</param>
    /// <param name="waiter">Told when it is stable; null for nobody.</param>
    /// <param name="slot">The recipient whose detail it is; −1 for none.</param>
    /// <param name="state">For <paramref name="write"/>.</param>
    /// <param name="write">Writes the payload.</param>
    public void Post<TState>(FrameKind kind, MessageId id, CommitWaiter? waiter, int slot, TState state, Action<OctetWriter, TState> write)
    {
        if (outbox.Add(kind, id, waiter, slot, state, write))
        {
            signal.WakeIn(GroupCommit.SettleDelay);
        }
    }

    /// <summary>Lets what was posted wait for nothing.</summary>
    public void Hurry() => signal.Wake();

    /// <summary>Completes when everything posted before is stable.</summary>
    /// <exception cref="IntakeRefusedException">The disk has failed.</exception>
    public ValueTask FlushAsync(CancellationToken stop) => commit.FlushAsync(stop);
}
