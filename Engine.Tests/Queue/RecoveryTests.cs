using Engine.Mail;
using Engine.Queue;

namespace Engine.Tests.Queue;

[CancelAfter(60_000)]
internal sealed class RecoveryTests
{
    [Test]
    public async Task Everything_is_as_it_was_after_a_crash(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var ids = new List<MessageId>();
        foreach (var name in new[] { "delivered", "deferred", "flying", "held", "released", "cancelled", "failed", "retried", "later" })
        {
            ids.Add(queue.Ids.Next());
            var envelope = Letters.Envelope(ids[^1], $"{name}@one.example", $"other@{name}.example") with
            {
                NotBefore = name == "later" ? Letters.Noon.AddHours(1) : default,
                GiveUp = Letters.Noon.AddDays(1),
            };
            await queue.AcceptAsync(Letters.Message(envelope), stop);
        }

        await ActAsync(queue, ids, stop);
        var before = Snapshot(queue, ids);
        using var crashed = folder.Crash();
        await using var again = await crashed.OpenAsync(folder.Clock);
        Assert.That(Snapshot(again, ids), Is.EqualTo(before));
        Assert.That(again.Counts.Queued, Is.EqualTo(queue.Counts.Queued));
        var ready = new List<int>();
        while (again.Due.TryRead(out var slot))
        {
            ready.Add(slot);
        }

        Assert.That(ready, Has.Count.EqualTo(again.Counts.Ready), "what was in flight or due is ready again");
        var views = await again.Operators.FindAsync(new RecipientSelector { Category = new Category("rate") }, stop).ToListAsync(stop);
        Assert.That(views.Select(static view => view.Last!.Value.Deferral.Text), Is.All.EqualTo("slow down"));
    }

    [Test]
    public async Task Recovering_twice_and_after_writing_over_a_torn_end_loses_nothing(CancellationToken stop)
    {
        var folder = new QueueFolder();
        var known = new List<MessageId>();
        var random = new Random(5);
        for (var round = 0; round < 12; round++)
        {
            QueueFolder crashed;
            await using (var queue = await folder.OpenAsync())
            {
                Assert.That(known.Where(id => queue.Operators.SlotsOf(id).Count != 1), Is.Empty, $"round {round}");
                for (var message = 0; message < 30; message++)
                {
                    known.Add(queue.Ids.Next());
                    await queue.AcceptAsync(Letters.Message(Letters.Envelope(known[^1], "a@one.example"), random.Next(1, 9_000)), stop);
                }

                crashed = folder.Crash();
            }

            // Octets that a crash left behind the last commit: garbage, or the beginning of a frame that was whole once.
            await using (var file = new FileStream(crashed.Segments.MaxBy(static name => int.Parse(name[(name.LastIndexOf('.') + 1)..]))!, FileMode.Open))
            {
                var tail = file.Length;
                var copy = new byte[Math.Min(3_000, tail)];
                file.Position = random.Next((int)(tail - copy.Length + 1));
                await file.ReadExactlyAsync(copy, stop);
                file.Position = tail;
                if (file.Length % QueueFolder.Small.SegmentSize != 0 && file.Length + copy.Length < QueueFolder.Small.SegmentSize)
                {
                    await file.WriteAsync(copy, stop);
                }
            }

            folder.Dispose();
            folder = crashed;
        }

        folder.Dispose();
    }

