using System.Text;
using Engine.Delivery.Smtp;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class ReplyTextTests
{
    [TestCase("550 No such user\r\n", "No such user")]
    [TestCase("550 5.1.1 No such user\r\n", "No such user")]
    [TestCase("550-5.1.1 The account\r\n550-5.1.1 does not exist.\r\n550 5.1.1  https://example.test/?p=1\r\n", "The account does not exist. https://example.test/?p=1")]
    [TestCase("550-5.1.1 first\r\n550 5.1.10 second\r\n", "first 5.1.10 second")]
    [TestCase("550 4.7.1 class differs\r\n", "4.7.1 class differs")]
    [TestCase("550-\r\n550\r\n", "")]
    [TestCase("550 5.1.1\r\n", "5.1.1")]
    [TestCase("450 a\tb\u0007c\r\n", "a\\x09b\\x07c")]
    [TestCase("450 a\0b\r\n", "a\\x00b")]
    [TestCase("450 Größe überschritten\r\n", "Größe überschritten")]
    [TestCase("450 evil\u202Etxt\r\n", "evil\\xE2\\x80\\xAEtxt")]
    [TestCase("450 \u001b[31mred\r\n", "\\x1B[31mred")]
    [TestCase("354 go\r\n", "go")]
    public void The_text_is_without_codes_and_printable(string reply, string text)
    {
        Assert.That(new ReplyText().Of(Read(Encoding.UTF8.GetBytes(reply))), Is.EqualTo(text));
    }

    [Test]
    public void Octets_that_are_no_utf8_are_escaped()
    {
        Assert.That(new ReplyText().Of(Read([.. "550 a"u8, 0xFF, 0xC3, .. "b\r\n"u8])), Is.EqualTo("a\\xFF\\xC3b"));
    }

    [Test]
    public void A_refusal_keeps_a_kibibyte_and_a_success_what_holds_a_queue_id()
    {
        var text = new ReplyText();
        var line = new string('x', 1_500);

        Assert.That(text.Of(Read(Encoding.UTF8.GetBytes($"550-{line}\r\n550 {line}\r\n"))), Has.Length.EqualTo(ReplyText.MaxLength));
        Assert.That(text.Of(Read(Encoding.UTF8.GetBytes($"250 {line}\r\n"))), Has.Length.EqualTo(ReplyText.MaxSuccessLength));
    }

    [Test]
    public void The_bound_never_cuts_a_character_or_an_escape([Range(0, 5)] int shift)
    {
        var text = new ReplyText().Of(Read(Encoding.UTF8.GetBytes("550 " + new string('x', 1_020 + shift) + "€\u0001\r\n")));

        Assert.That(Encoding.UTF8.GetByteCount(text), Is.LessThanOrEqualTo(ReplyText.MaxLength));
        Assert.That(text.TrimStart('x'), Is.AnyOf(string.Empty, "€"));
    }

    [Test]
    public void Equal_texts_are_one_string()
    {
        var text = new ReplyText();
        var first = text.Of(Read("250 2.0.0 Ok: queued"u8.ToArray()));

        Assert.That(text.Of(Read("250 2.0.0 Ok: queued"u8.ToArray())), Is.SameAs(first));
        Assert.That(text.Of(Read("250 2.0.0 Ok: other"u8.ToArray())), Is.EqualTo("Ok: other"));
    }

    [Test]
    public void A_text_of_another_kind_but_equal_length_is_another_string()
    {
        var text = new ReplyText();

        Assert.That(text.Of(Read("550 é"u8.ToArray())), Is.EqualTo("é"));
        Assert.That(text.Of(Read("550 xy"u8.ToArray())), Is.EqualTo("xy"));
        Assert.That(text.Of(Read("550 é"u8.ToArray())), Is.EqualTo("é"));
    }

    private static Reply Read(byte[] octets)
    {
        var reader = new ReplyReader(new([.. octets, .. "\r\n"u8]));
        return reader.TryRead(out var reply) is ReadResult.Complete ? reply : throw new FormatException("no reply");
    }
}
