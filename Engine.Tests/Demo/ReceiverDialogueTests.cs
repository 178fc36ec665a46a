using System.Text;
using Engine.Demo;

namespace Engine.Tests.Demo;

internal sealed class ReceiverDialogueTests
{
    private readonly SteppedClock _clock = new();

    [TestCase("MAIL FROM:<a@x.test>|RCPT TO:<b@y.test>|DATA", "250 250 354", TestName = "A transaction opens")]
    [TestCase("RCPT TO:<b@y.test>", "503", TestName = "RCPT before MAIL")]
    [TestCase("MAIL FROM:<a@x.test>|DATA", "250 503", TestName = "DATA without a recipient")]
    [TestCase("MAIL FROM:<a@x.test>|MAIL FROM:<a@x.test>", "250 503", TestName = "MAIL twice")]
    [TestCase("MAIL FROM:<a@x.test>|RCPT TO:<gone.1@y.test>|DATA", "250 550 503", TestName = "The only recipient is refused")]
    [TestCase("MAIL FROM:<a@x.test>|RSET|MAIL FROM:<a@x.test>", "250 250 250", TestName = "RSET ends a transaction")]
    [TestCase("MAIL FROM:<>|RCPT TO:<b@y.test>", "250 250", TestName = "The null path is a sender")]
    [TestCase("MAIL FROM:<a@x.test> SIZE=2000000", "552", TestName = "A stated size too large")]
    [TestCase("MAIL a@x.test", "501", TestName = "A sender without brackets")]
    [TestCase("mail from:<a@x.test>|rcpt to:<b@y.test>", "250 250", TestName = "Letters in lower case")]
    [TestCase("NOOP|WHAT", "250 500", TestName = "An unknown command")]
    [TestCase("STARTTLS", "502", TestName = "STARTTLS without a certificate")]
    [TestCase("AUTH PLAIN AGEAYg==", "504", TestName = "AUTH that is not offered")]
    [TestCase("MAIL FROM:<a@x.test>|RCPT TO:<b@y.test>|BDAT 3|abcBDAT 6 LAST|defg", "250 250 250 250", TestName = "Chunks")]
    [TestCase("MAIL FROM:<a@x.test>|RCPT TO:<gone@y.test>|BDAT 6 LAST|RSET\r\nRSET", "250 550 503 250", TestName = "A chunk for nobody is read and refused")]
    public void Commands_are_answered(string commands, string codes)
    {
        var dialogue = New(new ReceiverScript { RefusedPrefix = "gone", MaxSize = 1_000_000 });

        Assert.That(Run(dialogue, commands.Replace("|", "\r\n", StringComparison.Ordinal) + "\r\n"), Is.EqualTo(codes));
    }

    [Test]
    public void Content_comes_whole_at_every_cut([Range(0, 90)] int cut)
    {
        const string Wire = "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nRCPT TO:<c@y.test>\r\nDATA\r\nA: b\r\n\r\n..x\r\n.\r\nQUIT\r\n";
        var dialogue = New(new ReceiverScript());
        var pieces = new[] { Wire[..cut], Wire[cut..] };

        var codes = pieces.Aggregate(string.Empty, (said, piece) => said + " " + Run(dialogue, piece)).Trim();

        Assert.That(codes.Split(' ', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[] { "250", "250", "250", "354", "250", "221" }));
        Assert.That(_taken, Is.EqualTo(new[] { "a@x.test>b@y.test,c@y.test:A: b\r\n\r\n.x\r\n" }));
    }

    [Test]
    public void Chunks_are_joined_and_their_dots_kept()
    {
        Run(New(new ReceiverScript()), "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nBDAT 5\r\n..a\r\nBDAT 0\r\nBDAT 3 LAST\r\n.\r\nNOOP\r\n");

        Assert.That(_taken, Is.EqualTo(new[] { "a@x.test>b@y.test:..a\r\n.\r\n" }));
    }

    [Test]
    public void A_greylisted_pair_is_taken_after_its_time()
    {
        var dialogue = New(new ReceiverScript { Greylist = TimeSpan.FromSeconds(2) });
        const string Try = "RSET\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\n";

        Assert.That(Run(dialogue, Try), Does.EndWith("451"));
        _clock.Move(TimeSpan.FromSeconds(1));
        Assert.That(Run(dialogue, Try), Does.EndWith("451"));
        _clock.Move(TimeSpan.FromSeconds(1));
        Assert.That(Run(dialogue, Try), Does.EndWith("250"));
        Assert.That(Run(dialogue, Try.Replace("b@", "c@", StringComparison.Ordinal)), Does.EndWith("451"));
    }

