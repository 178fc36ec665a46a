using System.Buffers;
using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Queue.Spool;

/// <summary>A small spool with everything that can stand in one: several files, large mail, several heads, all kinds of records.</summary>
/// <param name="Living">Messages with recipients queued: what they are made of, by id.</param>
/// <param name="Ended">Messages that are over.</param>
/// <param name="InFirstFiles">Messages accepted before the second file began.</param>
/// <param name="Queued">Recipients queued.</param>
internal sealed record SampleSpool(Dictionary<MessageId, NewMessage> Living, HashSet<MessageId> Ended, HashSet<MessageId> InFirstFiles, int Queued)
{
    /// <summary>Fills the folder's queue and closes it.</summary>
    public static async Task<SampleSpool> FillAsync(QueueFolder folder, CancellationToken stop)
    {
        var sample = new SampleSpool([], [], [], 0);
        await using var queue = await folder.OpenAsync();
        for (var number = 0; number < 40; number++)
        {
            var id = queue.Ids.Next();
            var message = Make(id, number);
            await queue.AcceptAsync(message, stop);
            sample.Living.Add(id, message);
            if (folder.Segments.Length <= 1)
            {
                sample.InFirstFiles.Add(id);
            }

            await ActAsync(queue, id, number, sample, stop);
        }

        var rewritten = queue.RewriteHeadAsync(sample.Living.Keys.First(), 0, Letters.Head("Subject: rewritten", new DkimIdentity("sender.example", "s2"))).AsTask();
        var queued = (int)queue.Counts.Queued;

        // The clock stands still: what waits for company is committed at the end.
        await queue.DisposeAsync();
        Assert.That(await rewritten, Is.True);
        return sample with { Queued = queued };
    }

    /// <summary>Every tenth is large, every fifth has three heads.</summary>
    public static NewMessage Make(MessageId id, int number)
    {
        var envelope = Letters.Envelope(id, $"one{number}@one.example", $"zwei{number}@zwei.example", $"drei{number}@drei.example") with
        {
            Engagement = Engagement.High,
            Tags = ["tag one", "zwei"],
            Campaign = "autumn",
            EnvelopeId = "QQ314159",
            Return = ReturnContent.Headers,
            GiveUp = Letters.Noon.AddDays(2),
            HeaderFrom = DomainName.Parse("sender.example"),
            HeaderMessageId = $"{number}@sender.example",
            Client = "192.0.2.7",
            Credential = "acme/app",
        };
        if (number % 5 == 0)
        {
            envelope = envelope with { Recipients = [.. envelope.Recipients.Select(static (one, index) => one with { Head = (ushort)index, Notify = Notify.Failure | Notify.Delay, OriginalRecipient = "rfc822;a+2Bb@one.example" })] };
        }

        var heads = Enumerable.Range(0, number % 5 == 0 ? 3 : 1).Select(head => Letters.Head($"Subject: {number} {head}", new DkimIdentity("sender.example", "s1")));
        return new NewMessage(envelope, [.. heads], new ReadOnlySequence<byte>(Letters.Octets(number % 10 == 3 ? 90_000 : 3_000 + (number * 100), number)));
    }

    // Of every eight: one is delivered whole, one in part, one deferred, one cancelled; the first of all is held in part.
    private static async Task ActAsync(MailQueue queue, MessageId id, int number, SampleSpool sample, CancellationToken stop)
    {
        var slots = queue.Operators.SlotsOf(id);
        switch (number % 8)
        {
            case 1:
                Settle(queue, slots);
                End(id, sample);
                break;
            case 2:
                Settle(queue, slots.Skip(1));
                break;
            case 3:
                Read(queue, slots[0]);
                queue.Defer(slots[0], new Deferral(Letters.Noon.AddHours(2), new Category("greylisted"), 451, new EnhancedCode(4, 7, 1), "come back später", false));
                break;
            case 4:
                (await queue.Operators.CancelAsync(RecipientSelector.All with { Ids = [id] }, stop)).Dispose();
                End(id, sample);
                break;
            case 5 when number == 5:
                (await queue.Operators.HoldAsync(RecipientSelector.All with { Ids = [id], To = "one5@one.example" }, stop)).Dispose();
                break;
            default:
                break;
        }
    }

    private static void End(MessageId id, SampleSpool sample)
    {
        sample.Living.Remove(id);
        sample.Ended.Add(id);
    }

    private static void Settle(MailQueue queue, IEnumerable<int> slots)
    {
        foreach (var slot in slots)
        {
            Read(queue, slot);
            Assert.That(queue.Settle(slot, EndKind.Delivered, 250), Is.True);
        }
    }

    private static void Read(MailQueue queue, int slot)
    {
        while (queue.Due.TryRead(out var due) && due != slot)
        {
            queue.PutBack(due, Letters.Noon.AddMinutes(1));
        }

        queue.TryBegin(slot);
    }
}
