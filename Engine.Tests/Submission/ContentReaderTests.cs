using System.Buffers;
using System.Text;
using Engine.Submission;

namespace Engine.Tests.Submission;

internal sealed class ContentReaderTests
{
    [TestCase("A: b\r\n\r\nbody\r\n", "A: b\r\n", "body\r\n")]
    [TestCase("\r\nbody\r\n", "", "body\r\n", Description = "no header at all")]
    [TestCase("A: b\r\n", "A: b\r\n", "", Description = "no body, no empty line")]
    [TestCase("A: b\r\n\r\n", "A: b\r\n", "")]
    [TestCase("A: b\r\n c\r\nD: e\r\n\r\n\r\n\r\nx\r\n", "A: b\r\n c\r\nD: e\r\n", "\r\n\r\nx\r\n")]
    [TestCase("", "", "")]
    [TestCase("\r\n", "", "")]
    [TestCase("A\r\n\r\nB", "A\r\n", "B\r\n", Description = "chunks only: the last line gets its end")]
    public void Header_and_body_are_parted_at_every_cut(string content, string header, string body)
    {
        for (var cut = 0; cut <= content.Length; cut++)
        {
            var pool = new BlockPool(1 << 20);
            var reader = new ContentReader(pool, new SubmissionLimits());
            reader.Begin(1_000, isStuffed: false);
            var ends = Feed(reader, content[..cut]) + Feed(reader, content[cut..]);

            Assert.That(reader.Finish(), Is.EqualTo(ContentStatus.End));
            Assert.That(ends, Is.EqualTo(content.Contains("\r\n\r\n", StringComparison.Ordinal) || content.StartsWith("\r\n", StringComparison.Ordinal) ? 1 : 0));
            Assert.That(Encoding.Latin1.GetString(reader.Header), Is.EqualTo(header), $"cut at {cut}");
            Assert.That(Encoding.Latin1.GetString(reader.Body.ToArray()), Is.EqualTo(body), $"cut at {cut}");
            reader.Clear();
            Assert.That(pool.Used, Is.Zero);
        }
    }

    [Test]
    public void A_large_body_comes_in_blocks_and_goes_to_the_sealer_once()
    {
        var pool = new BlockPool(1 << 20);
        var reader = new ContentReader(pool, new SubmissionLimits());
        using var sealer = new PlainSealer();
        var body = string.Concat(Enumerable.Range(0, 5_000).Select(line => $"line {line}\r\n"));
        reader.Begin(1 << 20, isStuffed: true);
        var input = Encoding.Latin1.GetBytes($"A: b\r\n\r\n{body}.\r\n").AsMemory();
        var status = ContentStatus.More;
        while (!input.IsEmpty)
        {
            status = reader.Read(input.Span[..Math.Min(1_000, input.Length)], out var consumed);
            input = input[consumed..];
            if (status is ContentStatus.HeaderEnded)
            {
                reader.HashWith(sealer);
            }
        }

        Assert.That(status, Is.EqualTo(ContentStatus.End));
        Assert.That(Encoding.Latin1.GetString(reader.Body.ToArray()), Is.EqualTo(body));
        Assert.That(sealer.Body, Is.EqualTo(body));
        Assert.That(reader.Size, Is.EqualTo(body.Length + 8));
        reader.Clear();
        Assert.That(pool.Used, Is.Zero);
    }

    [TestCase("A: b\r\n\r\n0123456789\r\n", ContentFault.TooBig, TestName = "Too big")]
    [TestCase("A: b\r\n\r\n\0\r\n", ContentFault.Nul, TestName = "A NUL")]
    [TestCase("A: 0123456789abcd\r\n", ContentFault.HeaderTooBig, TestName = "The header too big")]
    [TestCase("\r\n0123456789a\r\n", ContentFault.LineTooLong, TestName = "A line too long")]
    public void A_fault_keeps_nothing_and_reads_to_the_end(string content, ContentFault fault)
    {
        var pool = new BlockPool(1 << 20);
        var reader = new ContentReader(pool, new SubmissionLimits { Header = 16, ContentLine = fault is ContentFault.LineTooLong ? 10 : 100 });
        reader.Begin(fault is ContentFault.TooBig ? 19 : 100, isStuffed: true);
        var input = Encoding.Latin1.GetBytes(content + "more\r\n.\r\nQUIT\r\n").AsSpan();
        var status = reader.Read(input, out var consumed);
        while (status is ContentStatus.HeaderEnded)
        {
            input = input[consumed..];
            status = reader.Read(input, out consumed);
        }

        Assert.That(status, Is.EqualTo(ContentStatus.End));
        Assert.That(reader.Fault, Is.EqualTo(fault));
        Assert.That(pool.Used, Is.Zero);
        Assert.That(Encoding.Latin1.GetString(input[consumed..]), Is.EqualTo("QUIT\r\n"));
    }

