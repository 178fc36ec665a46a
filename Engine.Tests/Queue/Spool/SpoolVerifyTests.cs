using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Spool;

namespace Engine.Tests.Queue.Spool;

/// <summary>Verify over spools that the queue wrote.</summary>
[CancelAfter(60_000)]
internal sealed class SpoolVerifyTests
{
    [Test]
    public async Task A_sound_spool_is_counted_as_the_queue_counts(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var expected = await SampleSpool.FillAsync(folder, stop);
        var report = Read(folder);
        Assert.That(report.IsDamaged, Is.False);
        Assert.That(report.IsRunning, Is.False);
        Assert.That(report.Living, Is.EqualTo(expected.Living.Count));
        Assert.That(report.QueuedRecipients, Is.EqualTo(expected.Queued));
        Assert.That(report.HeldRecipients, Is.EqualTo(1));
        Assert.That(report.Lost, Is.Empty);
        var log = report.Logs[^1];
        Assert.That(log.Sequences, Has.Count.EqualTo(1));
        Assert.That(log.Sequences[0].From, Is.EqualTo(1));
        Assert.That(log.Sequences[0].Until, Is.EqualTo(log.Mark!.Value.Sequence));
        Assert.That(log.Frames, Is.EqualTo(log.Segments.Sum(static segment => segment.Frames)));
        Assert.That(log.Kinds.Keys, Is.SupersetOf(new[] { FrameKind.Message, FrameKind.Part, FrameKind.Settle, FrameKind.Defer, FrameKind.Incarnation }));
        Assert.That(log.Living, Is.Positive.And.LessThan(log.Octets));
        Assert.That(report.Oldest, Is.EqualTo(Letters.Noon).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task While_the_engine_runs_it_is_read_up_to_the_mark_and_nothing_is_disturbed(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        for (var round = 0; round < 30; round++)
        {
            await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "a@one.example"), 5_000), stop);
            var report = Read(folder);
            Assert.That(report.IsRunning, Is.True);
            Assert.That(report.IsDamaged, Is.False, string.Join("; ", report.Logs[^1].Damages));
            Assert.That(report.QueuedRecipients, Is.EqualTo(round + 1));
        }
    }

    [Test]
    public async Task A_missing_file_in_the_middle_is_named_with_what_is_lost(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await SampleSpool.FillAsync(folder, stop);
        File.Delete(folder.Segments[1]);
        var report = Read(folder);
        Assert.That(report.Logs[^1].MissingSegments, Is.EqualTo(new[] { 1 }));
        Assert.That(report.Logs[^1].Damages.Select(static damage => damage.ToString()), Has.Some.Contains("log.1 at octet 0").And.Some.Contains("the file is missing"));
        Assert.That(report.Logs[^1].Damages.Sum(static damage => damage.Missing), Is.EqualTo((long)(report.Logs[^1].Sequences[1].From - report.Logs[^1].Sequences[0].Until)));
    }

    [Test]
    public async Task Two_swapped_files_are_told_and_lose_no_mail(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var expected = await SampleSpool.FillAsync(folder, stop);
        File.Move(folder.Segments[0], folder.Segments[0] + ".kept");
        File.Move(Path.Join(folder.Path, "log.1"), Path.Join(folder.Path, "log.0"));
        File.Move(Path.Join(folder.Path, "log.0.kept"), Path.Join(folder.Path, "log.1"));
        var report = Read(folder);
        Assert.That(report.IsDamaged, Is.True);
        Assert.That(report.QueuedRecipients, Is.EqualTo(expected.Queued));
    }

    [Test]
    public async Task A_file_over_another_does_not_bring_back_what_had_ended(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var expected = await SampleSpool.FillAsync(folder, stop);
        File.Copy(folder.Segments[0], folder.Segments[^1], overwrite: true);
        var reading = Reading(folder);
        Assert.That(reading.Report.IsDamaged, Is.True);
        Assert.That(reading.Report.Logs[^1].Damages.Select(static damage => damage.Reason), Has.Some.Contains("a copy of another"));
        var ended = expected.Ended.Intersect(expected.InFirstFiles).ToList();
        Assert.That(ended, Is.Not.Empty);
        Assert.That(reading.Ledgers[0].Living.Select(static message => message.Id).Intersect(ended), Is.Empty);
    }

    [Test]
    public async Task A_cut_file_is_told(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await SampleSpool.FillAsync(folder, stop);
        using (var file = new FileStream(folder.Segments[^1], FileMode.Open))
        {
            file.SetLength(file.Length / 3);
        }

        Assert.That(Read(folder).Logs[^1].Damages.Select(static damage => damage.Reason), Has.Some.Contains("missing").Or.Some.Contains("no frame"));
    }

    [Test]
    public async Task Lost_marks_are_damage_and_hide_nothing([Values] bool isZeroed, CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var expected = await SampleSpool.FillAsync(folder, stop);
        if (isZeroed)
        {
            await File.WriteAllBytesAsync(folder.Marks, new byte[CommitMark.Distance * CommitMark.Kept], stop);
        }
        else
        {
            File.Delete(folder.Marks);
        }

        var report = Read(folder);
        Assert.That(report.IsDamaged, Is.True);
        Assert.That(report.Logs[^1].Mark, Is.Null);
        Assert.That(report.QueuedRecipients, Is.EqualTo(expected.Queued));
    }

    [Test]
    public async Task A_mark_that_a_crash_tore_is_no_damage_and_another_is(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await SampleSpool.FillAsync(folder, stop);
        var newest = CommitMark.Newest(await File.ReadAllBytesAsync(folder.Marks, stop))!.Value;
        await TearAsync(folder, (newest.Number + 1) % CommitMark.Kept);
        Assert.That(Read(folder).Logs[^1].Marks, Has.Exactly(1).EqualTo(MarkState.Torn));
        Assert.That(Read(folder).IsDamaged, Is.False);
        await TearAsync(folder, (newest.Number + 2) % CommitMark.Kept);
        Assert.That(Read(folder).Logs[^1].Marks, Has.Exactly(1).EqualTo(MarkState.Damaged));
        Assert.That(Read(folder).IsDamaged, Is.True);
    }

    [Test]
    public async Task A_torn_end_behind_the_mark_is_no_damage(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var expected = await SampleSpool.FillAsync(folder, stop);
        var tail = await folder.TailAsync();
        using (var file = new FileStream(folder.Segments[^1], FileMode.Open))
        {
            file.Position = QueueFolder.Small.OffsetOf(tail);
            file.Write(Letters.Octets(300));
        }

        var report = Read(folder);
        Assert.That(report.IsDamaged, Is.False, string.Join("; ", report.Logs[^1].Damages));
        Assert.That(report.Logs[^1].Torn, Is.Not.Empty);
        Assert.That(report.QueuedRecipients, Is.EqualTo(expected.Queued));
    }

    [Test]
    public void Copies_in_later_generations_count_once_and_records_of_the_first_end_them()
    {
        var (gone, left) = (new MessageId(77), new MessageId(78));
        var ledger = new SpoolLedger(memory: null);
        var segment = new SegmentReport(0, "log.0", 0);
        ledger.BeginLog(generation: 1, begin: 64);
        ledger.BeginSegment(segment);
        Assert.That(ledger.Take(64, Header(FrameKind.Message, gone, 1, copy: 1), MessageFrame(gone)), Is.Null);
        Assert.That(ledger.Take(999, Header(FrameKind.Message, left, 2, copy: 1), MessageFrame(left)), Is.Null);
        ledger.EndLog(static (_, _) => Assert.Fail("nothing is missing"));
        ledger.BeginLog(generation: 0, begin: 64);
        ledger.BeginSegment(segment);
        Assert.That(ledger.Take(64, Header(FrameKind.Message, left, 10, copy: 0), MessageFrame(left)), Is.Null);
        Assert.That(ledger.Take(128, Header(FrameKind.Cancel, gone, 11, copy: 0), [0, 0, 0, 0]), Is.Null, "no index means every recipient");
        Assert.That(ledger.Take(192, Header((FrameKind)200, default, 12, copy: 0), [1, 2]), Is.Null);
        ledger.EndLog(static (_, _) => Assert.Fail("nothing is missing"));
        Assert.That(ledger.Living.Select(static message => (message.Id, message.Generation, message.Copy)), Is.EqualTo(new[] { (left, 1, 1) }));
        Assert.That(ledger.Unknown, Is.EqualTo(1));
    }

    [Test]
    public void A_snapshot_tells_who_had_ended_when_no_record_does()
    {
        var id = new MessageId(99);
        var ledger = new SpoolLedger(new OnlyRecipient(0));
        ledger.BeginLog(generation: 2, begin: 64);
        ledger.BeginSegment(new SegmentReport(0, "log.0", 0));
        ledger.Take(64, Header(FrameKind.Message, id, 1, copy: 2), MessageFrame(id, "a@one.example", "b@one.example"));
        var message = ledger.Living.Single();
        Assert.That(ledger.IsQueued(message, 0), Is.True);
        Assert.That(ledger.IsQueued(message, 1), Is.False);
    }

    [Test]
    public void Mail_that_came_back_under_its_old_id_is_queued_again()
    {
        var id = new MessageId(5);
        var ledger = new SpoolLedger(memory: null);
        ledger.BeginLog(generation: 0, begin: 64);
        ledger.BeginSegment(new SegmentReport(0, "log.0", 0));
        ledger.Take(64, Header(FrameKind.Message, id, 1, copy: 0), MessageFrame(id));
        ledger.Take(128, Header(FrameKind.Cancel, id, 2, copy: 0), [0, 0, 0, 0, 0, 0]);
        Assert.That(ledger.Living, Is.Empty);
        ledger.Take(192, Header(FrameKind.Message, id, 3, copy: 0), MessageFrame(id));
        Assert.That(ledger.Living.Single().Id, Is.EqualTo(id));
    }

    private static FrameHeader Header(FrameKind kind, MessageId id, ulong sequence, ushort copy) =>
        new() { Kind = kind, Length = 0, PayloadCrc = 0, Sequence = sequence, Id = id, Incarnation = 1, Copy = copy };

    private static byte[] MessageFrame(MessageId id, params string[] recipients)
    {
        using var front = new OctetWriter();
        EnvelopeCodec.Write(Letters.Envelope(id, recipients.Length == 0 ? ["a@one.example"] : recipients), front);
        var envelope = front.Length;
        HeadTable.Write([Letters.Head("Subject: x")], front);
        var table = front.Length - envelope;
        front.Raw(Letters.Head("Subject: x").Octets.Span);
        using var whole = new OctetWriter();
        new MessageLayout(envelope, table, front.Length - envelope - table, 0, front.Length, 0).Write(whole, []);
        whole.Raw(front.Written.Span);
        return whole.Written.ToArray();
    }

    private static async Task TearAsync(QueueFolder folder, long place)
    {
        var marks = await File.ReadAllBytesAsync(folder.Marks);
        marks[(place * CommitMark.Distance) + 17] ^= 1;
        await File.WriteAllBytesAsync(folder.Marks, marks);
    }

    private static SpoolReport Read(QueueFolder folder) => Reading(folder).Report;

    private static SpoolReading Reading(QueueFolder folder)
    {
        using var files = SpoolFiles.Open(folder.Settings().Directory);
        return SpoolReading.Run(files, QueueFolder.Small, memory: null, CancellationToken.None);
    }

    private sealed class OnlyRecipient(int queued) : IQueuedMemory
    {
        public bool? IsQueued(MessageId id, int recipient) => recipient == queued;
    }
}
