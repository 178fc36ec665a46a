using Engine.Delivery.Smtp;
using Engine.Mail;

namespace Engine.Tests.Delivery.Smtp;

internal sealed class MailTransactionTests
{
    // Two recipients. Replies in wire order: MAIL, RCPT, RCPT, DATA, content.
    [TestCase("250 250 250 354 250", Step.Done, "250 250", TestName = "All accepted and delivered")]
    [TestCase("250 550 250 354 250", Step.Done, "550 250", TestName = "A refused recipient keeps its own reply")]
    [TestCase("250 251 252 354 250", Step.Done, "250 250", TestName = "251 and 252 to RCPT are acceptance")]
    [TestCase("250 250 250 354 451", Step.Done, "451 451", TestName = "The content reply decides for all accepted recipients")]
    [TestCase("250 250 450 354 554", Step.Done, "554 450", TestName = "The content reply does not touch a refused recipient")]
    [TestCase("250 550 550 554", Step.Reset, "550 550", TestName = "No recipient left: the server refuses DATA")]
    [TestCase("250 550 550 354 554", Step.Done, "550 550", TestName = "No recipient left: the server opens DATA, a lone dot ends it")]
    [TestCase("250 550 550 354 250", Step.Done, "550 550", TestName = "No recipient left: the lone dot is taken, and nobody is delivered")]
    [TestCase("550 503 503 503", Step.Done, "550 550", TestName = "MAIL refused: its reply settles all, nothing is left open")]
    [TestCase("451 250 250 354 250", Step.Done, "451 451", TestName = "MAIL refused, the rest accepted: nothing counts as delivered")]
    [TestCase("250 250 250 451", Step.Reset, "451 451", TestName = "DATA refused for now: the transaction is still open")]
    [TestCase("421", Step.Close, "421 421", TestName = "421 to MAIL")]
    [TestCase("250 250 421", Step.Close, "421 421", TestName = "421 among the recipients")]
    [TestCase("250 550 421", Step.Close, "550 421", TestName = "421 among the recipients does not soften a refusal")]
    [TestCase("250 250 250 421", Step.Close, "421 421", TestName = "421 to DATA")]
    [TestCase("250 250 250 354 421", Step.Close, "421 421", TestName = "421 to the content")]
    [TestCase("550 421", Step.Close, "550 550", TestName = "421 after a refused MAIL does not soften the refusal")]
    [TestCase("250 250 250 250", Step.Close, "0 0", TestName = "2xx to DATA is out of step and never counts as delivery")]
    [TestCase("354", Step.Close, "0 0", TestName = "3xx to MAIL is out of step")]
    [TestCase("250 354", Step.Close, "0 0", TestName = "3xx to RCPT is out of step")]
    [TestCase("250 250 250 354 354", Step.Close, "0 0", TestName = "3xx to the content is out of step")]
    [TestCase("250 550 354", Step.Close, "550 0", TestName = "Out of step keeps what was refused before")]
    public void Replies_lead_to(string replies, Step end, string verdicts)
    {
        var (step, slots, _) = Run(replies, isChunked: false);

        Assert.That(step, Is.EqualTo(end));
        Assert.That(Codes(slots), Is.EqualTo(verdicts));
    }

    // The same by BDAT: MAIL, RCPT, RCPT, content.
    [TestCase("250 250 250 250", Step.Done, "250 250", TestName = "BDAT: all accepted and delivered")]
    [TestCase("250 550 250 250", Step.Done, "550 250", TestName = "BDAT: a refused recipient keeps its own reply")]
    [TestCase("250 250 450 554", Step.Reset, "554 450", TestName = "BDAT: content refused leaves the server in doubt")]
    [TestCase("250 250 250 452", Step.Reset, "452 452", TestName = "BDAT: content refused for now")]
    [TestCase("250 250 250 503", Step.Close, "0 0", TestName = "BDAT: 503 to it judges nobody")]
    [TestCase("250 550 250 500", Step.Close, "550 0", TestName = "BDAT: 500 to it judges nobody who was accepted")]
    [TestCase("250 250 250 421", Step.Close, "421 421", TestName = "BDAT: 421 to the content")]
    [TestCase("250 250 250 354", Step.Close, "0 0", TestName = "BDAT: 3xx to the content is out of step")]
    [TestCase("250 250 421", Step.Close, "421 421", TestName = "BDAT: 421 among the recipients")]
    public void Replies_to_BDAT_lead_to(string replies, Step end, string verdicts)
    {
        var (step, slots, _) = Run(replies, isChunked: true);

        Assert.That(step, Is.EqualTo(end));
        Assert.That(Codes(slots), Is.EqualTo(verdicts));
    }

