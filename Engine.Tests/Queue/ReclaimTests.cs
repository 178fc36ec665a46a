using Engine.Queue;

namespace Engine.Tests.Queue;

[CancelAfter(60_000)]
internal sealed class ReclaimTests
{
    [Test]
    public async Task Files_vanish_when_nothing_in_them_lives(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using (var queue = await folder.OpenAsync())
        {
            await FillAsync(queue, 200, stop);
            Assert.That(folder.Segments, Has.Length.GreaterThanOrEqualTo(5));
            await folder.SettleAllAsync(queue, stop);
            await queue.CompactAsync(stop);
            await folder.WhenAsync(() => folder.Segments.Length <= 2, stop);
        }

        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Queued, Is.Zero);
        await again.AcceptAsync(Letters.Message(again.Ids.Next(), "b@one.example"), stop);
        Assert.That(again.Counts.Queued, Is.EqualTo(1));
    }

    [Test]
    public async Task Disk_is_given_back_by_itself_and_after_a_restart_too(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        for (var round = 0; round < 4; round++)
        {
            await using var queue = await folder.OpenAsync();
            var first = folder.Segments[^1];
            for (var snapshots = 0; snapshots < 3; snapshots++)
            {
                // Each is made by what is appended.
                await FillAsync(queue, 200, stop);
                await folder.SettleAllAsync(queue, stop);
            }

            await folder.WhenAsync(() => !File.Exists(first), stop);
        }
    }

    [Test]
    public async Task An_idle_queue_gives_its_disk_back_within_minutes(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await FillAsync(queue, 50, stop);
        await folder.SettleAllAsync(queue, stop);
        while (File.Exists(Path.Join(folder.Path, "log.0")))
        {
            stop.ThrowIfCancellationRequested();
            folder.Clock.Advance(Upkeep.SnapshotAge);
            await Task.Yield();
        }
    }

    [Test]
    public async Task A_large_message_keeps_its_parts_and_no_more(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "small@one.example"), 100), stop);

        // Its envelope alone does not fit one frame.
        var addresses = Enumerable.Range(0, 400).Select(static number => $"large{number}@one.example").ToArray();
        await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), addresses), 1 << 20), stop);
        await SettleAsync(queue, folder, [await BeginAsync(queue, stop)]);
        var large = await BeginAsync(queue, stop);
        using (var stored = await queue.ReadAsync(large, stop))
        {
            Assert.That(stored.Content.Length, Is.EqualTo(1 << 20));
        }

        await SettleAsync(queue, folder, [large]);
        await folder.SettleAllAsync(queue, stop);
        await queue.CompactAsync(stop);
        await VanishedAsync(folder, 3, stop);
        await queue.DisposeAsync();
        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Queued, Is.Zero, "the frame may be left without its parts");
    }

    [Test]
    public async Task Nothing_vanishes_while_an_operator_reads_what_he_cancelled(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await FillAsync(queue, 100, stop);
        using (var cancelled = await queue.Operators.CancelAsync(RecipientSelector.All, stop))
        {
            Assert.That(cancelled.Recipients.Select(affected => cancelled.EnvelopeOf(affected).Recipients[0].Address.ToString()),
                Is.EqualTo(Enumerable.Range(0, 100).Select(static message => $"r{message}@one.example")));
            await queue.CompactAsync(stop);
            Assert.That(File.Exists(Path.Join(folder.Path, "log.0")), Is.True);
        }

        await queue.CompactAsync(stop);
        await VanishedAsync(folder, 0, stop);
    }

    private static async Task FillAsync(MailQueue queue, int count, CancellationToken stop)
    {
        for (var message = 0; message < count; message++)
        {
            await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), $"r{message}@one.example"), 6_000), stop);
        }
    }

    private static async Task<int> BeginAsync(MailQueue queue, CancellationToken stop)
    {
        var slot = await queue.Due.ReadAsync(stop);
        Assert.That(queue.TryBegin(slot), Is.True);
        return slot;
    }

    private static async Task SettleAsync(MailQueue queue, QueueFolder folder, IReadOnlyList<int> slots)
    {
        var settled = slots.Select(slot => queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask()).ToArray();
        folder.Clock.Advance(GroupCommit.SettleDelay);
        Assert.That(await Task.WhenAll(settled), Is.All.True);
    }

    private static Task VanishedAsync(QueueFolder folder, int segment, CancellationToken stop) =>
        folder.WhenAsync(() => !File.Exists(Path.Join(folder.Path, $"log.{segment}")), stop);
}
