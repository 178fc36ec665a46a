using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Delivery.Smtp;
using Engine.Queue;
using FsCheck;
using FsCheck.Fluent;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class ContentWriterTests
{
    [TestCase("", "A: b\r\n\r\n.\r\n")]
    [TestCase("x\r\n", "A: b\r\n\r\nx\r\n.\r\n")]
    [TestCase("x", "A: b\r\n\r\nx\r\n.\r\n", Description = "a missing line end is added")]
    [TestCase(".", "A: b\r\n\r\n..\r\n.\r\n")]
    [TestCase(".\r\n", "A: b\r\n\r\n..\r\n.\r\n")]
    [TestCase("..\r\n.x\r\nx.\r\n", "A: b\r\n\r\n...\r\n..x\r\nx.\r\n.\r\n")]
    [TestCase("\r\n.\r\n", "A: b\r\n\r\n\r\n..\r\n.\r\n")]
    [TestCase("\r\n\r\n", "A: b\r\n\r\n\r\n\r\n.\r\n")]
    [TestCase("a.b\r\n.\r\nMAIL FROM:<x>\r\n", "A: b\r\n\r\na.b\r\n..\r\nMAIL FROM:<x>\r\n.\r\n")]
    public void Content_is_stuffed_and_ended(string content, string wire)
    {
        Assert.That(Text(Write(Job("A: b\r\n\r\n", content), isChunked: false)), Is.EqualTo(wire));
    }

    [TestCase("", "BDAT 8 LAST\r\nA: b\r\n\r\n")]
    [TestCase(".\r\n", "BDAT 11 LAST\r\nA: b\r\n\r\n.\r\n")]
    [TestCase("x", "BDAT 11 LAST\r\nA: b\r\n\r\nx\r\n", Description = "a missing line end is added and counted")]
    public void By_BDAT_it_goes_as_it_is(string content, string wire)
    {
        Assert.That(Text(Write(Job("A: b\r\n\r\n", content), isChunked: true)), Is.EqualTo(wire));
    }

    [TestCase("", "", 0)]
    [TestCase("a\r\n", "", 3)]
    [TestCase("a\r\n", "b", 6)]
    [TestCase("", "b", 3)]
    [TestCase("a\r\n\r", "\n", 5)]
    [TestCase("a\r\n\r\n", ".\r\n", 8)]
    public void The_size_is_without_stuffing_and_dot(string head, string content, long size)
    {
        Assert.That(ContentWriter.SizeOf(Job(head, content)), Is.EqualTo(size));
    }

    [Test]
    public void Where_head_and_content_and_segments_meet_makes_no_difference()
    {
        const string Message = ".A: b\r\n..\r\n\r\n.\r\n\r\n.x\r\n...\r\ny\r\n.";
        var expected = Text(Write(Job(string.Empty, Message), isChunked: false));

        for (var head = 0; head <= Message.Length; head++)
        {
            for (var cut = 0; cut <= Message.Length - head; cut++)
            {
                var job = Job(Message[..head], Bytes.Cut(Message[head..], cut));
                Assert.That(Text(Write(job, isChunked: false)), Is.EqualTo(expected), $"{head}, {cut}");
            }
        }
    }

    [Test]
    public void The_size_of_the_buffer_makes_no_difference([Range(64, 200, 3)] int buffer, [Values] bool isChunked)
    {
        var message = string.Concat(Enumerable.Range(0, 40).Select(line => $".{new string('.', line % 7)}{new string('x', line * 3)}\r\n"));
        var job = Job("A: b\r\n\r\n", message);

        Assert.That(Text(Write(job, isChunked, buffer)), Is.EqualTo(Text(Write(job, isChunked))));
    }

    [TestCase(64)]
    [TestCase(100)]
    [TestCase(4_096)]
    public void Where_pieces_are_cut_makes_no_difference(int buffer)
    {
        var message = string.Concat(Enumerable.Range(0, 12).Select(line => $".{new string('.', line % 3)}{new string('x', line * 3)}\r\n"));
        foreach (var isChunked in (bool[])[false, true])
        {
            var expected = Text(Write(Job("A: b\r\n\r\n", message), isChunked));
            for (var cut = 0; cut < message.Length; cut++)
            {
                var octets = Encoding.Latin1.GetBytes(message);
                var middle = cut + ((message.Length - cut + 1) / 2);
                var content = new MessageContent(new ReadOnlySequence<byte>(octets[..cut]), new CutPieces(octets[cut..middle], octets[middle..]));
                var job = Job(Encoding.Latin1.GetBytes("A: b\r\n\r\n"), content);
                Assert.That(Text(Write(job, isChunked, buffer)), Is.EqualTo(expected), $"{cut}");
                Assert.That(ContentWriter.SizeOf(job), Is.EqualTo(message.Length + 8));
            }
        }
    }

    [Test]
    public void A_strict_reader_gets_back_what_went_in()
    {
        var octet = Gen.Frequency((6, Gen.Constant((byte)'.')), (4, Gen.Constant((byte)'x')), (1, Gen.Choose(1, 255).Select(value => (byte)value)));
        var line = octet.ListOf().Select(octets => octets.Where(value => value is not ((byte)'\r' or (byte)'\n')).Concat("\r\n"u8.ToArray()));
        var message = line.ListOf().Select(lines => lines.SelectMany(octets => octets).ToArray());

        Prop.ForAll(message.ToArbitrary(), Gen.Choose(0, 1_000).ToArbitrary(), (octets, cut) =>
        {
            var middle = octets.Length == 0 ? 0 : cut % octets.Length;
            var job = Job(octets[..(middle / 2)], Bytes.Cut(octets[(middle / 2)..], middle - (middle / 2)));
            return StrictDotReader.Read(Write(job, isChunked: false, buffer: 64 + (cut % 50)))!.SequenceEqual(octets);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void Long_lines_of_dots_are_stuffed_at_every_offset_of_a_block([Range(0, 130)] int offset)
    {
        var message = new string('x', offset) + "\r\n.\r\n" + new string('.', 70) + "\r\n.";
        var wire = Write(Job(string.Empty, message), isChunked: false);

        Assert.That(Text(StrictDotReader.Read(wire)!), Is.EqualTo(message + "\r\n"));
    }

    [TestCase("\n")]
    [TestCase("\r")]
    [TestCase("\0")]
    [TestCase("\n.\n")]
    [TestCase("\r.\r")]
    [TestCase("\r\r\n")]
    [TestCase("\n\r\n")]
    public void What_could_end_the_content_elsewhere_is_refused_at_every_place(string evil)
    {
        const string Message = "first line\r\n.second line, which is longer than a block of sixty-four octets, for sure\r\n\r\nlast\r\n";
        for (var at = 0; at <= Message.Length; at++)
        {
            // A lone CR before LF, or a lone LF behind CR, only completes or repeats a line end.
            var message = Message[..at] + evil + Message[at..];
            if (IsClean(message))
            {
                continue;
            }

            foreach (var isChunked in (bool[])[false, true])
            {
                var writer = new ContentWriter(Job(Message[..Math.Min(at, 5)], message[Math.Min(at, 5)..]), isChunked);
                Assert.That(WriteAll(ref writer, 1_000), Is.Null, $"{at} {isChunked}");
                Assert.That(writer.IsDone, Is.False);
            }
        }
    }

    [Test]
    public void No_smuggling_vector_leaves_at_any_cut_but_as_stuffed_text()
    {
        foreach (var (id, vector) in Vectors())
        {
            byte[][] messages = [[.. "text"u8, .. vector, .. "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nx\r\n"u8], [.. vector, .. "x\r\n"u8]];
            foreach (var message in messages)
            {
                for (var cut = 0; cut <= message.Length; cut++)
                {
                    var writer = new ContentWriter(Job([], Bytes.Cut(message, cut)), isChunked: false);
                    var wire = WriteAll(ref writer, 64);
                    Assert.That(wire is null, Is.EqualTo(id is not "baseline"), $"{id} cut at {cut}");
                    Assert.That(wire is null || StrictDotReader.Read(wire)!.SequenceEqual(message), Is.True, $"{id} cut at {cut}");
                }
            }
        }
    }

    private static bool IsClean(string text) =>
        !text.Contains('\0', StringComparison.Ordinal) && !text.Replace("\r\n", string.Empty, StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n');

    private static IEnumerable<(string Id, byte[] Octets)> Vectors()
    {
        var file = TestFiles.Find("smuggling/eod-sequences.tsv");
        return File.ReadLines(file).Skip(1).Select(line => line.Split('\t')).Select(cells => (cells[0], Convert.FromHexString(cells[1])));
    }

    private static byte[] Write(in SmtpJob job, bool isChunked, int buffer = 10_000)
    {
        var writer = new ContentWriter(job, isChunked);
        return WriteAll(ref writer, buffer, job.Content.Pieces) ?? throw new FormatException("unclean");
    }

    private static byte[]? WriteAll(ref ContentWriter writer, int buffer, IContentPieces? pieces = null)
    {
        var wire = new ArrayBufferWriter<byte>();
        while (!writer.IsDone)
        {
            var written = writer.Fill(wire.GetSpan(buffer)[..buffer]);
            while (writer.WantsPiece)
            {
                writer.Take(pieces!.Read(writer.PiecesTaken));
                written += writer.Fill(wire.GetSpan(buffer)[written..buffer]);
            }

            if (writer.IsUnclean)
            {
                return null;
            }

            Assert.That(written, Is.GreaterThan(0), () => string.Create(CultureInfo.InvariantCulture, $"no progress after {wire.WrittenCount}"));
            wire.Advance(written);
        }

        return wire.WrittenSpan.ToArray();
    }

    private static string Text(byte[] octets) => Encoding.Latin1.GetString(octets);

    private static SmtpJob Job(string head, string content) => Job(head, Bytes.Whole(content));

    private static SmtpJob Job(string head, ReadOnlySequence<byte> content) => Job(Encoding.Latin1.GetBytes(head), (MessageContent)content);

    private static SmtpJob Job(byte[] head, MessageContent content) =>
        new() { Sender = default, Recipients = new TestRecipients("a@b.example"), Head = head, Content = content };
}
