using System.Text;
using Engine.Reports.Imap;

namespace Engine.Tests.Reports.Imap;

internal sealed class ImapOpeningTests
{
    [TestCase("OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello", true, ImapStep.PlainAtOnce)]
    [TestCase("OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello", true, ImapStep.Plain)]
    [TestCase("OK [CAPABILITY IMAP4rev1] hello", true, ImapStep.Login)]
    [TestCase("OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hello", true, ImapStep.Fail)]
    [TestCase("OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN SASL-IR] hello", true, ImapStep.PlainAtOnce)]
    [TestCase("OK hello", true, ImapStep.Capability)]
    [TestCase("OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hello", false, ImapStep.StartTls)]
    [TestCase("OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hello", false, ImapStep.Fail)]
    [TestCase("OK hello", false, ImapStep.Capability)]
    [TestCase("PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello", false, ImapStep.Fail)]
    [TestCase("BYE too many", true, ImapStep.Fail)]
    [TestCase("", true, ImapStep.Fail)]
    public void A_greeting_decides_the_next_step(string greeting, bool isSecured, object expected)
    {
        var opening = new ImapOpening(isSecured);
        Assert.That(opening.OnGreeting(Encoding.ASCII.GetBytes(greeting)), Is.EqualTo((ImapStep)expected));
        Assert.That(opening.Trouble.Length > 0, Is.EqualTo((ImapStep)expected is ImapStep.Fail));
    }

    [Test]
    public void What_was_said_before_TLS_is_forgotten_and_a_login_comes_only_after_it()
    {
        var opening = new ImapOpening(isSecured: false);
        Assert.That(opening.OnGreeting("OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN SASL-IR] hello"u8), Is.EqualTo(ImapStep.StartTls));
        Assert.That(opening.OnSecured(), Is.EqualTo(ImapStep.Capability));
        Assert.That(opening.OnCapabilities([Encoding.ASCII.GetBytes("CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")]), Is.EqualTo(ImapStep.Plain));
        Assert.That(opening.OnLogin(), Is.EqualTo(ImapStep.Capability));
        Assert.That(opening.OnCapabilities([Encoding.ASCII.GetBytes("CAPABILITY IMAP4rev1 SPECIAL-USE UIDPLUS\r\n")]), Is.EqualTo(ImapStep.Ready));
        Assert.That((opening.Has("uidplus"), opening.Has("AUTH=PLAIN")), Is.EqualTo((true, false)));
    }
}
