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
    public async Task A_disk_that_comes_back_is_taken_up_again_in_the_process([Values] bool ofSegment, CancellationToken stop)
    {
        using var folder = new QueueFolder { ReopenAttempts = 1_000_000 };
        var disk = folder.Disk;
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        MessageId[] kept;
        await using (var queue = await folder.OpenOnDiskAsync())
        {
            queue.Failed += _ => failed.SetResult();
            var first = queue.Ids.Next();
            await queue.AcceptAsync(Letters.Message(first, "a@one.example", "b@one.example"), stop);
            var (inFlight, ready) = (await queue.Due.ReadAsync(stop), await queue.Due.ReadAsync(stop));
            Assert.That(queue.TryBegin(inFlight), Is.True);

            var fault = new IOException("Input/output error");
            (disk.SegmentFault, disk.MarkFault) = ofSegment ? (fault, (IOException?)null) : (null, fault);
            var refused = queue.Ids.Next();
            await Assert.ThrowsAsync<IntakeRefusedException>(() => queue.AcceptAsync(Letters.Message(refused, "c@one.example"), stop).AsTask());
            Assert.That(queue.Refusal, Does.Contain("Input/output error"));
            Assert.That(queue.TryBegin(ready), Is.False, "no new transaction");
            var settled = queue.SettleAsync(inFlight, EndKind.Delivered, 250).AsTask();
            Assert.That(settled.IsCompleted, Is.False, "its end waits");

            (disk.SegmentFault, disk.MarkFault) = (null, null);
            Assert.That(await settled, Is.True);
            Assert.That((queue.Refusal, failed.Task.IsCompleted), Is.EqualTo(((string?)null, false)));
            var last = queue.Ids.Next();
            await queue.AcceptAsync(Letters.Message(last, "d@one.example"), stop);
            kept = [first, last];
            folder.Clock.Advance(TimeSpan.FromSeconds(5));
            int[] due = [await queue.Due.ReadAsync(stop), await queue.Due.ReadAsync(stop)];
            Assert.That(due.Where(queue.TryBegin).Select(slot => queue.Look(slot).Id), Is.EquivalentTo(kept), "what was not begun comes again");
            Assert.That(queue.Operators.SlotsOf(refused), Is.Empty);
        }

        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Queued, Is.EqualTo(2));
        Assert.That(kept.Select(id => again.Operators.SlotsOf(id).Count), Is.All.EqualTo(1));
    }

    [Test]
    public async Task On_a_full_disk_the_reserve_keeps_what_is_sent_settled(CancellationToken stop)
    {
        using var mount = SmallDisk.TryMount(megabytes: 24);
        if (mount is null)
        {
            Assert.Ignore("a tmpfs cannot be mounted here: root is needed");
        }

        var settings = new QueueSettings(mount.Path, 1, Engine.Configuration.Durability.Disk, Engine.Configuration.ByteSize.MiB(16), Engine.Configuration.ByteSize.MiB(1))
        {
            Layout = QueueFolder.Small,
            Reserve = 2 << 20,
        };
        var clock = new ManualClock(Letters.Noon);
        await using var queue = await MailQueue.OpenAsync(settings, clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, stop);
        for (var message = 0; message < 100; message++)
        {
            await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        }

        var reserve = Path.Join(settings.ShardDirectory, "reserve");
        Assert.That(SmallDisk.Taken(reserve), Is.GreaterThanOrEqualTo(2 << 20), "it is really allocated");
        var written = File.GetLastWriteTimeUtc(reserve);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That((queue.Refusal, File.GetLastWriteTimeUtc(reserve), new FileInfo(reserve).Length), Is.EqualTo(((string?)null, written, 2L << 20)), "it is made once");
        mount.Fill();
        var settled = new List<Task<bool>>();
        while (queue.Due.TryRead(out var slot))
        {
            Assert.That(queue.TryBegin(slot), Is.True);
            settled.Add(queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask());
        }

        clock.Advance(GroupCommit.SettleDelay);
        Assert.That(await Task.WhenAll(settled), Is.All.True);
        Assert.That(File.Exists(reserve), Is.False, "it was needed");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(queue.Refusal, Does.Contain("full"));
        mount.Empty();
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(queue.Refusal, Is.Null);
        Assert.That(File.Exists(reserve), Is.True, "it is there again");
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "c@one.example"), stop);
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
