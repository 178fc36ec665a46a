using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Submission;

namespace Engine.Tests.Submission;

internal sealed class OwnIntakeTests
{
    private static readonly byte[] Notice = "From: mailer-daemon@mta1.example.com\r\nTo: a@b.example\r\n\r\nsorry\r\n"u8.ToArray();

    [Test]
    public async Task A_notice_is_stored_like_any_mail_under_its_own_id()
    {
        var (store, events) = (new CollectingStore(new ManualClock()), new CollectedEvents());
        using var metrics = new SubmissionMetrics();
        var id = new MessageId((1UL << 52) + 77);
        await Intake(store, events, metrics).AcceptAsync(new OwnMessage(id, default, [Mailbox.Parse("a@b.example")], Notice), Guard.Token());

        var (envelope, head, body, isHeld) = store.Next();
        Assert.That((envelope.Id, envelope.IsNotice, envelope.Account, envelope.Class, envelope.Pool), Is.EqualTo((id, true, "system", StreamClass.Transactional, "tx")));
        Assert.That((envelope.Sender.IsNull, envelope.HeaderFrom.Name, envelope.HeaderMessageId), Is.EqualTo((true, "mta1.example.com", $"{id}@mta1.example.com")));
        Assert.That(head, Is.EqualTo(
            $"Received: by mta1.example.com with LOCAL id {id}\r\n\tfor <a@b.example>;\r\n\tSun, 22 Nov 2026 08:00:00 +0000\r\nDate: Sun, 22 Nov 2026 08:00:00 +0000\r\n"
            + $"Message-ID: <{id}@mta1.example.com>\r\nFrom: mailer-daemon@mta1.example.com\r\nTo: a@b.example\r\n\r\n"));
        Assert.That((body, isHeld), Is.EqualTo(("sorry\r\n", false)));
        Assert.That(events.Lines, Is.EqualTo(new[] { "Accepted 250 a@b.example" }));
    }

    [Test]
    public async Task Without_an_id_it_gets_a_fresh_one()
    {
        var store = new CollectingStore(new ManualClock());
        using var metrics = new SubmissionMetrics();
        await Intake(store, new CollectedEvents(), metrics).AcceptAsync(new OwnMessage(default, Mailbox.Parse("x@y.example"), [Mailbox.Parse("a@b.example"), Mailbox.Parse("c@d.example")], Notice), Guard.Token());

        var envelope = store.Next().Envelope;
        Assert.That(envelope.Id.Node, Is.EqualTo(1));
        Assert.That(envelope.Recipients, Has.Count.EqualTo(2));
    }

    [TestCase(true, "", BodyNeeds.RequireTls, Description = "a notice of mail that asked for it: RFC 8689 §5")]
    [TestCase(false, "TLS-Required: No\r\n", BodyNeeds.TlsOptional, Description = "a TLS report: RFC 8460 §3")]
    [TestCase(false, "", BodyNeeds.None)]
    public async Task It_asks_of_TLS_what_it_says(bool isTlsRequired, string field, object expected)
    {
        var store = new CollectingStore(new ManualClock());
        using var metrics = new SubmissionMetrics();
        var content = Encoding.ASCII.GetBytes(field + Encoding.ASCII.GetString(Notice));

        await Intake(store, new CollectedEvents(), metrics).AcceptAsync(new OwnMessage(default, default, [Mailbox.Parse("a@b.example")], content) { IsTlsRequired = isTlsRequired }, Guard.Token());

        Assert.That(store.Next().Envelope.Needs, Is.EqualTo((BodyNeeds)expected));
    }

    [Test]
    public void Mail_without_author_or_recipient_is_a_bug_and_says_so()
    {
        var store = new CollectingStore();
        using var metrics = new SubmissionMetrics();
        var intake = Intake(store, new CollectedEvents(), metrics);

        Assert.That(async () => await intake.AcceptAsync(new OwnMessage(default, default, [], Notice), Guard.Token()), Throws.ArgumentException);
        Assert.That(
            async () => await intake.AcceptAsync(new OwnMessage(default, default, [Mailbox.Parse("a@b.example")], Encoding.ASCII.GetBytes("Subject: x\r\n\r\n")), Guard.Token()),
            Throws.ArgumentException);
        Assert.That(store.Count, Is.Zero);
    }

    private static OwnIntake Intake(CollectingStore store, CollectedEvents events, SubmissionMetrics metrics)
    {
        var clock = new ManualClock();
        return new OwnIntake(new RulesInForce(new CurrentSnapshot(Sample.Snapshot())), store, () => new PlainSealer(), new IntakeLedger(events, metrics, clock), clock);
    }
}
