using System.Buffers;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Logs;
using Engine.Queue.Spool;
using Engine.Queue.Transfer;

namespace Engine.Tests.Queue.Spool;

[CancelAfter(120_000)]
internal sealed class SpoolSalvageTests
{
    [Test]
    public async Task A_sound_spool_comes_out_whole_and_unchanged(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var sample = await SampleSpool.FillAsync(folder, stop);
        var before = Octets(folder);
        var (report, messages) = await SalvageAsync(folder, stop);
        Assert.That(report.Lost, Is.Empty);
        Assert.That(messages.Keys, Is.EquivalentTo(sample.Living.Keys));
        foreach (var (id, (message, content)) in messages)
        {
            AssertSame(sample.Living[id], message, content);
        }

        var first = messages[sample.Living.Keys.First()].Message;
        Assert.That(first.Heads[0].Octets.ToArray(), Is.EqualTo(Letters.Head("Subject: rewritten").Octets.ToArray()));
        Assert.That(first.Heads[0].Signatures, Is.EqualTo(new[] { new DkimIdentity("sender.example", "s2") }));
        var states = messages.Values.SelectMany(static one => one.Message.States).ToList();
        Assert.That(states, Has.Count.EqualTo(sample.Queued));
        Assert.That(states.Count(static state => state.IsHeld), Is.EqualTo(1));
        var deferred = states.First(static state => state.Attempts > 0);
        Assert.That(deferred.Due, Is.EqualTo(Letters.Noon.AddHours(2)));
        Assert.That(deferred.Last!.Value.Deferral.Text, Is.EqualTo("come back später"));
        Assert.That(Octets(folder).AsSpan().SequenceEqual(before), Is.True, "no file was changed");
    }

    [Test]
    public async Task Orders_for_many_and_snapshots_are_honoured(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using (var queue = await folder.OpenAsync())
        {
            for (var message = 0; message < 60; message++)
            {
                var envelope = Letters.Envelope(queue.Ids.Next(), $"r{message}@one.example") with { Campaign = message % 3 == 0 ? "gone" : "stays" };
                await queue.AcceptAsync(Letters.Message(envelope, 6_000), stop);
            }

            while (queue.Due.TryRead(out var slot))
            {
                var last = queue.Look(slot);
                Assert.That(queue.TryBegin(slot), Is.True);
                if (last.Id.Value % 2 == 0)
                {
                    queue.Defer(slot, new Deferral(Letters.Noon.AddHours(2), new Category("rate"), 451, default, "later", false));
                }
                else
                {
                    _ = queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask();
                }
            }

            // What is left lives in copies, and the records of what has ended are given up.
            await queue.CompactAsync(stop);
            await queue.CompactAsync(stop);
            using (await (await queue.Orders.GiveAsync(new BulkOrder(BulkAction.Cancel, new RecipientSelector { Campaign = "gone" }))).WaitAsync())
            {
            }

            using (await (await queue.Orders.GiveAsync(new BulkOrder(BulkAction.Hold, new RecipientSelector { Campaign = "stays" }))).WaitAsync())
            {
            }
        }

        await using var again = await folder.OpenAsync();
        var expected = again.Counts.Held;
        await again.DisposeAsync();
        var (_, messages) = await SalvageAsync(folder, stop);
        Assert.That(messages.Values.Select(static one => one.Message.Envelope.Campaign), Is.All.EqualTo("stays"));
        Assert.That(messages.Values.SelectMany(static one => one.Message.States).Select(static state => state.IsHeld), Is.All.True);
        Assert.That(messages, Has.Count.EqualTo(expected).And.Count.Positive);
    }

