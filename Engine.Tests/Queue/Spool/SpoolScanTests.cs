using System.Buffers.Binary;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Engine.Queue.Spool;

namespace Engine.Tests.Queue.Spool;

/// <summary>Row by row: one kind of damage, what is still found, what is said.</summary>
internal sealed class SpoolScanTests
{
    private static readonly ulong[] All = [.. Enumerable.Range(1, 60).Select(static number => (ulong)number)];

    [Test]
    public void A_whole_log_has_no_fault()
    {
        var log = Log();
        var found = Findings.Of(log, log.Mark());
        Assert.That(found.Frames, Is.EqualTo(All));
        Assert.That(found.Faults, Is.Empty);
    }

    [TestCase(0, "the log's checksum before a frame does not fit; the frame is whole", true)]
    [TestCase(8, "the length before a frame is damaged; the frame is whole", true)]
    [TestCase(11, "the length before a frame is damaged; the frame is whole", true)]
    [TestCase(12, "a frame whose header is damaged", false)]
    [TestCase(20, "a frame whose header is damaged", false)]
    [TestCase(28, "a frame whose header is damaged", false)]
    [TestCase(59, "a frame whose header is damaged", false)]
    [TestCase(60, "a frame whose payload is damaged", false)]
    [TestCase(70, "a frame whose payload is damaged", false)]
    public void One_flipped_bit_costs_at_most_the_frame_it_hits(int offset, string reason, bool isWhole)
    {
        var log = Log();
        var (address, length) = log.Entries[20];
        log.Octets.Span[(int)address + offset] ^= 4;
        var found = Findings.Of(log, log.Mark());
        Assert.That(found.Faults.Select(static fault => (fault.Address, fault.Length, fault.Reason)), Is.EqualTo(new[] { (address, (long)length, reason) }));
        Assert.That(found.Frames, Is.EqualTo(isWhole ? All : All.Where(static number => number != 21)));
        Assert.That(found.Lost, Is.EqualTo(isWhole ? [] : new ulong[] { 21 }));
        Assert.That(found.BrokenFrames, Has.Count.EqualTo(isWhole ? 0 : 1));
    }

    [Test]
    public void Every_bit_of_an_entry_is_guarded([Values(0, 20, 59)] int entry)
    {
        var size = Log().Entries[entry].Length;
        for (var bit = 0; bit < size * 8; bit++)
        {
            var log = Log();
            log.Octets.Span[(int)log.Entries[entry].Address + (bit / 8)] ^= (byte)(1 << (bit % 8));
            var found = Findings.Of(log, log.Mark());
            var isPadding = bit / 8 >= LogScan.EntryHeader + FrameHeader.Size + 25;
            Assert.That(found.Faults, Has.Count.EqualTo(isPadding ? 0 : 1), $"bit {bit}");
            Assert.That(found.Frames, Is.SupersetOf(All.Where(number => number != (ulong)entry + 1)), $"bit {bit}");
            Assert.That(found.Frames, Is.Unique, $"bit {bit}");
        }
    }

    [Test]
    public void Octets_over_several_entries_are_passed_by_searching_the_next_frame()
    {
        var log = Log();
        var (from, until) = (log.Entries[10].Address + 30, log.Entries[13].Address + 20);
        log.Octets.Span[(int)from..(int)until].Fill(0xAA);
        var found = Findings.Of(log, log.Mark());
        Assert.That(found.Frames, Is.EqualTo(All.Where(static number => number is < 11 or > 14)));
        Assert.That(found.Lost, Is.EqualTo(new ulong[] { 11, 12, 13, 14 }));
        Assert.That(found.Faults.Sum(static fault => fault.Length), Is.AtLeast(until - from));
    }

