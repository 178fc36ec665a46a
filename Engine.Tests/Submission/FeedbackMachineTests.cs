using System.Text;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>The dialogue of a feedback listener, row by row; <c>TOKEN</c> is a good bounce token.</summary>
internal sealed class FeedbackMachineTests
{
    private const string Start = "";
    private const string Ready = "EHLO c";
    private const string Sender = "EHLO c|MAIL FROM:<>";
    private const string Recipients = "EHLO c|MAIL FROM:<>|RCPT TO:<TOKEN@bounce.mta1.example.com>";

    [TestCase(Start, "EHLO c", "250")]
    [TestCase(Start, "HELO c", "250")]
    [TestCase(Start, "EHLO", "501")]
    [TestCase(Start, "STARTTLS", "503")]
    [TestCase(Start, "MAIL FROM:<>", "503 5.5.1")]
    [TestCase(Start, "RCPT TO:<postmaster>", "503 5.5.1")]
    [TestCase(Start, "DATA", "503 5.5.1")]
    [TestCase(Start, "RSET", "250 2.0.0")]
    [TestCase(Start, "NOOP", "250 2.0.0")]
    [TestCase(Start, "HELP", "214 2.0.0")]
    [TestCase(Start, "VRFY x", "252 2.1.5")]
    [TestCase(Start, "VRFY", "501")]
    [TestCase(Start, "EXPN x", "502")]
    [TestCase(Start, "AUTH PLAIN AHgAeA==", "502 5.5.1")]
    [TestCase(Start, "QUIT", "221 2.0.0 CLOSE")]
    [TestCase(Start, "QUIT now", "501")]
    [TestCase(Start, "BDAT 5", "502 5.5.1 CLOSE")]
    [TestCase(Start, "GET / HTTP/1.1", "500 5.5.1 CLOSE")]
    [TestCase(Start, "XYZZY", "500 5.5.1")]
    [TestCase(Start, "NOOP \u0001", "500 5.5.2")]
    [TestCase(Ready, "STARTTLS", "220 2.0.0 TLS")]
    [TestCase(Ready, "STARTTLS x", "501")]
    [TestCase(Ready, "AUTH PLAIN AHgAeA==", "502 5.5.1")]
    [TestCase(Ready, "MAIL FROM:<>", "250 2.1.0")]
    [TestCase(Ready, "MAIL FROM:<somebody@b.example> BODY=8BITMIME SIZE=1000 RET=HDRS ENVID=x", "250 2.1.0")]
    [TestCase(Ready, "MAIL FROM:<\u00fc@b.example>", "501 5.1.7")]
    [TestCase(Ready, "MAIL FROM:<x@[192.0.2.1]>", "501 5.1.7")]
    [TestCase(Ready, "MAIL FROM:", "501 5.1.7")]
    [TestCase(Ready, "MAIL FROM:<> SIZE=999999999", "552 5.3.4")]
    [TestCase(Ready, "MAIL FROM:<> X=1", "555 5.5.4")]
    [TestCase(Ready, "RCPT TO:<postmaster>", "503 5.5.1")]
    [TestCase(Ready, "DATA", "503 5.5.1")]
    [TestCase(Sender, "MAIL FROM:<>", "503 5.5.1")]
    [TestCase(Sender, "STARTTLS", "503 5.5.1")]
    [TestCase(Sender, "DATA", "503 5.5.1")]
    [TestCase(Sender + "|RCPT TO:<x@mta1.example.com>", "DATA", "554 5.5.1")]
    [TestCase(Sender, "RCPT TO:<TOKEN@bounce.mta1.example.com>", "250 2.1.5")]
    [TestCase(Sender, "RCPT TO:<TOKEN@bounce.mta1.example.com> NOTIFY=NEVER ORCPT=rfc822;x", "250 2.1.5")]
    [TestCase(Sender, "RCPT TO:<@relay.example:TOKEN@bounce.mta1.example.com>", "250 2.1.5")]
    [TestCase(Sender, "RCPT TO:<fbl@mta1.example.com>", "250 2.1.5")]
    [TestCase(Sender, "RCPT TO:<Postmaster>", "250 2.1.5")]
    [TestCase(Sender, "RCPT TO:<abuse@out1.example.com>", "250 2.1.5")]
    [TestCase(Sender, "RCPT TO:<x@mta1.example.com>", "550 5.1.1")]
    [TestCase(Sender, "RCPT TO:<FORGED@bounce.mta1.example.com>", "550 5.1.1")]
    [TestCase(Sender, "RCPT TO:<OLD@bounce.mta1.example.com>", "550 5.7.1")]
    [TestCase(Sender, "RCPT TO:<somebody@gmail.example>", "550 5.7.1")]
    [TestCase(Sender, "RCPT TO:<TOKEN@gmail.example>", "550 5.7.1")]
    [TestCase(Sender, "RCPT TO:<somebody%gmail.example@mta1.example.com>", "550 5.1.1")]
    [TestCase(Sender, "RCPT TO:<x@[127.0.0.1]>", "501 5.1.3")]
    [TestCase(Sender, "RCPT TO:<>", "501 5.1.3")]
    [TestCase(Sender, "RCPT TO:<abuse>", "501 5.1.3")]
    [TestCase(Ready, "MAIL FROM:<> REQUIRETLS", "555 5.5.4")]
    [TestCase("EHLO c|MAIL FROM:<> SIZE=27000000", "RCPT TO:<postmaster>", "552 5.3.4")]
    [TestCase("EHLO c|MAIL FROM:<> SIZE=27000000", "RCPT TO:<TOKEN@bounce.mta1.example.com>", "250 2.1.5")]
    [TestCase(Recipients, "DATA", "354 DATA")]
    [TestCase(Recipients, "DATA now", "501")]
    [TestCase(Recipients, "RSET", "250 2.0.0")]
    [TestCase(Recipients + "|RSET", "RCPT TO:<postmaster>", "503 5.5.1")]
    [TestCase(Recipients, "EHLO d", "250")]
    [TestCase(Recipients + "|EHLO d", "DATA", "503 5.5.1")]
    [TestCase(Recipients, "BDAT 5 LAST", "502 5.5.1 CLOSE")]
    public async Task A_command_is_answered(string before, string line, string expected)
    {
        await using var rig = new InboundRig();
        var machine = rig.Machine(canSecure: true);
        foreach (var earlier in before.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            _ = machine.Take(Octets(rig, earlier));
        }

        var step = machine.Take(Octets(rig, line));
        var kind = step.Kind switch
        {
            StepKind.Close => " CLOSE",
            StepKind.StartTls => " TLS",
            StepKind.ReadContent => " DATA",
            _ => string.Empty,
        };
        var enhanced = expected.Contains('.', StringComparison.Ordinal) ? $" {step.Reply.Enhanced}" : string.Empty;
        Assert.That($"{step.Reply.Code}{enhanced}{kind}", Is.EqualTo(expected));
    }