    [TestCase("250 250 250 354", false, Step.SendContent)]
    [TestCase("250 550 550 354", false, Step.SendLoneDot)]
    [TestCase("451 250 250 354", false, Step.SendLoneDot)]
    [TestCase("250 250 250", true, Step.SendContent)]
    [TestCase("250 550 250", true, Step.SendContent)]
    [TestCase("250 550 550", true, Step.Await)]
    [TestCase("451 250 250", true, Step.Await)]
    public void Content_is_sent_only_to_somebody(string replies, bool isChunked, Step expected)
    {
        var (step, slots, _) = Run(replies, isChunked);

        Assert.That(step, Is.EqualTo(expected));
        Assert.That(slots[0].IsDelivered || slots[1].IsDelivered, Is.False);
    }

    [TestCase("550", false, Step.Done)]
    [TestCase("250 550 550", false, Step.Reset)]
    [TestCase("250 450 550", true, Step.Reset)]
    [TestCase("451 503", true, Step.Done)]
    public void A_hopeless_envelope_can_be_abandoned(string replies, bool isChunked, Step expected)
    {
        var (_, slots, transaction) = Run(replies, isChunked);

        Assert.That(transaction.IsHopeless, Is.True);
        Assert.That(transaction.Abandon(), Is.EqualTo(expected));
        Assert.That(transaction.Awaits, Is.EqualTo(SmtpCommand.None));
        Assert.That(slots[0].IsRefused && slots[1].IsRefused, Is.True);
    }

    [TestCase("", false)]
    [TestCase("250", false)]
    [TestCase("250 550", false)]
    [TestCase("250 550 250", false)]
    [TestCase("250 550 250", true)]
    public void An_envelope_with_hope_is_not_hopeless(string replies, bool isChunked)
    {
        Assert.That(Run(replies, isChunked).Transaction.IsHopeless, Is.False);
    }

    [TestCase("", false, SmtpCommand.Mail)]
    [TestCase("250", false, SmtpCommand.Rcpt)]
    [TestCase("250 250", false, SmtpCommand.Rcpt)]
    [TestCase("250 250 250", false, SmtpCommand.Data)]
    [TestCase("250 250 250", true, SmtpCommand.Dot)]
    [TestCase("250 250 250 354", false, SmtpCommand.Dot)]
    [TestCase("250 250 250 354 250", false, SmtpCommand.None)]
    public void It_knows_whose_reply_comes_next(string replies, bool isChunked, SmtpCommand awaits)
    {
        Assert.That(Run(replies, isChunked).Transaction.Awaits, Is.EqualTo(awaits));
    }

    [TestCase("550", SmtpCommand.Mail)]
    [TestCase("250 550", SmtpCommand.Rcpt)]
    [TestCase("250 250 250 550", SmtpCommand.Data)]
    [TestCase("250 250 250 354 550", SmtpCommand.Dot)]
    [TestCase("250 250 250 354 250", SmtpCommand.Dot)]
    [TestCase("250 421", SmtpCommand.Rcpt)]
    [TestCase("250 250 250 354 421", SmtpCommand.Dot)]
    public void A_verdict_names_the_command_it_answers_and_the_text(string replies, SmtpCommand command)
    {
        var (_, slots, _) = Run(replies, isChunked: false);

        Assert.That(slots[0].Command, Is.EqualTo(command));
        Assert.That(slots[0].Text, Is.EqualTo("text of " + replies.Split(' ')[^1]));
    }

    [Test]
    public void An_accepted_recipient_has_no_verdict_before_the_content_is_answered()
    {
        foreach (var replies in (string[])["250 250", "250 250 250", "250 250 250 354"])
        {
            Assert.That(Codes(Run(replies, isChunked: false).Slots), Is.EqualTo("0 0"), replies);
        }
    }

    [Test]
    public void Only_a_refused_command_speaks_against_BDAT()
    {
        Assert.That(Run("250 250 250 502", isChunked: true).Transaction.IsChunkingRefused, Is.True);
        Assert.That(Run("250 250 250 552", isChunked: true).Transaction.IsChunkingRefused, Is.False);
        Assert.That(Run("250 550 550 503", isChunked: true).Transaction.IsChunkingRefused, Is.False);
        Assert.That(Run("250 250 250 354 502", isChunked: false).Transaction.IsChunkingRefused, Is.False);
    }

    [Test]
    public void Nothing_is_accepted_after_the_end()
    {
        var transaction = Run("250 250 250 354 250", isChunked: false).Transaction;

        Assert.That(() => transaction.Accept(Reply("250")), Throws.InvalidOperationException);
        Assert.That(() => default(MailTransaction).Accept(Reply("250")), Throws.InvalidOperationException);
    }

    private static (Step Step, Verdict[] Slots, MailTransaction Transaction) Run(string replies, bool isChunked)
    {
        var slots = new Verdict[2];
        var transaction = new MailTransaction(slots, isChunked);
        var step = Step.Await;

        foreach (var code in replies.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            step = transaction.Accept(Reply(code), "text of " + code);
        }

        return (step, slots, transaction);
    }

    private static string Codes(Verdict[] slots) => $"{slots[0].Code} {slots[1].Code}";

    private static Reply Reply(string code) => new(ushort.Parse(code, provider: null), default, default);
}
