using Engine.Queue;

namespace Engine.Tests.Failures.Crash;

/// <summary>Holds an open queue against what was promised.</summary>
internal static class QueueCheck
{
    /// <summary>Everything there must be is there and reads as it was written; nothing else is.</summary>
    /// <param name="queue">Nobody uses it meanwhile.</param>
    /// <param name="expected">Every message there ever was.</param>
    /// <param name="damagedFile">A file that was damaged: messages whose octets stand there may be unreadable, and must say so.</param>
    /// <param name="most">So many of them.</param>
    /// <returns>Messages that cannot be read.</returns>
    /// <exception cref="CrashLabException">A promise was broken.</exception>
    public static int Run(MailQueue queue, IReadOnlyCollection<ExpectedMessage> expected, LabFile? damagedFile = null, int most = 0)
    {
        var (queued, damaged) = (0, 0);
        foreach (var message in expected)
        {
            var found = FoundMessage.In(queue, message);
            queued += found.Recipients.Count(static recipient => recipient is not null);
            if (message.Differs(found) is { } reason)
            {
                throw new CrashLabException(reason);
            }

            if (found.Damage is { } damage)
            {
                damaged++;
                if (damagedFile is not { } file || !damage.Contains(file.Path, StringComparison.Ordinal) || damaged > most)
                {
                    throw new CrashLabException($"message {message.Letter.Id} cannot be read: {damage}");
                }
            }
        }

        return queue.Counts.Queued == queued
            ? damaged
            : throw new CrashLabException($"{queue.Counts.Queued} recipients are queued, {queued} of them were submitted");
    }

    /// <summary>From now on each message can only be what it is in the queue.</summary>
    public static void Pin(MailQueue queue, LabLedger ledger)
    {
        foreach (var message in ledger.Now)
        {
            if (!message.IsGone)
            {
                ledger.Note(message.Letter.Id, old => old.Exactly(FoundMessage.In(queue, old)));
            }
        }
    }
}