    [Test]
    public async Task Ehlo_offers_no_login_no_dsn_and_no_chunks()
    {
        await using var rig = new InboundRig();
        var machine = rig.Machine(canSecure: true);
        var offer = machine.Take("EHLO c"u8).Reply.Text;
        Assert.That(offer, Is.EqualTo($"mta1.example.com\nPIPELINING\nSIZE {(50 << 20) + (1 << 20)}\nSTARTTLS\nENHANCEDSTATUSCODES\n8BITMIME\nSMTPUTF8\nLIMITS RCPTMAX=10"));

        machine.Secured();
        Assert.That(machine.Take("MAIL FROM:<>"u8).Reply.Code, Is.EqualTo(503), "what was said before the handshake is forgotten");
        Assert.That(machine.Take("EHLO c"u8).Reply.Text, Does.Not.Contain("STARTTLS"));
    }

    [Test]
    public async Task Ten_recipients_are_enough()
    {
        await using var rig = new InboundRig();
        var machine = rig.Machine();
        _ = machine.Take("EHLO c"u8);
        _ = machine.Take("MAIL FROM:<>"u8);
        var codes = Enumerable.Range(0, 11).Select(id => machine.Take(Encoding.ASCII.GetBytes($"RCPT TO:<{rig.Reports.Address(rig.Reports.Token(TokenPurpose.Bounce, id: (ulong)id))}>")).Reply.ToString()[..9]);

        Assert.That(codes, Is.EqualTo(Enumerable.Repeat("250 2.1.5", 10).Append("452 4.5.3")));
    }

    [Test]
    public async Task Who_guesses_twenty_times_is_sent_away()
    {
        await using var rig = new InboundRig();
        var machine = rig.Machine();
        _ = machine.Take("EHLO c"u8);
        _ = machine.Take("MAIL FROM:<>"u8);
        var replies = Enumerable.Range(0, 20).Select(guess => machine.Take(Encoding.ASCII.GetBytes($"RCPT TO:<u{guess}@mta1.example.com>"))).ToList();

        Assert.That(replies.Take(19).Select(step => step.Reply.Code), Is.All.EqualTo(550));
        Assert.That((replies[19].Kind, replies[19].Reply.Code), Is.EqualTo((StepKind.Close, (ushort)421)));
    }

    [Test]
    public async Task Addresses_open_to_everybody_are_rationed_and_tokens_are_not()
    {
        await using var rig = new InboundRig(rate: 1, burst: 2);
        var machine = rig.Machine();
        _ = machine.Take("EHLO c"u8);
        _ = machine.Take("MAIL FROM:<>"u8);

        Assert.That(machine.Take("RCPT TO:<postmaster>"u8).Reply.Code, Is.EqualTo(250));
        Assert.That(machine.Take("RCPT TO:<fbl@mta1.example.com>"u8).Reply.Code, Is.EqualTo(250));
        Assert.That(machine.Take("RCPT TO:<abuse@mta1.example.com>"u8).Reply.ToString(), Does.StartWith("451 4.7.1"));
        Assert.That(machine.Take(Octets(rig, "RCPT TO:<TOKEN@bounce.mta1.example.com>")).Reply.Code, Is.EqualTo(250));
    }

    [Test]
    public async Task Without_memory_mail_is_put_off()
    {
        await using var rig = new InboundRig();
        var machine = rig.Machine(isTight: true);
        _ = machine.Take("EHLO c"u8);

        Assert.That(machine.Take("MAIL FROM:<>"u8).Reply.ToString(), Does.StartWith("452 4.3.1"));
    }

    private static byte[] Octets(InboundRig rig, string line)
    {
        var (token, old) = (rig.Reports.Token(TokenPurpose.Bounce), rig.Reports.Token(TokenPurpose.Bounce) with { Day = 10 });
        var forged = rig.Reports.Ring.Seal(token)[..^4] + "0000";
        return Encoding.Latin1.GetBytes(line
            .Replace("TOKEN", rig.Reports.Ring.Seal(token), StringComparison.Ordinal)
            .Replace("FORGED", forged, StringComparison.Ordinal)
            .Replace("OLD", rig.Reports.Ring.Seal(old), StringComparison.Ordinal));
    }
}
