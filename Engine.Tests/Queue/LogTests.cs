using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Engine.Mail;
using Engine.Queue.Frames;
using Engine.Queue.Logs;

namespace Engine.Tests.Queue;

/// <summary>The log by itself: addresses, page ends, reopening.</summary>
internal sealed class LogTests
{
    private static readonly LogLayout Tiny = new(12, 14, 14);

    [Test]
    public void Frames_that_end_anywhere_near_the_end_of_a_page_or_file_survive([Range(0, 64, 4)] int gap, [Values(1, 4)] int pages)
    {
        using var folder = new QueueFolder();
        var seen = new Seen();
        for (var round = 0; round < 6; round++)
        {
            using var log = Open(folder, out var found);
            Assert.That(found.Numbers, Is.EqualTo(seen.Numbers), $"round {round}");

            // One frame that leaves `gap` octets of its page or file, then one more.
            var unit = pages << Tiny.PageBits;
            Fill(log, seen, unit - gap);
            Append(log, seen, 10);
            log.Commit();
        }

        using var last = Open(folder, out var all);
        Assert.That(all.Numbers, Is.EqualTo(seen.Numbers));
        foreach (var (address, number) in all.Addresses.Zip(all.Numbers))
        {
            var frame = new byte[FrameHeader.Size + 8];
            Assert.That(last.Read(address, frame), Is.EqualTo(frame.Length));
            Assert.That(BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(FrameHeader.Size)), Is.EqualTo(number));
        }
    }

    [Test]
    public void Random_frames_with_and_without_commits_between_survive([Range(1, 8)] int seed)
    {
        using var folder = new QueueFolder();
        var random = new Random(seed);
        var seen = new Seen();
        for (var round = 0; round < 8; round++)
        {
            using var log = Open(folder, out var found);
            Assert.That(found.Numbers, Is.EqualTo(seen.Numbers), $"round {round}");
            for (var frame = random.Next(200); frame > 0; frame--)
            {
                Append(log, seen, random.Next(8, 1_500));
                if (random.Next(5) == 0)
                {
                    log.Commit();
                }
            }

            log.Commit();
            Assert.That(log.Commit(), Is.False, "nothing was left to do");
        }
    }

    [Test]
    public void A_log_given_up_to_its_end_goes_on_with_its_numbers()
    {
        using var folder = new QueueFolder();
        var seen = new Seen();
        ulong sequence;
        using (var log = Open(folder, out _))
        {
            Fill(log, seen, 1 << Tiny.SegmentBits);
            log.Commit();
            Assert.That(log.Committed, Is.EqualTo(1 << Tiny.SegmentBits), "exactly at the end of the file");
            log.TruncateBefore(log.Committed);
            Assert.That(log.Commit(), Is.True);
            sequence = CommitMark.Newest(File.ReadAllBytes(folder.Marks))!.Value.Sequence;
        }

        File.Delete(Path.Join(folder.Path, "log.0"));
        using var again = Open(folder, out var found);
        Assert.That(found.Numbers, Is.Empty);
        Assert.That(again.Begin, Is.EqualTo(1 << Tiny.SegmentBits));
        Assert.That(CommitMark.Newest(File.ReadAllBytes(folder.Marks))!.Value.Sequence, Is.EqualTo(sequence + 1), "the frame of the new incarnation");
    }

    [Test]
    public void A_damaged_mark_does_not_lead_back_to_files_that_are_gone()
    {
        using var folder = new QueueFolder();
        long begin;
        using (var log = Open(folder, out _))
        {
            Fill(log, new Seen(), 1 << Tiny.SegmentBits);
            log.TruncateBefore(log.Committed);
            begin = log.Begin;
            log.Commit();
        }

        File.Delete(Path.Join(folder.Path, "log.0"));
        var marks = File.ReadAllBytes(folder.Marks);
        marks.AsSpan((int)CommitMark.Newest(marks)!.Value.Offset, CommitMark.Size).Clear();
        File.WriteAllBytes(folder.Marks, marks);
        using var again = Open(folder, out _);
        Assert.That(again.Begin, Is.EqualTo(begin));
    }

    [Test]
    public void A_torn_mark_leaves_the_one_before()
    {
        var file = new byte[CommitMark.Distance * CommitMark.Kept];
        for (var number = 1; number <= 6; number++)
        {
            var mark = new CommitMark(number, 64, number * 100, (ulong)number, 1, default);
            mark.WriteTo(file.AsSpan((int)mark.Offset, CommitMark.Size));
            Assert.That(CommitMark.Newest(file), Is.EqualTo(mark));
        }

        file[(6 % CommitMark.Kept * CommitMark.Distance) + 24] ^= 1;
        Assert.That(CommitMark.Newest(file)!.Value.Number, Is.EqualTo(5));
        Assert.That(CommitMark.Newest(new byte[file.Length]), Is.Null);
        Assert.That(CommitMark.Newest([]), Is.Null);
    }

    [Test]
    public void A_frame_of_an_older_incarnation_behind_the_end_is_not_taken_for_a_new_one()
    {
        using var folder = new QueueFolder();
        var seen = new Seen();
        byte[] old;
        long tail;
        using (var log = Open(folder, out _))
        {
            Append(log, seen, 100);
            log.Commit();
            tail = log.Tail;
            Append(log, new Seen(), 100);
            log.Commit();
            old = File.ReadAllBytes(folder.Segments[0])[(int)tail..(int)log.Tail];
        }

        // The second frame was never acknowledged and got lost; a new run wrote as many octets in its place; then the device gave the old ones back behind them.
        using (var file = new FileStream(folder.Segments[0], FileMode.Open))
        {
            file.SetLength(tail);
        }

        var mark = new CommitMark(99, LogScan.FirstAddress, tail, 3, 1, default);
        WriteMark(folder, mark);
        using (var log = Open(folder, out _))
        {
            tail = log.Tail;
        }

        using (var file = new FileStream(folder.Segments[0], FileMode.Open))
        {
            // As if this frame had the sequence that is now expected.
            FrameHeader.TryRead(old.AsSpan(LogScan.EntryHeader, FrameHeader.Size + 100), out var header, out _);
            (header with { Sequence = 4 }).WriteTo(old.AsSpan(LogScan.EntryHeader));
            file.Position = tail;
            file.Write(old);
        }

        using var again = Open(folder, out var found);
        Assert.That(found.Numbers, Is.EqualTo(seen.Numbers));
        Assert.That(again.Tail, Is.GreaterThan(tail));
    }

    [Test]
    public void A_file_of_an_earlier_run_that_came_back_behind_the_end_is_not_taken_for_the_next()
    {
        using var folder = new QueueFolder();
        var seen = new Seen();
        LogPosition end;
        using (var log = Open(folder, out _))
        {
            Fill(log, seen, 1 << Tiny.SegmentBits);
            end = log.Point;
        }

        // An earlier run had begun the next file, by chance with the sequence that is now expected; recovery deleted it, and it came back.
        var frame = new byte[LogScan.EntryHeader + FrameHeader.Size + 8];
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(8), FrameHeader.Size + 8);
        new FrameBody(FrameKind.Part, new MessageId(1), new byte[8]).WriteTo(frame.AsSpan(LogScan.EntryHeader), end.Sequence, incarnation: 1);
        File.WriteAllBytes(Path.Join(folder.Path, $"log.{Tiny.SegmentOf(end.From)}"), frame);

        using var again = Open(folder, out var found, new LogStart(end.From, end.Sequence, end.From));
        Assert.That(found.Numbers, Is.Empty);
    }

    private static void WriteMark(QueueFolder folder, CommitMark mark)
    {
        var octets = new byte[CommitMark.Size];
        mark.WriteTo(octets);
        using var file = new FileStream(folder.Marks, FileMode.Create);
        file.Position = mark.Offset;
        file.Write(octets);
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The log owns the disk.")]
    private static FasterMessageLog Open(QueueFolder folder, out Seen seen, LogStart? start = null)
    {
        seen = new Seen();
        var log = new FasterMessageLog(new LogDisk(folder.Path, durable: false), Tiny);
        try
        {
            log.Recover(seen, start, folder.Clock.GetUtcNow(), node: 1);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    // Appends frames until the last ends at a multiple of `unit`, or short of it by what was asked.
    private static void Fill(FasterMessageLog log, Seen seen, int end)
    {
        var unit = (end + (1 << Tiny.PageBits) - 1) >> Tiny.PageBits << Tiny.PageBits;
        var target = (log.Tail / unit * unit) + end;
        target = target > log.Tail + 400 ? target : target + unit;
        while (target - log.Tail is var left and > 0)
        {
            // No frame spans pages: first to the page's end, or to the target when it is in this page.
            var page = (log.Tail >> Tiny.PageBits) + 1 << Tiny.PageBits;
            var room = (int)(Math.Min(page, target) - log.Tail);
            var overhead = LogScan.EntryLength(0);
            if (room < overhead + 8)
            {
                Append(log, seen, 8);
                log.Commit();
                continue;
            }

            var size = room - overhead > 1_000 ? 500 : room - overhead;
            Append(log, seen, size);
            log.Commit();
            Assert.That(left, Is.GreaterThan(0));
        }
    }

    private static void Append(FasterMessageLog log, Seen seen, int size)
    {
        var payload = new byte[size];
        BinaryPrimitives.WriteInt64LittleEndian(payload, ++seen.Last);
        var body = new FrameBody(FrameKind.Part, new MessageId(1), payload);
        if (!log.TryAppend(body, out _))
        {
            log.Commit();
            Assert.That(log.TryAppend(body, out _), Is.True);
        }

        seen.Numbers.Add(seen.Last);
    }

    private sealed class Seen : IFrameVisitor
    {
        public long Last { get; set; }

        public List<long> Numbers { get; } = [];

        public List<long> Addresses { get; } = [];

        public void Visit(long address, in FrameHeader header, ReadOnlySpan<byte> payload)
        {
            if (header.Kind == FrameKind.Part)
            {
                Numbers.Add(BinaryPrimitives.ReadInt64LittleEndian(payload));
                Addresses.Add(address);
            }
        }
    }
}