    [Test]
    public async Task A_frame_that_was_never_acknowledged_may_be_torn(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        byte[] marks;
        MessageId first;
        await using (var queue = await folder.OpenAsync())
        {
            first = queue.Ids.Next();
            await queue.AcceptAsync(Letters.Message(Letters.Envelope(first, "a@one.example"), 5_000), stop);
            marks = await File.ReadAllBytesAsync(folder.Marks, stop);
            await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "b@one.example"), 5_000), stop);
        }

        await File.WriteAllBytesAsync(folder.Marks, marks, stop);
        await using (var file = new FileStream(folder.Segments[0], FileMode.Open))
        {
            file.SetLength(7_000);
        }

        // And a file that was begun behind it.
        await File.WriteAllBytesAsync(Path.Join(folder.Path, "log.1"), Letters.Octets(3_000), stop);
        await using var again = await folder.OpenAsync();
        Assert.That(folder.Segments, Has.Length.EqualTo(1));
        Assert.That(new FileInfo(folder.Segments[0]).Length, Is.LessThan(7_000), "the torn frame is gone from the file");
        Assert.That(again.Counts.Queued, Is.EqualTo(1));
        Assert.That(again.Operators.SlotsOf(first), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Without_the_commit_marks_everything_whole_is_recovered(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await FillAsync(folder, 100, stop);
        File.Delete(folder.Marks);
        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Queued, Is.EqualTo(100));
    }

    [Test]
    public async Task With_zeroed_commit_marks_everything_whole_is_recovered(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await FillAsync(folder, 100, stop);
        await File.WriteAllBytesAsync(folder.Marks, new byte[new FileInfo(folder.Marks).Length], stop);
        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Queued, Is.EqualTo(100));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public async Task A_missing_segment_is_named_and_nothing_starts(int segment, CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await FillAsync(folder, 200, stop);
        Assert.That(folder.Segments, Has.Length.GreaterThan(segment));
        var lost = Path.Join(folder.Path, $"log.{segment}");
        File.Delete(lost);
        var damaged = await Assert.ThrowsAsync<QueueDamagedException>(() => folder.OpenAsync());
        Assert.That(damaged!.Message, Does.Contain(lost));
        Assert.That(File.Exists(lost), Is.False, "and nothing is made in its place");
    }

    [Test]
    public async Task With_all_segments_missing_nothing_starts_empty(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await FillAsync(folder, 5, stop);
        File.Delete(folder.Segments[0]);
        Assert.That((await Assert.ThrowsAsync<QueueDamagedException>(() => folder.OpenAsync()))!.Message, Does.Contain("log.0"));
    }

    [TestCase(1)]
    [TestCase(50_000)]
    [TestCase(150_000)]
    public async Task A_cut_end_of_the_log_is_named_and_nothing_starts(int octets, CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await FillAsync(folder, 30, stop);
        await using (var file = new FileStream(folder.Segments[0], FileMode.Open))
        {
            var written = await folder.TailAsync();
            file.SetLength(written - octets);
        }

        var damaged = await Assert.ThrowsAsync<QueueDamagedException>(() => folder.OpenAsync());
        Assert.That(damaged!.Message, Does.Contain(folder.Segments[0]).And.Contain("salvage"));
    }

    [Test]
    public async Task A_log_cut_between_two_frames_is_short_all_the_same(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        long whole;
        await using (var queue = await folder.OpenAsync())
        {
            await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
            whole = await folder.TailAsync();
            await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "b@one.example"), stop);
        }

        await using (var file = new FileStream(folder.Segments[0], FileMode.Open))
        {
            file.SetLength(whole);
        }

        var damaged = await Assert.ThrowsAsync<QueueDamagedException>(() => folder.OpenAsync());
        Assert.That(damaged!.Message, Does.Contain(folder.Segments[0]));
    }

    [Test]
    public async Task A_frame_taken_out_of_the_middle_is_missed(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var tails = new List<long>();
        await using (var queue = await folder.OpenAsync())
        {
            for (var message = 0; message < 4; message++)
            {
                await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "a@one.example"), 2_000), stop);
                tails.Add(await folder.TailAsync());
            }
        }

        var octets = await File.ReadAllBytesAsync(folder.Segments[0], stop);
        octets.AsSpan((int)tails[2]..(int)tails[3]).CopyTo(octets.AsSpan((int)tails[1]));
        await File.WriteAllBytesAsync(folder.Segments[0], octets, stop);
        var damaged = await Assert.ThrowsAsync<QueueDamagedException>(() => folder.OpenAsync());
        Assert.That(damaged!.Message, Does.Contain("stands where"));
    }

    [Test]
    public async Task A_zeroed_sector_anywhere_is_found(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await FillAsync(folder, 12, stop);
        var octets = await File.ReadAllBytesAsync(folder.Segments[0], stop);
        var tail = (int)await folder.TailAsync();
        for (var sector = 0; sector < tail; sector += 512)
        {
            var damaged = octets.ToArray();
            damaged.AsSpan(sector, Math.Min(512, tail - sector)).Clear();
            if (damaged.AsSpan().SequenceEqual(octets))
            {
                continue;
            }

            using var copy = folder.Crash();
            await File.WriteAllBytesAsync(copy.Segments[0], damaged, stop);
            await Assert.ThrowsAsync<QueueDamagedException>(() => copy.OpenAsync(), $"sector at {sector}");
        }
    }

    [Test]
    public async Task A_segment_in_the_place_of_another_is_found(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await FillAsync(folder, 200, stop);
        File.Copy(Path.Join(folder.Path, "log.0"), Path.Join(folder.Path, "log.1"), overwrite: true);
        Assert.That((await Assert.ThrowsAsync<QueueDamagedException>(() => folder.OpenAsync()))!.Message, Does.Contain("log.1"));
    }

    [TestCase(0)]
    [TestCase(1_024)]
    public async Task A_crash_in_the_first_write_of_all_is_none_of_a_lost_log(int octets, CancellationToken stop)
    {
        using var folder = new QueueFolder();
        byte[] marks;
        using (var fresh = new QueueFolder())
        {
            fresh.Disk.SegmentFault = new IOException("broken");
            await Assert.ThrowsAsync<IOException>(() => fresh.OpenOnDiskAsync());
            marks = await File.ReadAllBytesAsync(fresh.Marks, stop);
        }

        await File.WriteAllBytesAsync(folder.Marks, marks, stop);
        await File.WriteAllBytesAsync(Path.Join(folder.Path, "log.0"), new byte[octets], stop);
        await using var queue = await folder.OpenAsync();
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);
        Assert.That(queue.Counts.Queued, Is.EqualTo(1));
    }

    [Test]
    public async Task An_empty_log_begins_and_goes_on()
    {
        using var folder = new QueueFolder();
        for (var round = 0; round < 3; round++)
        {
            await using var queue = await folder.OpenAsync();
            Assert.That(queue.Counts.Queued, Is.Zero);
        }
    }

    private static async Task FillAsync(QueueFolder folder, int count, CancellationToken stop)
    {
        await using var queue = await folder.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
            queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "a@one.example"), 6_000), stop).AsTask()));
    }

    private static async Task ActAsync(MailQueue queue, List<MessageId> ids, CancellationToken stop)
    {
        var slots = ids.Select(id => queue.Operators.SlotsOf(id)[0]).ToArray();
        foreach (var slot in slots[..3].Append(slots[7]))
        {
            Assert.That(queue.TryBegin(slot), Is.True);
        }

        _ = queue.SettleAsync(slots[0], EndKind.Delivered, 250).AsTask();
        queue.Defer(slots[1], new Deferral(Letters.Noon.AddMinutes(7), new Category("rate"), 421, new EnhancedCode(4, 7, 28), "slow down", IsUncertain: true));
        queue.Defer(slots[7], new Deferral(Letters.Noon.AddMinutes(7), new Category("rate"), 421, default, "slow down", IsUncertain: false));
        (await queue.Operators.HoldAsync(Only(ids[3]), stop)).Dispose();
        (await queue.Operators.HoldAsync(Only(ids[4]), stop)).Dispose();
        (await queue.Operators.ReleaseAsync(Only(ids[4]), stop)).Dispose();
        (await queue.Operators.CancelAsync(Only(ids[5]) with { To = "cancelled@one.example" }, stop)).Dispose();
        (await queue.Operators.FailAsync(Only(ids[6]) with { Domain = "failed.example" }, stop)).Dispose();
        (await queue.Operators.RetryNowAsync(Only(ids[7]), stop)).Dispose();
    }

    private static RecipientSelector Only(MessageId id) => new() { Ids = [id] };

    // What survives: not whether it was in flight, nor who has its number.
    private static List<string> Snapshot(MailQueue queue, List<MessageId> ids) =>
        [.. ids.SelectMany(queue.Operators.SlotsOf).Select(queue.Look).Select(known => known with { Flow = 0, Domain = 0 })
            .Select(static known => known.State == RecipientState.InFlight ? known with { State = RecipientState.Ready } : known)
            .Select(static known => known.ToString())];
}