    [Test]
    public void When_memory_is_used_up_the_content_is_dropped_and_nothing_leaks()
    {
        var pool = new BlockPool(3 * Block.Size);
        var reader = new ContentReader(pool, new SubmissionLimits());
        reader.Begin(1 << 20, isStuffed: true);
        _ = reader.Read("A: b\r\n\r\n"u8, out _);
        for (var round = 0; round < 100; round++)
        {
            Assert.That(reader.Read(new byte[1_000].AsSpan(), out _), Is.EqualTo(ContentStatus.More));
            Assert.That(pool.Used, Is.LessThanOrEqualTo(3 * Block.Size));
        }

        Assert.That(reader.Fault, Is.Not.EqualTo(ContentFault.None));
        Assert.That(pool.Used, Is.Zero);
    }

    [TestCase(ContentReader.PieceLength, 1)]
    [TestCase(ContentReader.PieceLength - 1, 0)]
    [TestCase((3 * ContentReader.PieceLength) + 100, 3)]
    public void A_large_body_leaves_in_pieces_and_never_fills_more_than_one(int length, int pieces)
    {
        var pool = new BlockPool(2 << 20);
        var reader = new ContentReader(pool, new SubmissionLimits());
        using var sealer = new PlainSealer();
        var body = string.Concat(Enumerable.Range(0, (length / 10) + 1).Select(static line => $"{line:D8}\r\n"))[..(length - 2)] + "\r\n";
        body = body.Replace("\r\r", "x\r", StringComparison.Ordinal);
        var input = Encoding.Latin1.GetBytes($"A: b\r\n\r\n{body}.\r\n").AsMemory();
        var written = new List<byte>();
        reader.Begin(100 << 20, isStuffed: true);
        var status = ContentStatus.More;
        while (status is not ContentStatus.End)
        {
            // All of the rest at once: the reader bounds itself.
            status = reader.Read(input.Span, out var consumed);
            input = input[consumed..];
            Assert.That(pool.Used, Is.LessThanOrEqualTo(ContentReader.PieceLength + (3 * Block.Size)));
            if (status is ContentStatus.HeaderEnded)
            {
                reader.HashWith(sealer);
            }
            else if (status is ContentStatus.PieceFull)
            {
                written.AddRange(reader.Piece.ToArray());
                reader.DropPiece();
            }
        }

        Assert.That(written, Has.Count.EqualTo(pieces * ContentReader.PieceLength));
        Assert.That(Encoding.Latin1.GetString([.. written, .. reader.Body.ToArray()]), Is.EqualTo(body));
        Assert.That(sealer.Body, Is.EqualTo(body));
        reader.Clear();
        Assert.That(pool.Used, Is.Zero);
    }

    [Test]
    public void Octets_above_127_are_seen_in_header_and_body()
    {
        foreach (var (content, any, header) in new[] { ("A: b\r\n\r\nc", false, false), ("A: b\r\n\r\n\u00e9", true, false), ("A: \u00e9\r\n\r\nc", true, true) })
        {
            var reader = new ContentReader(new BlockPool(1 << 20), new SubmissionLimits());
            reader.Begin(1_000, isStuffed: false);
            _ = Feed(reader, content);

            Assert.That((reader.HasEightBit, reader.HasEightBitHeader), Is.EqualTo((any, header)));
        }
    }

    private static int Feed(ContentReader reader, string text)
    {
        var ends = 0;
        var input = Encoding.Latin1.GetBytes(text).AsSpan();
        while (!input.IsEmpty)
        {
            var status = reader.Read(input, out var consumed);
            input = input[consumed..];
            ends += status is ContentStatus.HeaderEnded ? 1 : 0;
        }

        return ends;
    }
}