    [Test]
    public void An_impossible_length_with_a_damaged_frame_is_passed()
    {
        var log = Log();
        var entry = log.Octets.Span[(int)log.Entries[5].Address..];
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], int.MaxValue);
        entry[12] ^= 1;
        var found = Findings.Of(log, log.Mark());
        Assert.That(found.Frames, Is.EqualTo(All.Where(static number => number != 6)));
        Assert.That(found.Faults.Single().Reason, Is.EqualTo("octets that are no frame"));
        Assert.That(found.Lost, Is.EqualTo(new ulong[] { 6 }));
    }

    [Test]
    public void A_zeroed_page_is_a_gap_with_its_place()
    {
        var log = Log();
        log.Octets.Span.Slice(HandMadeLog.PageSize, HandMadeLog.PageSize).Clear();
        var found = Findings.Of(log, log.Mark());
        var lost = All.Where(number => log.Entries[(int)number - 1].Address / HandMadeLog.PageSize == 1).ToList();
        Assert.That(found.Frames, Is.EqualTo(All.Except(lost)));
        Assert.That(found.Lost, Is.EqualTo(lost));
        Assert.That(found.Faults.Single().Address, Is.LessThanOrEqualTo(HandMadeLog.PageSize));
        Assert.That(found.Faults.Single().Length, Is.AtLeast(HandMadeLog.PageSize));
    }

    [Test]
    public void Two_swapped_pages_lose_nothing_and_are_told()
    {
        var log = Log();
        var (second, third) = (log.Octets.Slice(HandMadeLog.PageSize, HandMadeLog.PageSize), log.Octets.Slice(2 * HandMadeLog.PageSize, HandMadeLog.PageSize));
        var kept = second.ToArray();
        third.CopyTo(second);
        kept.CopyTo(third);
        var found = Findings.Of(log, log.Mark());
        Assert.That(found.Frames, Is.EquivalentTo(All));
        Assert.That(found.Faults.Select(static fault => fault.Reason), Has.Some.Contains("in the wrong place"));
    }

    [Test]
    public void A_page_over_another_loses_that_one_and_repeats_nothing()
    {
        var log = Log();
        log.Octets.Slice(HandMadeLog.PageSize, HandMadeLog.PageSize).CopyTo(log.Octets[(2 * HandMadeLog.PageSize)..]);
        var found = Findings.Of(log, log.Mark());
        var lost = All.Where(number => log.Entries[(int)number - 1].Address / HandMadeLog.PageSize == 2).ToList();
        Assert.That(found.Frames, Is.EqualTo(All.Except(lost)));
        Assert.That(found.Lost, Is.EqualTo(lost));
        Assert.That(found.Faults.Select(static fault => fault.Reason), Has.Some.Contains("a copy of another"));
    }

    [Test]
    public void What_is_acknowledged_and_does_not_come_is_a_fault_at_the_end()
    {
        var log = Log();
        var mark = log.Mark();
        var (address, _) = log.Entries[57];
        log.Octets.Span[(int)address..].Clear();
        var found = Findings.Of(log, mark);
        Assert.That(found.Frames, Is.EqualTo(All[..57]));
        Assert.That(found.Faults.Single(), Is.EqualTo(new ScanFault(address, mark.Until - address, "acknowledged octets are missing") { MissingFrom = 58, MissingUntil = 61 }));
    }

    [Test]
    public void A_torn_end_behind_the_mark_is_told_behind_the_mark()
    {
        var log = Log();
        var mark = log.Mark();
        log.Add(25);
        log.Add(25);
        log.Octets.Span[(int)(log.Entries[61].Address + 40)..].Clear();
        var found = Findings.Of(log, mark);
        Assert.That(found.Frames, Is.EqualTo(All.Append(61UL)));
        Assert.That(found.Faults.Single().Address, Is.EqualTo(log.Entries[61].Address));
    }

    [Test]
    public void An_old_frame_behind_the_mark_ends_the_log()
    {
        var log = Log(incarnation: 7);
        var mark = log.Mark() with { Incarnation = 7 };
        log.Add(25, incarnation: 3);
        var found = Findings.Of(log, mark);
        Assert.That(found.Frames, Is.EqualTo(All));
        Assert.That(found.Faults.Single().Reason, Is.EqualTo("a frame of another run of the engine"));
    }

    [Test]
    public void Mail_that_looks_like_a_frame_is_not_taken_for_one()
    {
        // The third message holds a whole entry with a sequence number of its own; then its carrier is damaged beyond recognition.
        var forged = new HandMadeLog();
        for (var frame = 0; frame < 900; frame++)
        {
            forged.Add(8);
        }

        var (address, length) = forged.Entries[899];
        var log = new HandMadeLog();
        log.Add(25);
        log.Add(25);
        var content = new byte[64 + length];
        forged.Octets.Span.Slice((int)address, length).CopyTo(content.AsSpan(64));
        log.Add(content, kind: FrameKind.Message);
        log.Add(25);
        log.Octets.Span.Slice((int)log.Entries[2].Address, 40).Fill(0x55);
        var found = Findings.Of(log, log.Mark());
        Assert.That(found.Frames, Is.EqualTo(new ulong[] { 1, 2, 4 }));
    }

    [Test]
    public void Random_damage_never_stops_the_scan_nor_invents_a_frame([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var log = Log();
        var mark = log.Mark();
        for (var hit = random.Next(1, 6); hit > 0; hit--)
        {
            var at = random.Next((int)log.Tail);
            var length = Math.Min(random.Next(1, 600), log.Octets.Length - at);
            random.NextBytes(log.Octets.Span.Slice(at, length));
        }

        var found = Findings.Of(log, mark);
        Assert.That(found.Frames, Is.SubsetOf(All));
        Assert.That(found.Frames, Is.Unique);
        Assert.That(found.Lost.Concat(found.Frames).Order(), Is.EqualTo(All), "every frame is found or told as lost");
    }

    [Test]
    public void Without_a_mark_the_end_is_where_the_frames_end()
    {
        var log = Log();
        var found = Findings.Of(log, null);
        Assert.That(found.Frames, Is.EqualTo(All));
        Assert.That(found.Faults, Is.Empty);
    }

    // 60 frames over several pages.
    private static HandMadeLog Log(uint incarnation = 1)
    {
        var log = new HandMadeLog();
        for (var frame = 0; frame < 60; frame++)
        {
            if (frame is 17 or 34)
            {
                log.NextPage();
            }

            log.Add(frame is 20 or 0 or 59 ? 25 : 10 + (frame * 3 % 70), incarnation);
        }

        return log;
    }
}
