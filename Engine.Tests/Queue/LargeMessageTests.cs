using System.Buffers;
using System.Text;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Frames;
using Engine.Queue.Logs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Queue;

/// <summary>Content in parts: written while it comes in, read back a piece at a time.</summary>
[CancelAfter(60_000)]
internal sealed class LargeMessageTests
{
    private const int Inline = (1 << 16) / 4;
    private const int Part = Inline - MessageLayout.PartPrefix - FrameHeader.Size;

    [TestCase(1)]
    [TestCase(Inline - 300)]
    [TestCase(Inline - 1)]
    [TestCase(Inline)]
    [TestCase(Inline + 1)]
    [TestCase(Part - 1)]
    [TestCase(Part)]
    [TestCase(Part + 1)]
    [TestCase((3 * Part) - 1)]
    [TestCase(3 * Part)]
    [TestCase((3 * Part) + 1)]
    public async Task Content_of_any_length_comes_back_octet_for_octet_also_after_a_crash(int length)
    {
        var stop = TestContext.CurrentContext.CancellationToken;
        using var folder = new QueueFolder();
        var content = Letters.Octets(length, seed: length);
        var ids = new List<MessageId>();
        await using var queue = await folder.OpenAsync();

        // Whole; as one piece with nothing behind it; in two; in many small ones with an end in memory.
        foreach (var (pieces, rest) in new[] { (0, length), (1, 0), (2, 0), (7, length / 3) })
        {
            var envelope = Letters.Envelope(queue.Ids.Next(), "a@one.example");
            using var before = queue.BeginContent(envelope.Id);
            await AppendAsync(before, content.AsMemory(0, length - rest), pieces, stop);
            await queue.AcceptAsync(Message(envelope, content.AsMemory(length - rest), before), stop);
            ids.Add(envelope.Id);
        }

        Check(queue);
        using var crashed = folder.Crash();
        await using var again = await crashed.OpenAsync();
        Check(again);

        void Check(MailQueue open)
        {
            foreach (var id in ids)
            {
                using var stored = open.Operators.Read(id)!;
                Assert.That(stored.Content.Length, Is.EqualTo(length));
                Assert.That(stored.Content.ToArray().AsSpan().SequenceEqual(content), Is.True);
                Assert.That(Encoding.ASCII.GetString(stored.Head(0).Span), Is.EqualTo("Subject: test\r\n\r\n"));
                var ending = new byte[2];
                Assert.That(ending[..stored.Content.CopyEnding(ending)], Is.EqualTo(content[^Math.Min(2, length)..]));
            }
        }
    }

    [Test]
    public async Task The_end_of_the_content_is_known_also_when_it_is_cut_between_two_parts(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var envelope = Letters.Envelope(queue.Ids.Next(), "a@one.example");
        using var before = queue.BeginContent(envelope.Id);
        await before.AppendAsync(new ReadOnlySequence<byte>("xyz\r"u8.ToArray()), stop);
        await queue.AcceptAsync(Message(envelope, "\n"u8.ToArray(), before), stop);

        using var stored = queue.Operators.Read(envelope.Id)!;
        var ending = new byte[2];
        Assert.That((stored.Content.Pieces!.Count, stored.Content.CopyEnding(ending)), Is.EqualTo((2, 2)));
        Assert.That(ending, Is.EqualTo("\r\n"u8.ToArray()));
    }

    [TestCase(0)]
    [TestCase(3 * Part)]
    [TestCase((40 * Part) + 17)]
    public async Task Content_comes_before_a_front_that_does_not_fit_a_frame(int length)
    {
        var stop = TestContext.CurrentContext.CancellationToken;
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var addresses = Enumerable.Range(0, 20_000).Select(static number => $"person{number}@domain{number % 500}.example").ToArray();
        var envelope = Letters.Envelope(queue.Ids.Next(), addresses);
        var content = Letters.Octets(length + 10);
        using var before = queue.BeginContent(envelope.Id);
        await AppendAsync(before, content.AsMemory(0, length), 5, stop);
        await queue.AcceptAsync(Message(envelope, content.AsMemory(length), before), stop);

        Check(queue);
        using var crashed = folder.Crash();
        await using var again = await crashed.OpenAsync();
        Assert.That(again.Counts.Queued, Is.EqualTo(20_000));
        Check(again);

        void Check(MailQueue open)
        {
            using var stored = open.Operators.Read(envelope.Id)!;
            Assert.That(Encoding.ASCII.GetString(stored.AddressOf(19_999).Span), Is.EqualTo("person19999@domain499.example"));
            Assert.That(stored.Envelope.Recipients.Select(static one => one.Address.ToString()), Is.EqualTo(addresses));
            Assert.That(stored.Head(0).ToArray(), Is.EqualTo("Subject: test\r\n\r\n"u8.ToArray()));
            Assert.That(stored.Content.ToArray().AsSpan().SequenceEqual(content), Is.True);
        }
    }

