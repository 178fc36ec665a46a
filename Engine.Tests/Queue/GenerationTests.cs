using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Queue;

/// <summary>What lives long leaves the segments of what lives briefly.</summary>
[CancelAfter(60_000)]
internal sealed class GenerationTests
{
    private static readonly Deferral Later = new(Letters.Noon.AddHours(1), new Category("rate"), 451, default, "slow down", false);

    [Test]
    public async Task A_straggler_is_copied_and_read_from_there_after_a_restart_too(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        MessageId id;
        await using (var queue = await folder.OpenAsync())
        {
            id = await StragglerAsync(queue, folder, 4_321, stop);
            await queue.CompactAsync(stop);
            Assert.That(File.Exists(Path.Join(folder.Path, "log.0")), Is.False);
            Check(queue, id, 4_321);
            Assert.That(queue.Operators.SlotsOf(id).Select(slot => queue.Look(slot).Attempts), Is.EqualTo([1]));
        }

        await using var again = await folder.OpenAsync();
        Check(again, id, 4_321);
        Assert.That(again.Counts, Is.EqualTo(new QueueCounts(1, 0, 1, 0, 0, 0)));
        folder.Clock.Advance(TimeSpan.FromHours(1));
        var slot = await again.Due.ReadAsync(stop);
        Assert.That(again.TryBegin(slot), Is.True);
        using (var message = await again.ReadAsync(slot, stop))
        {
            Assert.That(message.Id, Is.EqualTo(id));
        }

        var settled = again.SettleAsync(slot, EndKind.Delivered, 250).AsTask();
        folder.Clock.Advance(GroupCommit.SettleDelay);
        Assert.That(await settled, Is.True);
        Assert.That(again.Counts.Queued, Is.Zero);
    }

