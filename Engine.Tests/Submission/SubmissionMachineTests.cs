using System.Net;
using System.Text;
using Engine.Configuration;
using Engine.Limits;
using Engine.Submission;

namespace Engine.Tests.Submission;

internal sealed class SubmissionMachineTests
{
    // Commands on a listener without authentication, parted by |, and the codes of their replies. C is content taken, c refused, > a chunk.
    [TestCase("MAIL FROM:<>", "503", TestName = "MAIL before EHLO")]
    [TestCase("RCPT TO:<a@b.example>", "503", TestName = "RCPT before EHLO")]
    [TestCase("DATA", "503", TestName = "DATA before EHLO")]
    [TestCase("STARTTLS", "502", TestName = "STARTTLS where it is off")]
    [TestCase("AUTH PLAIN", "502", TestName = "AUTH where no login is asked for")]
    [TestCase("EHLO", "501", TestName = "EHLO without a name")]
    [TestCase("EHLO a b", "501", TestName = "EHLO with two names")]
    [TestCase("EHLO (x)", "501", TestName = "EHLO with a name that would break Received")]
    [TestCase("EHLO [192.0.2.1]", "250", TestName = "EHLO with a literal")]
    [TestCase("HELO c|MAIL FROM:<>", "250 250", TestName = "HELO is enough")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<a@b.example>|DATA|C|MAIL FROM:<>", "250 250 250 354 250 250", TestName = "A whole transaction, and the next")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<a@b.example>|DATA|c|MAIL FROM:<>", "250 250 250 354 550 250", TestName = "Refused content ends the transaction too")]
    [TestCase("EHLO c|MAIL FROM:<>|MAIL FROM:<>", "250 250 503", TestName = "MAIL within a transaction")]
    [TestCase("EHLO c|MAIL FROM:<>|DATA", "250 250 503", TestName = "DATA without RCPT")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<x>|DATA", "250 250 501 554", TestName = "DATA when every RCPT was refused")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<x>|RCPT TO:<a@b.example>|DATA", "250 250 501 250 354", TestName = "One good RCPT is enough")]
    [TestCase("EHLO c|RCPT TO:<a@b.example>", "250 503", TestName = "RCPT before MAIL")]
    [TestCase("EHLO c|MAIL FROM:<>|RSET|RCPT TO:<a@b.example>", "250 250 250 503", TestName = "RSET ends a transaction")]
    [TestCase("EHLO c|MAIL FROM:<>|EHLO c|RCPT TO:<a@b.example>", "250 250 250 503", TestName = "EHLO ends a transaction")]
    [TestCase("EHLO c|MAIL FROM:<>|NOOP|HELP|VRFY a|RCPT TO:<a@b.example>", "250 250 250 214 252 250", TestName = "NOOP, HELP and VRFY end none")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<a@b.example>|DATA now", "250 250 250 501", TestName = "DATA takes no argument")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<a@b.example>|>BDAT 5|>BDAT 5 LAST|C", "250 250 250 250 - 250", TestName = "Chunks")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<a@b.example>|>BDAT 5|DATA", "250 250 250 250 503", TestName = "DATA after BDAT")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<a@b.example>|>BDAT 5|RCPT TO:<a@b.example>", "250 250 250 250 503", TestName = "RCPT after BDAT")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<a@b.example>|>BDAT 5|RSET|BDAT 5", "250 250 250 250 250 503", TestName = "RSET between chunks")]
    [TestCase("EHLO c|BDAT 5 LAST", "250 503", TestName = "BDAT without a transaction")]
    [TestCase("EHLO c|MAIL FROM:<>|BDAT 5 LAST", "250 250 503", TestName = "BDAT without RCPT")]
    [TestCase("EHLO c|BDAT x", "250 501!", TestName = "BDAT with a count that cannot be read closes")]
    [TestCase("EHLO c|BDAT 5 FIRST", "250 501!", TestName = "BDAT with another word closes")]
    [TestCase("EHLO c|BDAT -5", "250 501!", TestName = "BDAT with a negative count closes")]
    [TestCase("EHLO c|BDAT 99999999999999999999", "250 501!", TestName = "BDAT with a count beyond 64 bits closes")]
    [TestCase("EHLO c|BDAT 999999999999", "250 552!", TestName = "BDAT with a count beyond all reason closes")]
    [TestCase("EXPN list|FOO|", "502 500 500", TestName = "EXPN and unknown commands")]
    [TestCase("QUIT", "221!", TestName = "QUIT")]
    [TestCase("QUIT now", "501", TestName = "QUIT takes no argument")]
    [TestCase("GET / HTTP/1.1", "500!", TestName = "A browser is sent away")]
    [TestCase("NO\u0001OP", "500", TestName = "A control octet in a command")]
    [TestCase("EHLO c|MAIL FROM:<> SIZE=52428801", "250 552", TestName = "SIZE beyond the limit")]
    [TestCase("EHLO c|MAIL FROM:<> SIZE=52428800", "250 250", TestName = "SIZE at the limit")]
    [TestCase("EHLO c|MAIL FROM:<a@[192.0.2.1]>", "250 501", TestName = "A literal as sender")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<a@[192.0.2.1]>", "250 250 501", TestName = "A literal as recipient")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<Postmaster>", "250 250 550", TestName = "The postmaster without a domain")]
    [TestCase("EHLO c|MAIL FROM:<>|RCPT TO:<>", "250 250 501", TestName = "The null path as recipient")]
    [TestCase("EHLO c|MAIL FROM:<> REQUIRETLS", "250 530", TestName = "REQUIRETLS in the clear")]
    [TestCase("EHLO c|T|EHLO c|MAIL FROM:<> REQUIRETLS", "250 + 250 250", TestName = "REQUIRETLS within TLS")]
    [TestCase("EHLO c|T|EHLO c|MAIL FROM:<> REQUIRETLS=1", "250 + 250 501", TestName = "REQUIRETLS has no value")]
    [TestCase("EHLO c|T|EHLO c|MAIL FROM:<> REQUIRETLS REQUIRETLS", "250 + 250 501", TestName = "REQUIRETLS twice")]
    [TestCase("EHLO c|MAIL FROM:<\u00e4@b.example>", "250 553", TestName = "UTF-8 without SMTPUTF8")]
    [TestCase("EHLO c|MAIL FROM:<\u00e4@b.example> SMTPUTF8", "250 250", TestName = "UTF-8 with SMTPUTF8")]
    public void Commands_are_answered(string commands, string codes)
    {
        Assert.That(Run(Machine(), commands), Is.EqualTo(codes));
    }

    // On a listener that asks for a login; the client is on loopback. ? is a login that is good, ! one that is bad, B: too busy.
    [TestCase("EHLO c|MAIL FROM:<>", "250 530", TestName = "MAIL without a login")]
    [TestCase("AUTH PLAIN AGEAYg==", "503", TestName = "AUTH before EHLO")]
    [TestCase("EHLO c|AUTH PLAIN AGEAYg==|?|MAIL FROM:<a@acme.example>", "250 - 235 250", TestName = "PLAIN with its response")]
    [TestCase("EHLO c|AUTH PLAIN|AGEAYg==|?", "250 334 - 235", TestName = "PLAIN without")]
    [TestCase("EHLO c|AUTH LOGIN|YQ==|Yg==|?", "250 334 334 - 235", TestName = "LOGIN")]
    [TestCase("EHLO c|AUTH LOGIN YQ==|Yg==|?", "250 334 - 235", TestName = "LOGIN with the name at once")]
    [TestCase("EHLO c|AUTH PLAIN|*|NOOP", "250 334 501 250", TestName = "The client gives up")]
    [TestCase("EHLO c|AUTH PLAIN !!!!", "250 501", TestName = "Not base64")]
    [TestCase("EHLO c|AUTH PLAIN YQ==", "250 501", TestName = "PLAIN without its NULs")]
    [TestCase("EHLO c|AUTH CRAM-MD5", "250 504", TestName = "A mechanism that is not offered")]
    [TestCase("EHLO c|AUTH PLAIN AGEAYg==|?|AUTH PLAIN AGEAYg==", "250 - 235 503", TestName = "AUTH twice")]
    [TestCase("EHLO c|AUTH PLAIN AGEAYg==|?|MAIL FROM:<a@acme.example>|AUTH PLAIN AGEAYg==", "250 - 235 250 503", TestName = "AUTH within a transaction")]
    [TestCase("EHLO c|AUTH PLAIN AGEAYg==|!|AUTH PLAIN AGEAYg==|!|AUTH PLAIN AGEAYg==|!", "250 - 535 - 535 - 421!", TestName = "Three wrong logins")]
    [TestCase("EHLO c|AUTH PLAIN AGEAYg==|B", "250 - 454", TestName = "Too many logins at once")]
    public void Logins_are_answered(string commands, string codes)
    {
        Assert.That(Run(Machine("submission"), commands), Is.EqualTo(codes));
    }

    [TestCase("EHLO c|AUTH PLAIN AGEAYg==", "250 538", TestName = "AUTH in the clear from afar")]
    [TestCase("EHLO c|MAIL FROM:<>", "250 530", TestName = "MAIL in the clear from afar")]
    [TestCase("STARTTLS", "503", TestName = "STARTTLS before EHLO")]
    [TestCase("EHLO c|STARTTLS now", "250 501", TestName = "STARTTLS takes no argument")]
    [TestCase("EHLO c|STARTTLS|T|MAIL FROM:<>", "250 220 + 503", TestName = "After the handshake all is forgotten")]
    [TestCase("EHLO c|STARTTLS|T|EHLO c|STARTTLS", "250 220 + 250 503", TestName = "STARTTLS twice")]
    [TestCase("EHLO c|STARTTLS|T|EHLO c|AUTH PLAIN AGEAYg==|?", "250 220 + 250 - 235", TestName = "AUTH under TLS")]
    public void Tls_is_asked_for(string commands, string codes)
    {
        var options = Sample.Options;
        options = options with { Listeners = new Dictionary<string, ListenerOptions> { ["submission"] = new() { Bind = ["127.0.0.1:0"], Tls = ListenerTls.Starttls } } };

        Assert.That(Run(Machine("submission", options, "203.0.113.9"), commands), Is.EqualTo(codes));
    }

    [Test]
    public void Ehlo_offers_what_there_is()
    {
        var machine = Machine("submission");

        Assert.That(machine.Take("EHLO c"u8).Reply.Text.Split('\n'), Is.EqualTo(new[]
        {
            "mta1.example.com", "PIPELINING", "SIZE 52428800", "AUTH PLAIN LOGIN", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "LIMITS RCPTMAX=1000",
        }));
        Assert.That(Machine().Take("EHLO c"u8).Reply.Text, Does.Not.Contain("AUTH").And.Not.Contain("STARTTLS"));
        Assert.That(machine.Take("HELO c"u8).Reply.Text, Is.EqualTo("mta1.example.com"));
    }

    [Test]
    public void Twenty_errors_are_enough_but_recipients_do_not_count()
    {
        var machine = Machine();
        _ = Run(machine, "EHLO c|MAIL FROM:<>");
        for (var round = 0; round < 100; round++)
        {
            Assert.That(machine.Take("RCPT TO:<x>"u8).Kind, Is.EqualTo(StepKind.Reply));
        }

        for (var round = 1; round < 20; round++)
        {
            Assert.That(machine.Take("FOO"u8).Reply, Is.EqualTo(Replies.Unknown));
        }

        Assert.That(machine.Take("FOO"u8), Is.EqualTo(new Step(StepKind.Close, Replies.TooManyErrors)));
    }

    [Test]
    public void Chatter_without_mail_ends_the_connection_and_mail_starts_the_count_over()
    {
        var machine = Machine();
        for (var round = 0; round < 119; round++)
        {
            Assert.That(machine.Take("NOOP"u8).Kind, Is.EqualTo(StepKind.Reply), $"NOOP number {round}");
        }

        _ = machine.Finish(Replies.Ok);
        Assert.That(machine.Take("NOOP"u8).Kind, Is.EqualTo(StepKind.Reply));
        for (var round = 0; round < 118; round++)
        {
            _ = machine.Take("NOOP"u8);
        }

        Assert.That(machine.Take("NOOP"u8).Kind, Is.EqualTo(StepKind.Close));
    }

    [Test]
    public void Recipients_have_a_limit()
    {
        var options = Sample.Options;
        var machine = Machine(options: options with { Queue = options.Queue with { MaxRecipients = 2 } });

        Assert.That(
            Run(machine, "EHLO c|MAIL FROM:<>|RCPT TO:<a@b.example>|RCPT TO:<b@b.example>|RCPT TO:<c@b.example>|DATA"),
            Is.EqualTo("250 250 250 250 452 354"));
    }

    [Test]
    public void REQUIRETLS_is_offered_within_TLS_alone()
    {
        var machine = Machine();
        Assert.That(machine.Take("EHLO c"u8).Reply.Text, Does.Not.Contain("REQUIRETLS"));

        machine.Secured();
        Assert.That(machine.Take("EHLO c"u8).Reply.Text.Split('\n'), Does.Contain("REQUIRETLS"));
    }

    private static SubmissionMachine Machine(string listener = "local", EngineOptions? options = null, string client = "127.0.0.1")
    {
        var rules = new RulesInForce(new CurrentSnapshot(Sample.Snapshot(options)));
        var facts = new ClientFacts(rules.Value.Listeners[listener], IPAddress.Parse(client), 1, CanSecure: true);
        return new SubmissionMachine(facts, rules, new AccountMeters(new LimitTree(TimeProvider.System), TimeProvider.System), () => null, new SubmissionLimits());
    }

    private static string Run(SubmissionMachine machine, string commands)
    {
        var codes = new List<string>();
        foreach (var command in commands.Split('|'))
        {
            var step = command switch
            {
                "C" => machine.Finish(Replies.Ok),
                "c" => machine.Finish(Replies.NoFrom),
                "?" => machine.TakeVerdict("acme/app", AuthVerdict.Good),
                "!" => machine.TakeVerdict("acme/app", AuthVerdict.Bad),
                "B" => machine.TakeVerdict("acme/app", AuthVerdict.Busy),
                "T" => Secure(machine),
                [.. var line] => machine.Take(Encoding.UTF8.GetBytes(line.TrimStart('>'))),
            };
            if (step.Kind is StepKind.ReadChunk)
            {
                step = step.IsLast ? step : SubmissionMachine.ChunkTaken(step.Octets);
            }

            codes.Add(command == "T" ? "+" : step.Kind is StepKind.Authenticate or StepKind.ReadChunk ? "-" : $"{step.Reply.Code}{(step.Kind is StepKind.Close ? "!" : string.Empty)}");
        }

        return string.Join(' ', codes);
    }

    private static Step Secure(SubmissionMachine machine)
    {
        machine.Secured();
        return default;
    }
}
