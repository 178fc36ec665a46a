using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Engine.Mail;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Takes messages in: append, wait for the commit. A notice known already is not taken twice.</summary>
internal sealed class Acceptance(
    Lock gate, QueueIndex index, RecentIds recent, GroupCommit commit, MessageWriter writer, Pool<CommitWaiter> waiters)
{
    private readonly HashSet<ulong> _accepting = [];

    /// <summary>See <see cref="MailQueue.BeginContent"/>.</summary>
    public IncomingContent Begin(MessageId id, Func<string?> refusal) => new(id, writer, refusal);

    /// <summary>See <see cref="MailQueue.AcceptAsync"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Awaited once.")]
    public async ValueTask AcceptAsync(NewMessage message, CancellationToken stop)
    {
        Check(message);
        while (!TryEnter(message.Envelope, out var isKnown))
        {
            if (isKnown)
            {
                return;
            }

            await commit.WaitForRoomAsync(always: true, stop);
        }

        var waiter = CommitWaiter.Take(waiters);
        var appended = false;
        var accepted = false;
        try
        {
            await writer.AppendAsync(waiter, message, stop);
            appended = true;
            await waiter.Done;
            accepted = true;
        }
        finally
        {
            Leave(message.Envelope, accepted);
            if (!appended)
            {
                waiter.Return();
            }
        }
    }

    // What recovery would stumble over must not get into the log.
    private static void Check(NewMessage message)
    {
        var recipients = message.Envelope.Recipients;
        if (recipients.Count is 0 or > ushort.MaxValue || message.Heads.Count is 0 or > ushort.MaxValue)
        {
            throw new ArgumentException("A message has from 1 to 65 535 recipients and as many heads.", nameof(message));
        }

        for (var index = 0; index < recipients.Count; index++)
        {
            if (recipients[index].Head >= message.Heads.Count || recipients[index].Address.IsNull)
            {
                throw new ArgumentException($"Recipient {index} has no address or names a head that is none.", nameof(message));
            }
        }
    }

    // Notices come again after a crash; two at once must not both be taken.
    private bool TryEnter(Envelope envelope, out bool isKnown)
    {
        lock (gate)
        {
            isKnown = index.Knows(envelope.Id) || recent.Contains(envelope.Id);
            return !isKnown && (!envelope.IsNotice || _accepting.Add(envelope.Id.Value));
        }
    }

    private void Leave(Envelope envelope, bool accepted)
    {
        if (!envelope.IsNotice)
        {
            return;
        }

        lock (gate)
        {
            _accepting.Remove(envelope.Id.Value);
            if (accepted)
            {
                recent.Add(envelope.Id);
            }
        }
    }
}
