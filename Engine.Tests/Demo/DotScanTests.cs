using System.Buffers;
using System.Text;
using Engine.Demo;

namespace Engine.Tests.Demo;

internal sealed class DotScanTests
{
    private const string Wire = "Subject: x\r\n\r\n..one\r\n...\r\na\r.\r\nb\n.\nc\r\n..\r\nlast\r\n.\r\nMAIL";
    private const string Content = "Subject: x\r\n\r\n.one\r\n..\r\na\r.\r\nb\n.\nc\r\n.\r\nlast\r\n";

    [TestCase(".\r\n", "")]
    [TestCase("..\r\n.\r\n", ".\r\n")]
    [TestCase("a\r\n.\r\n", "a\r\n")]
    [TestCase("a\n.\n\r\n.\r\n", "a\n.\n\r\n", TestName = "A bare LF round a dot is no end")]
    [TestCase("a\r.\r\r\n.\r\n", "a\r.\r\r\n", TestName = "A bare CR round a dot is no end")]
    [TestCase("a\r\n.x\r\n.\r\n", "a\r\nx\r\n", TestName = "A dot before text is dropped though it was not doubled")]
    public void The_end_is_found_and_dots_are_taken_out(string wire, string content)
    {
        var scan = new DotScan();
        var writer = new ArrayBufferWriter<byte>();

        Assert.That(scan.Advance(Encoding.ASCII.GetBytes(wire), writer, out var used), Is.True);
        Assert.That(used, Is.EqualTo(wire.Length));
        Assert.That(Encoding.ASCII.GetString(writer.WrittenSpan), Is.EqualTo(content));
    }

    [Test]
    public void Where_the_pieces_meet_makes_no_difference([Range(0, 55)] int cut)
    {
        var scan = new DotScan();
        var writer = new ArrayBufferWriter<byte>();
        var wire = Encoding.ASCII.GetBytes(Wire);
        var first = wire.AsSpan(0, Math.Min(cut, wire.Length));

        var isEnd = scan.Advance(first, writer, out var used);
        if (!isEnd)
        {
            isEnd = scan.Advance(wire.AsSpan(used), writer, out var more);
            used += more;
        }

        Assert.That(isEnd, Is.True);
        Assert.That(Encoding.ASCII.GetString(writer.WrittenSpan), Is.EqualTo(Content));
        Assert.That(Encoding.ASCII.GetString(wire.AsSpan(used)), Is.EqualTo("MAIL"));
    }

    [Test]
    public void Octet_by_octet_it_is_the_same()
    {
        var scan = new DotScan();
        var writer = new ArrayBufferWriter<byte>();
        var wire = Encoding.ASCII.GetBytes(Wire);
        var (start, end, isEnd) = (0, 0, false);
        while (!isEnd && end < wire.Length)
        {
            end++;
            isEnd = scan.Advance(wire.AsSpan(start..end), writer, out var used);
            start += used;
        }

        Assert.That(isEnd, Is.True);
        Assert.That(Encoding.ASCII.GetString(writer.WrittenSpan), Is.EqualTo(Content));
    }
}