    [Test]
    public async Task One_flipped_bit_anywhere_is_told_and_costs_only_the_mail_it_hits([Range(1, 40)] int seed, CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var sample = await SampleSpool.FillAsync(folder, stop);
        var random = new Random(seed);
        var (path, offset) = Flip(folder, random);
        var padding = IsPadding(folder, path, offset);
        var (report, messages) = await SalvageAsync(folder, stop);
        var isTold = report.IsDamaged || report.Logs[^1].Torn.Count > 0 || report.Logs[^1].Marks.Contains(MarkState.Torn);
        Assert.That(isTold || padding, Is.True, $"{path} octet {offset}");
        var gone = sample.Living.Keys.Except(messages.Keys).ToList();
        Assert.That(gone, Has.Count.AtMost(1), "one bit hits one frame");
        Assert.That(gone, Is.SubsetOf(report.Lost.Select(static lost => lost.Id).Concat(Nameless(report, sample))));
        foreach (var (id, (message, content)) in messages.Where(pair => sample.Living.ContainsKey(pair.Key)))
        {
            AssertSame(sample.Living[id], message, content, exactRecipients: false);
        }

        // A lost settle frame may bring one message back; a lost message is no longer there.
        Assert.That(messages.Keys.Except(sample.Living.Keys).Count() + gone.Count, Is.AtMost(1));
    }

    [Test]
    public async Task A_damaged_body_is_lost_by_name_and_with_its_recipients(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var sample = await SampleSpool.FillAsync(folder, stop);
        var file = await File.ReadAllBytesAsync(folder.Segments[0], stop);
        var body = Letters.Octets(3_600, 6).AsSpan(100, 64).ToArray();
        file[file.AsSpan().IndexOf(body) + 10] ^= 64;
        await File.WriteAllBytesAsync(folder.Segments[0], file, stop);
        var (report, messages) = await SalvageAsync(folder, stop);
        var lost = report.Lost.Single();
        Assert.That(lost.Recipients, Is.EqualTo(new[] { "one6@one.example", "zwei6@zwei.example", "drei6@drei.example" }));
        Assert.That(sample.Living.Keys, Does.Contain(lost.Id));
        Assert.That(messages.Keys, Is.EquivalentTo(sample.Living.Keys.Where(id => id != lost.Id)));
    }

    [Test]
    public async Task A_damaged_part_loses_its_large_message_and_no_other(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var sample = await SampleSpool.FillAsync(folder, stop);
        var large = sample.Living.First(static pair => pair.Value.Content.Length == 90_000);
        var needle = large.Value.Content.ToArray().AsSpan(60_000, 64).ToArray();
        var path = folder.Segments.First(path => File.ReadAllBytes(path).AsSpan().IndexOf(needle) >= 0);
        var file = await File.ReadAllBytesAsync(path, stop);
        file[file.AsSpan().IndexOf(needle)] ^= 1;
        await File.WriteAllBytesAsync(path, file, stop);
        var (report, messages) = await SalvageAsync(folder, stop);
        Assert.That(report.Lost.Select(static lost => lost.Id), Is.EqualTo(new[] { large.Key }));
        Assert.That(report.OrphanParts, Is.Positive);
        Assert.That(messages.Keys, Is.EquivalentTo(sample.Living.Keys.Where(id => id != large.Key)));
    }

    [Test]
    public async Task What_is_salvaged_goes_into_a_fresh_queue(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var sample = await SampleSpool.FillAsync(folder, stop);
        File.Delete(folder.Marks);
        using var octets = new MemoryStream();
        await SalvageAsync(folder, octets, stop);
        using var fresh = new QueueFolder();
        await using var queue = await fresh.OpenAsync();
        octets.Position = 0;
        using var record = ImportRecord.Open(Path.Join(fresh.Path, "imports"), new string('0', 32), Letters.Noon);
        var result = await new QueueImport(queue, record, static _ => null, static _ => { }, fresh.Clock).RunAsync(new TransferReader(octets), false, stop);
        Assert.That(result.Messages, Is.EqualTo(sample.Living.Count));
        Assert.That(queue.Counts.Queued, Is.EqualTo(sample.Queued));
        Assert.That(queue.Counts.Held, Is.EqualTo(1));
    }

    // Ids of messages whose header is damaged are not known; their recipients are.
    private static IEnumerable<MessageId> Nameless(SpoolReport report, SampleSpool sample) =>
        from lost in report.Lost.Where(static lost => lost.Id == default)
        from pair in sample.Living
        where pair.Value.Envelope.Recipients[0].Address.ToString() == lost.Recipients[0]
        select pair.Key;

