using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class SmtpOpeningTests
{
    // "+" is an EHLO reply that offers STARTTLS, "tls" a handshake that succeeded.
    [TestCase("220", TlsPolicy.Opportunistic, OpeningStep.SendEhlo)]
    [TestCase("554", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("421", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("354", TlsPolicy.Opportunistic, OpeningStep.Close)]
    [TestCase("220 250", TlsPolicy.Opportunistic, OpeningStep.Ready)]
    [TestCase("220 250", TlsPolicy.Off, OpeningStep.Ready)]
    [TestCase("220 250", TlsPolicy.Required, OpeningStep.NoTls)]
    [TestCase("220 +", TlsPolicy.Opportunistic, OpeningStep.SendStartTls)]
    [TestCase("220 +", TlsPolicy.Required, OpeningStep.SendStartTls)]
    [TestCase("220 +", TlsPolicy.Off, OpeningStep.Ready)]
    [TestCase("220 450", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("220 421", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("220 354", TlsPolicy.Opportunistic, OpeningStep.Close)]
    [TestCase("220 502", TlsPolicy.Opportunistic, OpeningStep.SendHelo)]
    [TestCase("220 502 250", TlsPolicy.Opportunistic, OpeningStep.Ready)]
    [TestCase("220 502 250", TlsPolicy.Required, OpeningStep.NoTls)]
    [TestCase("220 502 502", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("220 502 +", TlsPolicy.Opportunistic, OpeningStep.Ready, Description = "HELO offers nothing, whatever it says")]
    [TestCase("220 + 220", TlsPolicy.Opportunistic, OpeningStep.Secure)]
    [TestCase("220 + 454", TlsPolicy.Opportunistic, OpeningStep.Ready)]
    [TestCase("220 + 502", TlsPolicy.Opportunistic, OpeningStep.Ready)]
    [TestCase("220 + 454", TlsPolicy.Required, OpeningStep.Refused)]
    [TestCase("220 + 421", TlsPolicy.Opportunistic, OpeningStep.Refused)]
    [TestCase("220 + 354", TlsPolicy.Opportunistic, OpeningStep.Close)]
    [TestCase("220 + 220 tls", TlsPolicy.Required, OpeningStep.SendEhlo)]
    [TestCase("220 + 220 tls 250", TlsPolicy.Required, OpeningStep.Ready)]
    [TestCase("220 + 220 tls +", TlsPolicy.Opportunistic, OpeningStep.Ready, Description = "STARTTLS once")]
    [TestCase("220 + 220 tls 502", TlsPolicy.Opportunistic, OpeningStep.SendHelo)]
    [TestCase("220 + 220 tls 502 250", TlsPolicy.Required, OpeningStep.Ready)]
    public void Replies_lead_to(string replies, TlsPolicy policy, OpeningStep expected)
    {
        Assert.That(Run(replies, policy).Step, Is.EqualTo(expected));
    }

    [TestCase("220 +", Extensions.StartTls)]
    [TestCase("220 + 454", Extensions.StartTls)]
    [TestCase("220 + 220 tls", Extensions.None, Description = "what was said in the clear is forgotten")]
    [TestCase("220 + 220 tls 250", Extensions.None)]
    [TestCase("220 502 +", Extensions.None)]
    public void The_offer_in_force_is_the_last(string replies, Extensions expected)
    {
        Assert.That(Run(replies, TlsPolicy.Opportunistic).Opening.Offer.Extensions, Is.EqualTo(expected));
    }

    [TestCase("", SmtpCommand.Connect)]
    [TestCase("220", SmtpCommand.Ehlo)]
    [TestCase("220 502", SmtpCommand.Ehlo)]
    [TestCase("220 +", SmtpCommand.StartTls)]
    [TestCase("220 + 220 tls", SmtpCommand.Ehlo)]
    [TestCase("220 250", SmtpCommand.None)]
    public void It_knows_whose_reply_comes_next(string replies, SmtpCommand awaits)
    {
        Assert.That(Run(replies, TlsPolicy.Opportunistic).Opening.Awaits, Is.EqualTo(awaits));
    }

    [Test]
    public void Nothing_is_accepted_after_the_end()
    {
        var opening = Run("220 250", TlsPolicy.Off).Opening;

        Assert.That(() => opening.Accept(Reply("250")), Throws.InvalidOperationException);
    }

    private static (OpeningStep Step, SmtpOpening Opening) Run(string replies, TlsPolicy policy)
    {
        var opening = new SmtpOpening(policy);
        var step = OpeningStep.Close;
        foreach (var reply in replies.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            step = reply is "tls" ? opening.OnSecured() : opening.Accept(Reply(reply));
        }

        return (step, opening);
    }

    private static Reply Reply(string code)
    {
        var reader = new ReplyReader(Bytes.Whole(code is "+" ? "250-mx\r\n250 STARTTLS\r\n" : $"{code} text\r\n"));
        return reader.TryRead(out var reply) is ReadResult.Complete ? reply : throw new FormatException(code);
    }
}
