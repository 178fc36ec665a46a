using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Queue;

[CancelAfter(30_000)]
internal sealed class FaultTests
{
    [TestCase(true, TestName = "A_failed_write_of_the_log_stops_everything")]
    [TestCase(false, TestName = "A_failed_write_of_the_mark_stops_everything")]
    public async Task A_failed_commit(bool ofSegment, CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var disk = folder.Disk;
        var queue = await folder.OpenOnDiskAsync();
        var told = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Failed += told.SetResult;
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        Assert.That(queue.Refusal, Is.Null);

        var fault = new IOException("No space left on device");
        (disk.SegmentFault, disk.MarkFault) = ofSegment ? (fault, (IOException?)null) : (null, fault);
        var refused = await Assert.ThrowsAsync<IntakeRefusedException>(() => queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "b@one.example"), stop).AsTask());
        Assert.That(refused!.Message, Does.Contain("No space left"));
        Assert.That((await told.Task).Message, Does.Contain("No space left"));
        Assert.That(queue.Refusal, Does.Contain("No space left"));
        Assert.That(queue.Counts.Queued, Is.EqualTo(1));
        Assert.That(queue.TryBegin(slot), Is.False, "no new transaction: its end could not be kept");
        await Assert.ThrowsAsync<IntakeRefusedException>(() => queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "c@one.example"), stop).AsTask());
        await Assert.ThrowsAsync<IntakeRefusedException>(() => queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask());
        await queue.DisposeAsync();

        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Ready, Is.GreaterThanOrEqualTo(1), "what was acknowledged is there");
    }

    [Test]
    public async Task What_arrives_during_a_commit_is_not_acknowledged_by_it(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var disk = folder.Disk;
        await using var queue = await folder.OpenOnDiskAsync();
        disk.Open.Reset();
        var first = queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop).AsTask();
        await disk.Waiting.Task;
        var second = queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "b@one.example"), stop).AsTask();
        (disk.Spared, disk.SegmentFault) = (1, new IOException("broken"));
        disk.Open.Set();
        await first;
        await Assert.ThrowsAsync<IntakeRefusedException>(() => second);
        Assert.That(queue.Counts.Queued, Is.EqualTo(1));
    }

    [Test]
    public async Task A_settlement_that_cannot_be_stored_is_told(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var disk = folder.Disk;
        await using var queue = await folder.OpenOnDiskAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        var slot = await queue.Due.ReadAsync(stop);
        queue.TryBegin(slot);
        disk.SegmentFault = new IOException("broken");
        var settled = queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask();
        folder.Clock.Advance(GroupCommit.SettleDelay);
        await Assert.ThrowsAsync<IntakeRefusedException>(() => settled);
    }

    [Test]
    public async Task A_message_that_recovery_would_stumble_over_is_not_taken(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var good = Letters.Message(queue.Ids.Next(), "a@one.example");
        foreach (var bad in new[]
        {
            good with { Heads = [] },
            good with { Envelope = good.Envelope with { Recipients = [] } },
            good with { Envelope = good.Envelope with { Recipients = [good.Envelope.Recipients[0] with { Head = 1 }] } },
            good with { Envelope = good.Envelope with { Recipients = [new Recipient(default)] } },
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => queue.AcceptAsync(bad, stop).AsTask());
        }

        await queue.AcceptAsync(good, stop);
    }

    [Test]
    public async Task Accepts_wait_while_more_than_half_of_the_memory_is_uncommitted(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var disk = folder.Disk;
        await using var queue = await folder.OpenOnDiskAsync();
        disk.Open.Reset();
        var accepts = Enumerable.Range(0, 400).Select(_ => queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "a@one.example"), 10_000), stop).AsTask()).ToArray();
        Assert.That(accepts.Any(static accept => accept.IsCompleted), Is.False);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var late = queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "late@one.example"), giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => late, "it waited for room and heard the token");
        disk.Open.Set();
        await Task.WhenAll(accepts);
        Assert.That(queue.Counts.Ready, Is.EqualTo(400));
    }

    [Test]
    public async Task A_disk_that_is_nearly_full_refuses_mail_and_lets_delivery_go_on(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var disk = folder.Disk;
        await using var queue = await folder.OpenOnDiskAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        disk.FreeOctets = 1_000;
        Assert.That(queue.Refusal, Is.Null, "asked once a second");
        folder.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(queue.Refusal, Does.Contain("nearly full"));
        var asked = disk.Asked;
        await Assert.ThrowsAsync<IntakeRefusedException>(() => queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "b@one.example"), stop).AsTask());
        Assert.That(disk.Asked, Is.EqualTo(asked));
        var slot = await queue.Due.ReadAsync(stop);
        Assert.That(queue.TryBegin(slot), Is.True);
        var settled = queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask();
        folder.Clock.Advance(GroupCommit.SettleDelay);
        Assert.That(await settled, Is.True);

        disk.FreeOctets = 1L << 40;
        folder.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(queue.Refusal, Is.Null);
    }

    [Test]
    public async Task A_closed_queue_takes_nothing(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var queue = await folder.OpenAsync();
        await queue.DisposeAsync();
        Assert.That(queue.Refusal, Does.Contain("closed"));
        await Assert.ThrowsAsync<IntakeRefusedException>(() => queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop).AsTask());
    }

    [Test]
    public async Task A_second_process_cannot_open_the_same_queue()
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await Assert.ThrowsAsync<IOException>(() => folder.OpenAsync());
    }

    [Test]
    public async Task A_message_damaged_on_the_disk_is_not_sent(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "a@one.example"), 5_000), stop);
        var slot = await queue.Due.ReadAsync(stop);
        queue.TryBegin(slot);
        await using (var file = new FileStream(folder.Segments[0], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 3_000;
            var octet = file.ReadByte();
            file.Position = 3_000;
            file.WriteByte((byte)(octet ^ 1));
        }

        var damaged = await Assert.ThrowsAsync<QueueDamagedException>(() => queue.ReadAsync(slot, stop).AsTask());
        Assert.That(damaged!.Message, Does.Contain(folder.Segments[0]));
    }
}
