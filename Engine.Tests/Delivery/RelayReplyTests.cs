using Engine.Delivery;
using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Tests.Delivery;

internal sealed class RelayReplyTests
{
    [TestCase(OutcomeKind.Delivered, SmtpCommand.Dot, 250, "2.0.0 queued", OutcomeKind.Delivered)]
    [TestCase(OutcomeKind.Uncertain, SmtpCommand.Dot, 0, "closed", OutcomeKind.Uncertain)]
    [TestCase(OutcomeKind.Unreachable, SmtpCommand.Connect, 0, "connection refused", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Local, SmtpCommand.Connect, 0, "no source", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Connect, 421, "busy", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Rcpt, 450, "try later", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Dot, 451, "try later", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Auth, 535, "5.7.8 Error: authentication failed", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Auth, 554, "no", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Mail, 530, "5.7.0 Must issue a STARTTLS command first", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Mail, 535, "", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Rcpt, 554, "<b@x.test>: Relay access denied", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Rcpt, 554, "<b@x.test>: Recipient address rejected: Access denied", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Rcpt, 550, "relay not permitted", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Rcpt, 550, "Unable to relay for b@x.test", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Rcpt, 550, "Relaying denied. IP name lookup failed", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Rcpt, 553, "sorry, that domain isn't in my list of allowed rcpthosts", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Mail, 553, "<a@x.test>: Sender address rejected: not owned by user u", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Mail, 550, "Authentication is required for relay", OutcomeKind.Local)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Rcpt, 550, "no such user", OutcomeKind.Refused)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Mail, 550, "sender refused", OutcomeKind.Refused)]
    [TestCase(OutcomeKind.Refused, SmtpCommand.Dot, 554, "spam", OutcomeKind.Refused)]
    [TestCase(OutcomeKind.NotOffered, SmtpCommand.Mail, 0, "SMTPUTF8", OutcomeKind.Local)]
    public void An_outcome_at_a_relay_is(OutcomeKind kind, SmtpCommand command, int code, string text, OutcomeKind expected) =>
        Assert.That(RelayReply.Of(kind, new Verdict((ushort)code, default, command, text)), Is.EqualTo(expected));

    [Test]
    public void A_message_that_is_none_is_the_recipients_end_at_a_relay_too() => Assert.That(
        RelayReply.Of(OutcomeKind.NotOffered, new Verdict(0, new EnhancedCode(5, 6, 0), SmtpCommand.Dot, "bare LF")),
        Is.EqualTo(OutcomeKind.NotOffered));
}