    private static (string Path, long Offset) Flip(QueueFolder folder, Random random)
    {
        string[] files = [.. folder.Segments, folder.Marks];
        var at = random.NextInt64(files.Sum(static path => new FileInfo(path).Length));
        foreach (var path in files)
        {
            var length = new FileInfo(path).Length;
            if (at < length)
            {
                using var file = new FileStream(path, FileMode.Open);
                file.Position = at;
                var octet = file.ReadByte();
                file.Position = at;
                file.WriteByte((byte)(octet ^ (1 << random.Next(8))));
                return (path, at);
            }

            at -= length;
        }

        throw new InvalidOperationException("no file was hit");
    }

    // Octets that hold nothing: before the first frame, behind the 60 octets of a mark, to the multiple of 4 behind a frame.
    private static bool IsPadding(QueueFolder folder, string path, long offset)
    {
        if (path == folder.Marks)
        {
            return offset % CommitMark.Distance >= 60;
        }

        var file = File.ReadAllBytes(path);
        for (var page = 0; page < file.Length; page += QueueFolder.Small.PageSize)
        {
            var at = page + (page == 0 && path.EndsWith("log.0", StringComparison.Ordinal) ? 64 : 0);
            var end = Math.Min(page + QueueFolder.Small.PageSize, file.Length);
            while (end - at > LogScan.EntryHeader && LogEntry.Read(file.AsSpan(at, end - at)) is { Length: > 0 } entry)
            {
                var padding = at + LogScan.EntryHeader + Engine.Queue.Frames.FrameHeader.Size + entry.Payload.Length;
                if (offset >= padding && offset < at + entry.Length)
                {
                    return true;
                }

                at += entry.Length;
            }
        }

        return offset < 64 && path.EndsWith("log.0", StringComparison.Ordinal);
    }

    private static void AssertSame(NewMessage expected, TransferredMessage found, byte[] content, bool exactRecipients = true)
    {
        Assert.That(content.AsSpan().SequenceEqual(expected.Content.ToArray()), Is.True);
        var (left, right) = (expected.Envelope, found.Envelope);
        Assert.That(right with { Recipients = left.Recipients, Tags = left.Tags }, Is.EqualTo(left));
        Assert.That(right.Tags, Is.EqualTo(left.Tags));
        for (var index = 0; index < found.States.Count; index++)
        {
            var (was, now) = (left.Recipients[found.States[index].Index], right.Recipients[index]);
            Assert.That(now with { Head = was.Head }, Is.EqualTo(was));
            if (exactRecipients && found.Heads[now.Head].Signatures[0].Selector == "s1")
            {
                Assert.That(found.Heads[now.Head].Octets.ToArray(), Is.EqualTo(expected.Heads[was.Head].Octets.ToArray()));
            }
        }
    }

    private static async Task<(SpoolReport Report, Dictionary<MessageId, (TransferredMessage Message, byte[] Content)> Messages)> SalvageAsync(QueueFolder folder, CancellationToken stop)
    {
        using var octets = new MemoryStream();
        var report = await SalvageAsync(folder, octets, stop);
        octets.Position = 0;
        var messages = new Dictionary<MessageId, (TransferredMessage, byte[])>();
        await foreach (var arrived in new TransferReader(octets).ReadAsync(stop))
        {
            using (arrived)
            {
                messages.Add(arrived.Message.Envelope.Id, (arrived.Message, arrived.Content.ToArray()));
            }
        }

        return (report, messages);
    }

    private static async Task<SpoolReport> SalvageAsync(QueueFolder folder, Stream target, CancellationToken stop)
    {
        using var files = SpoolFiles.Open(folder.Settings().Directory);
        var origin = TransferOrigin.Here(Guid.Empty, "old.example", Letters.Noon);
        var (report, manifest) = await SpoolSalvage.RunAsync(files, QueueFolder.Small, files.Memory(QueueFolder.Small), new TransferWriter(target, origin), stop);
        Assert.That(manifest.Recipients, Is.LessThanOrEqualTo(report.QueuedRecipients));
        return report;
    }

    private static byte[] Octets(QueueFolder folder) => [.. folder.Segments.Append(folder.Marks).SelectMany(static path => File.ReadAllBytes(path))];
}