    [Test]
    public void A_session_that_had_its_messages_is_closed()
    {
        var dialogue = New(new ReceiverScript { MessagesPerConnection = 1 });

        var codes = Run(dialogue, "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n.\r\nMAIL FROM:<a@x.test>\r\nNOOP\r\n");

        Assert.That(codes, Is.EqualTo("250 250 354 250 421"));
    }

    [Test]
    public void Too_large_a_message_is_read_and_refused()
    {
        var codes = Run(New(new ReceiverScript { MaxSize = 10 }), "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@y.test>\r\nDATA\r\n0123456789\r\n0123456789\r\n.\r\nNOOP\r\n");

        Assert.That(codes, Is.EqualTo("250 250 354 552 250"));
    }

    [Test]
    public void A_script_offers_what_it_says()
    {
        using var certificate = SelfSignedCertificate.Create("x.test", DateTimeOffset.UnixEpoch.AddYears(56));
        var dialogue = New(new ReceiverScript { Certificate = certificate, Offers = ReceiverOffers.Pipelining | ReceiverOffers.Chunking | ReceiverOffers.StartTls });

        dialogue.Advance("EHLO me\r\nNOOP\r\n"u8, out _);
        Assert.That(Encoding.ASCII.GetString(dialogue.Replies.Pending.Span), Is.EqualTo("250-receiver.demo.test\r\n250-PIPELINING\r\n250-CHUNKING\r\n250 STARTTLS\r\n250 Ok\r\n"));

        dialogue.Replies.Sent();
        dialogue.Secured();
        dialogue.Advance("EHLO me\r\n"u8, out _);
        Assert.That(Encoding.ASCII.GetString(dialogue.Replies.Pending.Span), Does.Not.Contain("STARTTLS"));
    }

    [Test]
    public void A_share_of_recipients_is_always_the_same_ones()
    {
        var script = new ReceiverScript { RefusedShare = 0.25 };
        var refused = Enumerable.Range(0, 4_000).Where(number => script.Refuses($"reader.{number}@x.test")).ToArray();

        Assert.That(refused, Has.Length.InRange(850, 1_150));
        Assert.That(refused.All(number => script.Refuses($"reader.{number}@x.test")), Is.True);
    }

    [TestCase(1, ContentFate.Take)]
    [TestCase(2, ContentFate.Defer)]
    [TestCase(3, ContentFate.Drop)]
    [TestCase(5, ContentFate.Lose)]
    [TestCase(6, ContentFate.Drop)]
    [TestCase(10, ContentFate.Lose)]
    public void Every_nth_message_has_its_fate(long ordinal, object fate) =>
        Assert.That(new ReceiverScript { DeferEvery = 2, DropEvery = 3, LoseEvery = 5 }.FateOf(ordinal), Is.EqualTo(fate));

    private readonly List<string> _taken = [];
    private byte[] _rest = [];

    private ReceiverDialogue New(ReceiverScript script) => new(script, new RecipientDesk(script, new Ledger(_clock), _clock));

    // The codes of the replies, with a space between.
    private string Run(ReceiverDialogue dialogue, string wire)
    {
        byte[] input = [.. _rest, .. Encoding.ASCII.GetBytes(wire)];
        var step = ReceiverStep.Advance;
        while (step is not (ReceiverStep.NeedMore or ReceiverStep.Close))
        {
            step = dialogue.Advance(input, out var used);
            input = input[used..];
            if (step is ReceiverStep.Content)
            {
                _taken.Add($"{dialogue.Sender}>{string.Join(',', dialogue.Recipients)}:{Encoding.ASCII.GetString(dialogue.Content.Span)}");
                dialogue.Answer(ContentFate.Take);
            }
        }

        _rest = input;
        var codes = Encoding.ASCII.GetString(dialogue.Replies.Pending.Span).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(static line => line[..3]);
        dialogue.Replies.Sent();
        return string.Join(' ', codes.ToArray());
    }
}
