using System.Buffers;
using System.Text;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class CommandWriterTests
{
    private const Extensions All = (Extensions)511;

    [TestCase(Extensions.None, BodyNeeds.None, "MAIL FROM:<s@a.example>\r\n")]
    [TestCase(Extensions.Size, BodyNeeds.None, "MAIL FROM:<s@a.example> SIZE=9\r\n")]
    [TestCase(Extensions.EightBitMime, BodyNeeds.None, "MAIL FROM:<s@a.example>\r\n")]
    [TestCase(Extensions.EightBitMime, BodyNeeds.EightBit, "MAIL FROM:<s@a.example> BODY=8BITMIME\r\n")]
    [TestCase(Extensions.None, BodyNeeds.EightBit, "MAIL FROM:<s@a.example>\r\n", Description = "sent as it is")]
    [TestCase(Extensions.RequireTls, BodyNeeds.RequireTls, "MAIL FROM:<s@a.example> REQUIRETLS\r\n")]
    [TestCase(Extensions.RequireTls, BodyNeeds.TlsOptional, "MAIL FROM:<s@a.example>\r\n")]
    [TestCase(All, BodyNeeds.EightBit | BodyNeeds.SmtpUtf8, "MAIL FROM:<s@a.example> SIZE=9 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=e+2B1\r\n")]
    public void MAIL_says_what_is_needed_and_offered(Extensions offered, BodyNeeds needs, string line)
    {
        Assert.That(Mail(Job(needs), offered), Is.EqualTo(line));
    }

    [Test]
    public void The_null_path_is_empty()
    {
        var job = new SmtpJob { Sender = default, Recipients = new TestRecipients("a@b.example"), Head = default, Content = default, Return = ReturnContent.Full };

        Assert.That(Mail(job, Extensions.Dsn), Is.EqualTo("MAIL FROM:<> RET=FULL\r\n"));
    }

    [TestCase(Extensions.None, Notify.Never, "rfc822;r@b.example", "RCPT TO:<r@b.example>\r\n")]
    [TestCase(Extensions.Dsn, Notify.None, "", "RCPT TO:<r@b.example>\r\n")]
    [TestCase(Extensions.Dsn, Notify.Never, "", "RCPT TO:<r@b.example> NOTIFY=NEVER\r\n")]
    [TestCase(Extensions.Dsn, Notify.Failure, "", "RCPT TO:<r@b.example> NOTIFY=FAILURE\r\n")]
    [TestCase(Extensions.Dsn, Notify.Success | Notify.Delay, "rfc822;r@b.example", "RCPT TO:<r@b.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;r@b.example\r\n")]
    public void RCPT_carries_the_wishes_only_where_they_are_understood(Extensions offered, Notify notify, string original, string line)
    {
        var recipients = new TestRecipients("r@b.example") { Notify = notify, OriginalRecipient = original };
        Span<byte> target = new byte[500];
        var writer = new CommandWriter(target);

        Assert.That(writer.TryRcpt(recipients, 0, new EhloOffer { Extensions = offered }), Is.True);
        Assert.That(Encoding.ASCII.GetString(target[..writer.Length]), Is.EqualTo(line));
    }

    [TestCase("a\r\nRCPT TO:<evil@x.example>@b.example")]
    [TestCase("a\nb@b.example")]
    [TestCase("a\0@b.example")]
    [TestCase("a\u007f@b.example")]
    public void An_address_that_would_be_another_command_is_refused(string address)
    {
        var writer = new CommandWriter(new byte[500]);

        Assert.That(writer.TryRcpt(new TestRecipients(address), 0, default), Is.False);
        Assert.That(writer.IsUnclean, Is.True);
        Assert.That(writer.Length, Is.Zero);
    }

    [TestCase("a b")]
    [TestCase("a\r\nb")]
    [TestCase("é")]
    public void A_parameter_is_printable_and_without_blanks(string original)
    {
        var writer = new CommandWriter(new byte[500]);

        Assert.That(writer.TryRcpt(new TestRecipients("a@b.example") { OriginalRecipient = original }, 0, new EhloOffer { Extensions = All }), Is.False);
        Assert.That(writer.IsUnclean, Is.True);
    }

    [Test]
    public void A_command_is_written_wholly_or_not_at_all([Range(0, 26)] int room)
    {
        Span<byte> target = new byte[6 + room];
        var writer = new CommandWriter(target);
        Assert.That(writer.TryCommand("DATA"u8), Is.True);

        Assert.That(writer.TryMail(Job(BodyNeeds.None), default), Is.EqualTo(room >= 25));
        Assert.That(writer.Length, Is.EqualTo(room >= 25 ? 31 : 6));
        Assert.That(writer.IsUnclean, Is.False);
    }

    private static string Mail(in SmtpJob job, Extensions offered)
    {
        Span<byte> target = new byte[500];
        var writer = new CommandWriter(target);
        Assert.That(writer.TryMail(job, new EhloOffer { Extensions = offered }), Is.True);
        return Encoding.ASCII.GetString(target[..writer.Length]);
    }

    private static SmtpJob Job(BodyNeeds needs) => new()
    {
        Sender = "s@a.example"u8.ToArray(),
        Recipients = new TestRecipients("r@b.example"),
        Head = "A: b\r\n"u8.ToArray(),
        Content = new ReadOnlySequence<byte>(".".Select(octet => (byte)octet).ToArray()),
        Needs = needs,
        Return = ReturnContent.Headers,
        EnvelopeId = "e+2B1"u8.ToArray(),
    };
}
