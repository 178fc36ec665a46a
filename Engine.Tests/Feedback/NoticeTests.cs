using System.Buffers;
using System.Text;
using Engine.Configuration;
using Engine.Feedback;
using Engine.Mail;

namespace Engine.Tests.Feedback;

internal sealed class NoticeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 4, 0, 0, TimeSpan.Zero);

    [TestCase(Notices.Dsn, false, Notify.None, true)]
    [TestCase(Notices.Dsn, false, Notify.Never, false)]
    [TestCase(Notices.Dsn, false, Notify.Delay, false)]
    [TestCase(Notices.Dsn, false, Notify.Failure | Notify.Delay, true)]
    [TestCase(Notices.Dsn, true, Notify.Failure, false, Description = "never about a notice")]
    [TestCase(Notices.Events, false, Notify.None, false)]
    [TestCase(Notices.Events, false, Notify.Failure, true)]
    public void A_failure_becomes_mail_where_it_is_wanted(object notices, bool isNullSender, object notify, bool expected) =>
        Assert.That(NoticePolicy.WantsFailure((Notices)notices, isNullSender, (Notify)notify), Is.EqualTo(expected));

    [TestCase(Notices.Dsn, false, Notify.None, true)]
    [TestCase(Notices.Dsn, false, Notify.Failure, false)]
    [TestCase(Notices.Events, false, Notify.None, false)]
    [TestCase(Notices.Events, false, Notify.Delay, true)]
    [TestCase(Notices.Dsn, true, Notify.Delay, false, Description = "never about a notice")]
    public void A_delay_becomes_mail_where_it_is_wanted(object notices, bool isNullSender, object notify, bool expected) =>
        Assert.That(NoticePolicy.WantsDelay((Notices)notices, isNullSender, (Notify)notify), Is.EqualTo(expected));

    [Test]
    public void Mail_becomes_late_once_whatever_the_times_of_its_attempts()
    {
        var random = new Random(7);
        for (var turn = 0; turn < 10_000; turn++)
        {
            var accepted = Now.AddMilliseconds(random.Next(1_000));
            var late = accepted.AddMilliseconds(random.Next(1, 20_000));
            var (due, told) = (Now, 0);
            while (due < Now.AddSeconds(30))
            {
                var next = due.AddMilliseconds(random.Next(1, 3_000));
                told += NoticePolicy.IsLateNow(late, due, next) ? 1 : 0;

                // As the queue keeps it.
                due = new DateTimeOffset((next.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
            }

            Assert.That(told, Is.EqualTo(1));
        }
    }

    [TestCase(false, Notify.None, false)]
    [TestCase(false, Notify.Success | Notify.Failure, true)]
    [TestCase(true, Notify.Success, false)]
    public void Success_becomes_mail_only_where_it_was_asked_for(bool isNullSender, object notify, bool expected) =>
        Assert.That(NoticePolicy.WantsSuccess(isNullSender, (Notify)notify), Is.EqualTo(expected));

    [Test]
    public void A_delay_says_how_long_it_is_tried_and_returns_no_content()
    {
        var text = Write(new Recipient(Mailbox.Parse("x@example.net")), "452 4.2.2 Mailbox full", ReturnContent.Full, NoticeKind.Delay, "4.2.2", Now.AddHours(20));

        Assert.That(text, Does.Contain("Subject: Delayed Mail (still being tried)\r\n"));
        Assert.That(text, Does.Contain("It is tried until Mon, 23 Nov 2026 00:00 UTC."));
        Assert.That(text, Does.Contain("Action: delayed\r\nStatus: 4.2.2\r\n"));
        Assert.That(text, Does.Contain("Will-Retry-Until: Mon, 23 Nov 2026 00:00:00 +0000\r\n"));
        Assert.That(text, Does.Not.Contain("the body"));
    }

    [TestCase(NoticeKind.Delay, "5.7.1", "4.0.0", Description = "a 5xx that is tried again is a delay all the same")]
    [TestCase(NoticeKind.Relayed, "", "2.0.0")]
    [TestCase(NoticeKind.Relayed, "2.6.0", "2.6.0")]
    [TestCase(NoticeKind.Failure, "", "5.0.0")]
    [TestCase(NoticeKind.Failure, "4.4.1", "4.4.1", Description = "its time was over")]
    public void The_status_fits_the_action(object kind, string enhanced, string expected) =>
        Assert.That(Write(new Recipient(Mailbox.Parse("x@example.net")), "said", ReturnContent.Headers, (NoticeKind)kind, enhanced), Does.Contain($"\r\nStatus: {expected}\r\n"));

    [Test]
    public void Of_mail_that_asked_for_REQUIRETLS_the_header_alone_goes_back()
    {
        var recipient = new Recipient(Mailbox.Parse("x@example.net"));

        Assert.That(Write(recipient, "said", ReturnContent.Full), Does.Contain("the body"));
        Assert.That(Write(recipient, "said", ReturnContent.Full, needs: BodyNeeds.RequireTls), Does.Not.Contain("the body").And.Contains("Subject: hello"));
    }

    [Test]
    public void Mail_handed_on_is_called_relayed()
    {
        var text = Write(new Recipient(Mailbox.Parse("x@example.net")), "250 2.0.0 taken", ReturnContent.Headers, NoticeKind.Relayed, "2.0.0");

        Assert.That(text, Does.Contain("Action: relayed\r\n"));
        Assert.That(text, Does.Contain("Subject: Your mail was handed on\r\n"));
    }

    [Test]
    public void The_id_of_a_notice_follows_from_its_cause_and_keeps_its_node()
    {
        var message = new MessageId((7UL << 52) | 12345);
        var id = NoticeId.Of(message, 3, 2);

        Assert.That(NoticeId.Of(message, 3, 2), Is.EqualTo(id));
        Assert.That(NoticeId.Of(message, 4, 2), Is.Not.EqualTo(id));
        Assert.That(NoticeId.Of(message, 3, 1), Is.Not.EqualTo(id));
        Assert.That(id.Node, Is.EqualTo(7));
    }

    [Test]
    public void A_notice_is_a_report_that_names_the_recipient_the_reply_and_the_server()
    {
        var text = Write(new Recipient(Mailbox.Parse("gone@example.net"), OriginalRecipient: "rfc822;gone@example.net"), "550 5.1.1 No such user", ReturnContent.Headers);

        Assert.That(text, Does.StartWith("From: Mail Delivery System <mailer-daemon@mta.example>\r\nTo: <a@example.org>\r\n"));
        Assert.That(text, Does.Contain("Auto-Submitted: auto-replied\r\n"));
        Assert.That(text, Does.Contain("report-type=delivery-status"));
        Assert.That(text, Does.Contain("Date: Sun, 22 Nov 2026 04:00:00 +0000\r\n"));
        Assert.That(text, Does.Contain("Original-Recipient: rfc822;gone@example.net\r\nFinal-Recipient: rfc822; gone@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"));
        Assert.That(text, Does.Contain("Remote-MTA: dns; mx.example.net\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user\r\n"));
        Assert.That(text, Does.Contain("Content-Type: text/rfc822-headers\r\n\r\nSubject: hello\r\n"));
        Assert.That(text, Does.Not.Contain("the body"));
        Assert.That(text.Replace("\r\n", string.Empty, StringComparison.Ordinal).AsSpan().IndexOfAny('\r', '\n'), Is.Negative, "bare CR or LF");
    }

    [Test]
    public void The_whole_message_comes_back_where_it_was_asked_for() =>
        Assert.That(Write(new Recipient(Mailbox.Parse("x@example.net")), "550 no", ReturnContent.Full), Does.Contain("Content-Type: message/rfc822\r\n\r\nSubject: hello\r\n\r\nthe body\r\n"));

    [Test]
    public void Line_ends_in_a_reply_cannot_make_a_field()
    {
        var text = Write(new Recipient(Mailbox.Parse("x@example.net")), "550 no\r\nX-Injected: yes", ReturnContent.Headers);

        Assert.That(text, Does.Not.Contain("\r\nX-Injected"));
    }

    [Test]
    public void An_address_in_utf8_makes_a_global_report()
    {
        var text = Write(new Recipient(Mailbox.Parse("jörg@example.net")), "550 no", ReturnContent.Headers);

        Assert.That(text, Does.Contain("message/global-delivery-status"));
        Assert.That(text, Does.Contain("Final-Recipient: utf-8; jörg@example.net\r\n"));
    }

    private static string Write(Recipient recipient, string diagnostic, ReturnContent returned, NoticeKind kind = NoticeKind.Failure, string status = "5.1.1", DateTimeOffset? until = null, BodyNeeds needs = BodyNeeds.None)
    {
        var envelope = new Envelope
        {
            Id = new MessageId(1),
            Sender = Mailbox.Parse("a@example.org"),
            Recipients = [recipient],
            Account = "local",
            Accepted = Now.AddHours(-1),
            Return = returned,
            Needs = needs,
        };
        var told = new NoticedRecipient(kind, recipient, status.Length == 0 ? default : EnhancedCode.Parse(status), diagnostic, "mx.example.net", Now, until);
        var notice = new NoticeWriter("mta.example", "mailer-daemon@mta.example")
            .Write(new MessageId(2), envelope, told, "Subject: hello\r\n\r\n"u8.ToArray(), new ReadOnlySequence<byte>("the body\r\n"u8.ToArray()), Now);
        return Encoding.UTF8.GetString(notice.Span);
    }
}