    [Test]
    public async Task Content_that_is_given_up_accepts_nothing_and_keeps_no_file(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        using (var given = queue.BeginContent(queue.Ids.Next()))
        {
            await given.AppendAsync(new ReadOnlySequence<byte>(Letters.Octets(1 << 20)), stop);
            Assert.That(given.Length, Is.EqualTo(1 << 20));
            await PassAsync(queue, folder, stop);
            Assert.That(File.Exists(Path.Join(folder.Path, "log.0")), Is.True, "it may still be accepted");
        }

        await PassAsync(queue, folder, stop);
        await queue.CompactAsync(stop);
        await folder.WhenAsync(() => !File.Exists(Path.Join(folder.Path, "log.2")), stop);
        Assert.That(queue.Counts.Queued, Is.Zero);
        await queue.DisposeAsync();
        await using var again = await folder.OpenAsync();
        Assert.That(again.Counts.Queued, Is.Zero);
    }

    [Test]
    public async Task A_crash_in_the_middle_of_content_leaves_nothing_of_it(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        using var given = queue.BeginContent(queue.Ids.Next());
        await given.AppendAsync(new ReadOnlySequence<byte>(Letters.Octets(1 << 20)), stop);
        await queue.AcceptAsync(Letters.Message(queue.Ids.Next(), "a@one.example"), stop);

        using var crashed = folder.Crash();
        await using var again = await crashed.OpenAsync();
        Assert.That(again.Counts.Queued, Is.EqualTo(1));
        var slot = await again.Due.ReadAsync(stop);
        again.TryBegin(slot);
        var settled = again.SettleAsync(slot, EndKind.Delivered, 250).AsTask();
        crashed.Clock.Advance(GroupCommit.SettleDelay);
        Assert.That(await settled, Is.True);
        await again.CompactAsync(stop);
        await crashed.WhenAsync(() => !File.Exists(Path.Join(crashed.Path, "log.2")), stop);
    }

    [Test]
    public async Task Parts_written_ahead_of_their_message_go_along_to_the_next_generation(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        var content = Letters.Octets((9 * Part) + 3);
        var envelope = Letters.Envelope(new MessageIdSource(1, folder.Clock).Next(), [.. Enumerable.Range(0, 400).Select(static number => $"person{number}@domain{number}.example")]);
        await using (var queue = await folder.OpenAsync())
        {
            using var before = queue.BeginContent(envelope.Id);
            await AppendAsync(before, content.AsMemory(0, 9 * Part), 4, stop);
            await PassAsync(queue, folder, stop);
            await queue.AcceptAsync(Message(envelope, content.AsMemory(9 * Part), before), stop);
            while (queue.Due.TryRead(out var slot))
            {
                Assert.That(queue.TryBegin(slot), Is.True);
                queue.PutBack(slot, Letters.Noon.AddDays(1));
            }

            await PassAsync(queue, folder, stop);
            await queue.CompactAsync(stop);
            await queue.CompactAsync(stop);
            Assert.That(folder.SegmentsOf(1).Concat(folder.SegmentsOf(2)), Is.Not.Empty);
            Check(queue);
        }

        await using var again = await folder.OpenAsync();
        Check(again);

        void Check(MailQueue open)
        {
            using var stored = open.Operators.Read(envelope.Id)!;
            Assert.That(stored.Content.Pieces!.Count, Is.GreaterThanOrEqualTo(10));
            Assert.That(stored.Content.ToArray().AsSpan().SequenceEqual(content), Is.True);
            Assert.That(Encoding.ASCII.GetString(stored.AddressOf(399).Span), Is.EqualTo("person399@domain399.example"));
        }
    }

    [Test]
    public async Task A_damaged_part_is_found_when_it_is_read_and_not_before(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        var content = Letters.Octets(20 * Part);
        var envelope = Letters.Envelope(queue.Ids.Next(), "a@one.example");
        await queue.AcceptAsync(Message(envelope, content, null), stop);
        Flip(folder, content.AsSpan((10 * Part) + 5, 64));

        using var stored = queue.Operators.Read(envelope.Id)!;
        var pieces = stored.Content.Pieces!;
        for (var piece = 0; piece < 10; piece++)
        {
            Assert.That(pieces.Read(piece).Span.SequenceEqual(content.AsSpan(piece * Part, Part)), Is.True);
        }

        Assert.That(() => pieces.Read(10), Throws.TypeOf<QueueDamagedException>().With.Message.Contains("log.").And.Message.Contains("damaged"));
        Assert.That(pieces.Read(11).Span.SequenceEqual(content.AsSpan(11 * Part, Part)), Is.True);
    }

