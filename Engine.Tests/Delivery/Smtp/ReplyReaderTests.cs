using System.Buffers;
using System.Text;
using Engine.Delivery.Smtp;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class ReplyReaderTests
{
    private const string Ehlo = "250-mx.example\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n";

    [TestCase("250 Ok\r\n", 250, "")]
    [TestCase("250\r\n", 250, "")]
    [TestCase("250 \r\n", 250, "")]
    [TestCase("250 2.1.5 Ok\r\n", 250, "2.1.5")]
    [TestCase("550 5.7.999 no\r\n", 550, "5.7.999")]
    [TestCase("550 5.123.456 no\r\n", 550, "5.123.456")]
    [TestCase("550 4.1.1 class differs\r\n", 550, "")]
    [TestCase("550 5.1 short\r\n", 550, "")]
    [TestCase("550 5.1000.1 too large\r\n", 550, "")]
    [TestCase("550-5.1.1 first\r\n550 5.2.2 second\r\n", 550, "5.1.1")]
    [TestCase("354 go\n", 354, "", Description = "a bare LF ends a reply line")]
    public void A_reply_has_code_and_enhanced_code(string text, int code, string enhanced)
    {
        var reader = new ReplyReader(Bytes.Whole(text));

        Assert.That(reader.TryRead(out var reply), Is.EqualTo(ReadResult.Complete));
        Assert.That(reply.Code, Is.EqualTo(code));
        Assert.That(reply.Enhanced.ToString(), Is.EqualTo(enhanced));
        Assert.That(reader.Consumed, Is.EqualTo(text.Length));
    }

    [TestCase("150 Ok\r\n")]
    [TestCase("650 Ok\r\n")]
    [TestCase("25 Ok\r\n")]
    [TestCase("2500 Ok\r\n")]
    [TestCase("250_Ok\r\n")]
    [TestCase("\r\n")]
    [TestCase("hello\r\n")]
    [TestCase("HTTP/1.1 400 Bad Request\r\n")]
    [TestCase("250-Ok\r\n251 Ok\r\n", Description = "the code changes within a reply")]
    [TestCase("250-Ok\r\n\r\n250 Ok\r\n")]
    public void What_is_no_reply_is_malformed(string text)
    {
        var reader = new ReplyReader(Bytes.Whole(text));

        Assert.That(reader.TryRead(out _), Is.EqualTo(ReadResult.Malformed));
    }

    [Test]
    public void A_line_has_a_bound_even_before_it_ends()
    {
        Assert.That(Read("250 " + new string('x', ReplyReader.MaxLineLength - 6) + "\r\n"), Is.EqualTo(ReadResult.Complete));
        Assert.That(Read("250 " + new string('x', ReplyReader.MaxLineLength) + "\r\n"), Is.EqualTo(ReadResult.Malformed));
        Assert.That(Read("250 " + new string('x', ReplyReader.MaxLineLength)), Is.EqualTo(ReadResult.Malformed));
    }

    [Test]
    public void A_reply_has_a_bounded_number_of_lines()
    {
        var most = string.Concat(Enumerable.Repeat("250-x\r\n", ReplyReader.MaxLines - 1));

        Assert.That(Read(most + "250 x\r\n"), Is.EqualTo(ReadResult.Complete));
        Assert.That(Read(most + "250-x\r\n250 x\r\n"), Is.EqualTo(ReadResult.Malformed));
    }

    [Test]
    public void Pipelined_replies_are_read_one_by_one()
    {
        const string Text = "250 2.1.0 Ok\r\n550 5.1.1 No\r\n354 Go\r\n";
        var reader = new ReplyReader(Bytes.Whole(Text));
        var codes = new List<int>();
        while (reader.TryRead(out var reply) is ReadResult.Complete)
        {
            codes.Add(reply.Code);
        }

        Assert.That(codes, Is.EqualTo([250, 550, 354]));
        Assert.That(reader.Consumed, Is.EqualTo(Text.Length));
    }

    [Test]
    public void A_reply_cut_at_any_octet_asks_for_more_and_consumes_nothing([Range(0, 56)] int length)
    {
        var reader = new ReplyReader(Bytes.Whole(Ehlo[..length]));

        Assert.That(reader.TryRead(out _), Is.EqualTo(ReadResult.NeedMore));
        Assert.That(reader.Consumed, Is.Zero);
    }

    [Test]
    public void Where_the_segments_meet_makes_no_difference([Range(1, 56)] int cut)
    {
        var reader = new ReplyReader(Bytes.Cut(Ehlo, cut));

        Assert.That(reader.TryRead(out var reply), Is.EqualTo(ReadResult.Complete));
        Assert.That(reply.Code, Is.EqualTo(250));
        Assert.That(Encoding.ASCII.GetString(reply.Lines.ToArray()), Is.EqualTo(Ehlo));
        Assert.That(reader.Consumed, Is.EqualTo(Ehlo.Length));
    }

    private static ReadResult Read(string text)
    {
        var reader = new ReplyReader(Bytes.Whole(text));
        return reader.TryRead(out _);
    }
}