    [Test]
    public async Task It_moves_on_to_the_last_generation_and_within_it([Values(700, 300_000)] int size, CancellationToken stop)
    {
        using var folder = new QueueFolder();
        MessageId id;
        await using (var queue = await folder.OpenAsync())
        {
            id = await StragglerAsync(queue, folder, size, stop);
            for (var round = 0; round < 6; round++)
            {
                // What waits when it is compacted and ends thereafter leaves the older generations mostly dead.
                await FillAsync(queue, 60, stop);
                await DeferAllAsync(queue, stop);
                await FillAsync(queue, 60, stop);
                await folder.SettleAllAsync(queue, stop);
                await queue.CompactAsync(stop);
                using (await queue.Operators.CancelAsync(new RecipientSelector { Domain = "many.example" }, stop))
                {
                }

                await queue.CompactAsync(stop);
                Check(queue, id, size);
            }

            Assert.That(folder.SegmentsOf(2), Is.Not.Empty);
            Assert.That(folder.Octets, Is.LessThan((2 * size) + (8 << 18)));
        }

        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Queued, Is.EqualTo(1));
        Check(again, id, size);
    }

    [Test]
    public async Task A_rewritten_head_goes_along(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        MessageId id;
        await using (var queue = await folder.OpenAsync())
        {
            id = await StragglerAsync(queue, folder, 100_000, stop);
            var rewritten = queue.RewriteHeadAsync(id, 0, Letters.Head("Subject: anew", new DkimIdentity("sender.example", "next"))).AsTask();
            folder.Clock.Advance(GroupCommit.SettleDelay);
            Assert.That(await rewritten, Is.True);
            await queue.CompactAsync(stop);
            await queue.CompactAsync(stop);
            CheckHead(queue);
        }

        await using var again = await folder.OpenAsync();
        CheckHead(again);

        void CheckHead(MailQueue queue)
        {
            using var message = queue.Operators.Read(id);
            Assert.That(message!.Head(0).ToArray(), Is.EqualTo("Subject: anew\r\n\r\n"u8.ToArray()));
            Assert.That(message.HeadDetails(0).Signatures[0].Selector, Is.EqualTo("next"));
            Check(queue, id, 100_000);
        }
    }

    [Test]
    public async Task After_an_hour_of_mixed_mail_the_disk_holds_little_more_than_what_lives(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var random = new Random(1);
        for (var message = 0; message < 12_000; message++)
        {
            await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), $"r{message}@one.example"), random.Next(500, 8_000)), stop);
            folder.Clock.Advance(TimeSpan.FromMilliseconds(300));
            while (queue.Due.TryRead(out var slot))
            {
                Assert.That(queue.TryBegin(slot), Is.True);
                Attempt(queue, slot, folder.Clock.GetUtcNow(), random.Next(100));
            }
        }

        // One segment was 64 MiB: 256 MiB are four.
        long living;
        do
        {
            stop.ThrowIfCancellationRequested();
            folder.Clock.Advance(Upkeep.SnapshotAge);
            await Task.Yield();
            living = queue.Census.Bytes + (queue.Counts.Queued * 300);
        }
        while (folder.Octets > (living * 3 / 2) + (4 << QueueFolder.Small.SegmentBits));

        Assert.That(queue.Counts.Queued, Is.GreaterThan(100));
        await ReadAllAsync(queue);
    }

    // Most is delivered, some comes again within the half hour, some stays for days.
    private static void Attempt(MailQueue queue, int slot, DateTimeOffset now, int chance)
    {
        if (chance < 80 || (queue.Look(slot).Attempts > 0 && chance < 98))
        {
            queue.Settle(slot, EndKind.Delivered, 250);
        }
        else
        {
            queue.Defer(slot, Later with { Due = chance < 98 ? now.AddMinutes(chance - 70) : now.AddDays(3) });
        }
    }

    private static async Task ReadAllAsync(MailQueue queue)
    {
        await foreach (var view in queue.Operators.FindAsync(RecipientSelector.All, CancellationToken.None))
        {
            using var message = queue.Operators.Read(view.Recipient.Id);
            Assert.That(message!.Content.Length, Is.GreaterThanOrEqualTo(500));
        }
    }

    [Test]
    public async Task A_head_rewritten_after_the_move_keeps_its_file_until_it_is_copied_too(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        MessageId id;
        await using (var queue = await folder.OpenAsync())
        {
            id = await StragglerAsync(queue, folder, 4_321, stop);
            await queue.CompactAsync(stop);
            var rewritten = queue.RewriteHeadAsync(id, 0, Letters.Head("Subject: anew")).AsTask();
            folder.Clock.Advance(GroupCommit.SettleDelay);
            Assert.That(await rewritten, Is.True);
            var file = folder.Segments[^1];
            for (var round = 0; round < 2; round++)
            {
                await FillAsync(queue, 100, stop);
                await folder.SettleAllAsync(queue, stop);
                await queue.CompactAsync(stop);
                CheckHead(queue);
            }

            Assert.That(File.Exists(file), Is.False, "the head does not keep its file for ever");
        }

        await using var again = await folder.OpenAsync();
        CheckHead(again);

        void CheckHead(MailQueue queue)
        {
            using var message = queue.Operators.Read(id);
            Assert.That(message!.Head(0).ToArray(), Is.EqualTo("Subject: anew\r\n\r\n"u8.ToArray()));
            Check(queue, id, 4_321);
        }
    }

    // Deferred, and the rest of its segments dead.
    private static async Task<MessageId> StragglerAsync(MailQueue queue, QueueFolder folder, int size, CancellationToken stop)
    {
        var id = queue.Ids.Next();
        await queue.AcceptAsync(Letters.Message(Letters.Envelope(id, "straggler@one.example"), size), stop);
        await DeferAllAsync(queue, stop);
        await FillAsync(queue, 200, stop);
        await folder.SettleAllAsync(queue, stop);
        return id;
    }

    private static void Check(MailQueue queue, MessageId id, int size)
    {
        using var message = queue.Operators.Read(id);
        Assert.That(message!.AddressOf(0).ToArray(), Is.EqualTo("straggler@one.example"u8.ToArray()));
        Assert.That(message.Content.ToArray(), Is.EqualTo(Letters.Octets(size)));
    }

    private static async Task FillAsync(MailQueue queue, int count, CancellationToken stop)
    {
        for (var message = 0; message < count; message++)
        {
            await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), $"r{message}@many.example"), 6_000), stop);
        }
    }

    private static async Task DeferAllAsync(MailQueue queue, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        while (queue.Due.TryRead(out var slot))
        {
            Assert.That(queue.TryBegin(slot), Is.True);
            Assert.That(queue.Defer(slot, Later), Is.True);
        }

        await Task.CompletedTask;
    }
}