    [Test]
    public async Task A_full_disk_refuses_the_next_piece(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenOnDiskAsync();
        using var given = queue.BeginContent(queue.Ids.Next());
        await given.AppendAsync(new ReadOnlySequence<byte>(Letters.Octets(Part)), stop);
        folder.Disk.FreeOctets = 0;
        folder.Clock.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThatAsync(async () => await given.AppendAsync(new ReadOnlySequence<byte>(Letters.Octets(Part)), stop), Throws.TypeOf<IntakeRefusedException>());
        Assert.That(given.Length, Is.EqualTo(Part));
    }

    [Test]
    public async Task Content_of_another_message_is_not_taken(CancellationToken stop)
    {
        using var folder = new QueueFolder();
        await using var queue = await folder.OpenAsync();
        using var given = queue.BeginContent(queue.Ids.Next());
        await given.AppendAsync(new ReadOnlySequence<byte>(Letters.Octets(Part)), stop);
        var other = Message(Letters.Envelope(queue.Ids.Next(), "a@one.example"), Letters.Octets(1), given);

        await Assert.ThatAsync(async () => await queue.AcceptAsync(other, stop), Throws.ArgumentException);
        Assert.That(queue.Counts.Queued, Is.Zero);
    }

    [Test]
    [NonParallelizable]
    public async Task Fifty_mebibytes_go_to_twenty_readers_at_once_in_little_memory(CancellationToken stop)
    {
        const int Size = 50 << 20;
        using var folder = new QueueFolder();
        var settings = folder.Settings() with { Layout = LogLayout.For(16 << 20) };
        await using var queue = await MailQueue.OpenAsync(settings, folder.Clock, NullLogger.Instance, stop);
        var line = Letters.Octets(1 << 20);
        var envelope = Letters.Envelope(queue.Ids.Next(), [.. Enumerable.Range(0, 20).Select(static number => $"r{number}@d{number}.example")]);
        using (var before = queue.BeginContent(envelope.Id))
        {
            for (var mebibyte = 0; mebibyte < 50; mebibyte++)
            {
                await before.AppendAsync(new ReadOnlySequence<byte>(line), stop);
            }

            await queue.AcceptAsync(Message(envelope, default, before), stop);
        }

        var idle = GC.GetTotalMemory(forceFullCollection: true);
        var readers = new List<StoredMessage>();
        for (var reader = 0; reader < 20; reader++)
        {
            var slot = await queue.Due.ReadAsync(stop);
            Assert.That(queue.TryBegin(slot), Is.True);
            readers.Add(await queue.ReadAsync(slot, stop));
        }

        var (octets, most) = (0L, 0L);
        for (var piece = 0; piece < readers[0].Content.Pieces!.Count; piece++)
        {
            octets += readers.Sum(reader => (long)reader.Content.Pieces!.Read(piece).Length);
            most = piece % 10 == 5 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - idle) : most;
        }

        readers.ForEach(static reader => reader.Dispose());
        Assert.That(octets, Is.EqualTo(20L * Size));
        Assert.That(most, Is.LessThan(32 << 20), "a piece for each reader, and not more");
        await TestContext.Out.WriteLineAsync($"20 readers of 50 MiB held {most >> 10} KiB");
    }

    private static NewMessage Message(Envelope envelope, ReadOnlyMemory<byte> content, IIncomingContent? before) =>
        new(envelope, [Letters.Head("Subject: test")], new ReadOnlySequence<byte>(content)) { Before = before is { Length: > 0 } ? before : null };

    private static async Task AppendAsync(IIncomingContent content, ReadOnlyMemory<byte> octets, int pieces, CancellationToken stop)
    {
        for (var piece = 0; piece < pieces; piece++)
        {
            var length = piece == pieces - 1 ? octets.Length : octets.Length / (pieces - piece);
            await content.AppendAsync(new ReadOnlySequence<byte>(octets[..length]), stop);
            octets = octets[length..];
        }
    }

    // Enough mail comes and goes for files to be given up.
    private static async Task PassAsync(MailQueue queue, QueueFolder folder, CancellationToken stop)
    {
        for (var message = 0; message < 100; message++)
        {
            await queue.AcceptAsync(Letters.Message(Letters.Envelope(queue.Ids.Next(), "a@one.example"), 6_000), stop);
            End(queue, await queue.Due.ReadAsync(stop));
        }

        folder.Clock.Advance(GroupCommit.SettleDelay);
    }

    private static void End(MailQueue queue, int slot)
    {
        Assert.That(queue.TryBegin(slot), Is.True);
        Assert.That(queue.Settle(slot, EndKind.Delivered, 250), Is.True);
    }

    private static void Flip(QueueFolder folder, ReadOnlySpan<byte> wanted)
    {
        foreach (var segment in folder.Segments)
        {
            using var file = new FileStream(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var octets = new byte[file.Length];
            file.ReadExactly(octets);
            if (octets.AsSpan().IndexOf(wanted) is >= 0 and var at)
            {
                file.Position = at;
                file.WriteByte((byte)(octets[at] ^ 1));
                return;
            }
        }

        Assert.Fail("The content stands in no file.");
    }
}
