using System.Text;
using Engine.Classification;
using Engine.Feedback.Reading;

namespace Engine.Tests.Feedback.Reading;

/// <summary>Complaints and auto-replies in the forms of the field, and what is neither.</summary>
internal sealed class ComplaintTests
{
    private static readonly ReportReader Reader = new(new ReplyClassifier());

    [TestCase("abuse")]
    [TestCase("fraud")]
    [TestCase("not-spam")]
    [TestCase("opt-out")]
    [TestCase("auth-failure")]
    [TestCase("virus")]
    public void A_report_says_whose_and_what_kind(string type)
    {
        var report = Read($"Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\n\nA report.\n--x\nContent-Type: message/feedback-report\n\nFeedback-Type: {type}\nUser-Agent: FBL/1\nVersion: 1\nOriginal-Mail-From: <b-1@bounce.sender.example>\nOriginal-Rcpt-To: <cat@example.org>\n\n"
            + "--x\nContent-Type: message/rfc822\n\nReturn-Path: <other@sender.example>\nMessage-ID: <1@sender.example>\nCFBL-Address: fbl@sender.example; report=arf\nCFBL-Feedback-ID: abc:\n def\nTo: redacted\n\nhi\n--x--\n");

        Assert.That(report.Recipients, Is.EqualTo(new[] { new ReportedRecipient(ReportKind.Complaint, "cat@example.org", default, 0, new("complaints"), false, string.Empty, type) }));
        Assert.That((report.OriginalId, report.FeedbackId, report.OriginalSender), Is.EqualTo(("1@sender.example", "abc:def", "b-1@bounce.sender.example")));
    }

    [Test]
    public void A_redacted_report_names_nobody_but_keeps_the_token()
    {
        var report = Read("Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n--x\nContent-Type: text/rfc822-headers\n\nCFBL-Feedback-ID: token\nTo: <Undisclosed Recipients>\n--x--\n");

        Assert.That((report.Recipients.Single().Address, report.FeedbackId, report.Kind), Is.EqualTo((string.Empty, "token", ReportKind.Complaint)));
    }

    [TestCase("X-HmXmrOriginalRecipient: <cat@hotmail.com>\nTo: other@example.org")]
    [TestCase("To: cat@hotmail.com")]
    public void Microsofts_form_has_no_report_part(string header)
    {
        var report = Read($"From: <staff@hotmail.com>\nSubject:  complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n{header}\nMessage-ID: <1@sender.example>\n\nhi\n--x--\n");

        Assert.That((report.Recipients.Single().Address, report.Recipients[0].Complaint, report.OriginalId), Is.EqualTo(("cat@hotmail.com", "abuse", "1@sender.example")));
    }

    [Test]
    public void A_report_whose_parts_lost_their_types_is_one()
    {
        var report = Read("From: fbl@example.org\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nThis is a report.\n--x\nContent-Type: text/plain\n\nFeedback-Type: abuse\nUser-Agent: FBL/1\nOriginal-Rcpt-To: cat@example.org\n--x--\n");

        Assert.That((report.Kind, report.Recipients.Single().Address), Is.EqualTo((ReportKind.Complaint, "cat@example.org")));
    }

    [Test]
    public void Notices_of_SES_are_read()
    {
        const string Head = "From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\nContent-Type: text/plain\n\n";
        var complaint = Read(Head + """{"notificationType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"cat@example.org"}],"complaintFeedbackType":"not-spam"},"mail":{"messageId":"m1","source":"me@sender.example"}}""");
        var bounce = Read(Head + """{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"cat@example.org","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},"mail":{"messageId":"m1"}}""" + "\n--\nunsubscribe\n");
        var delivered = Read(Head + """{"notificationType":"Delivery","delivery":{"recipients":["cat@example.org"]},"mail":{}}""");

        Assert.That((complaint.Recipients.Single().Complaint, complaint.OriginalSender), Is.EqualTo(("not-spam", "me@sender.example")));
        Assert.That((bounce.Kind, bounce.Recipients.Single().IsHard, bounce.OriginalId), Is.EqualTo((ReportKind.Bounce, true, "m1")));
        Assert.That(delivered.Recipients, Is.Empty);
    }

    [TestCase("Subject: Re: hello\nAuto-Submitted: auto-replied")]
    [TestCase("Subject: Re: hello\nAuto-Submitted: auto-generated (vacation)")]
    [TestCase("Subject: Out of Office: hello")]
    [TestCase("Subject: Automatic reply: Undelivered Mail")]
    [TestCase("Subject: Abwesenheitsnotiz: hello")]
    [TestCase("Subject: =?utf-8?Q?R=C3=A9ponse_automatique?=: hello")]
    [TestCase("Subject: =?UTF-8?B?6Ieq5YuV5b+c562U?=: hello")]
    [TestCase("Subject: =?iso-8859-1?Q?Respuesta_autom=E1tica?=: hello")]
    [TestCase("Subject: Re: hello\nX-Autoreply: yes")]
    [TestCase("Subject: Re: hello\nX-Autorespond: hello")]
    [TestCase("Subject: Re: hello\nPrecedence: auto_reply")]
    [TestCase("Subject: Please confirm\nX-TMDA-Confirm-Done: x")]
    public void A_machine_that_answers_is_no_bounce(string header)
    {
        var report = Read($"Return-Path: <>\nFrom: Cat <cat@example.org>\nTo: me@sender.example\nIn-Reply-To: <1@sender.example>\n{header}\n\nI am away. Mail could not be delivered: 550 5.1.1 User unknown\n");

        Assert.That((report.Kind, report.Recipients.Single().Address, report.Recipients[0].IsHard, report.OriginalId), Is.EqualTo((ReportKind.AutoReply, "cat@example.org", false, "1@sender.example")));
    }

    [Test]
    public void A_read_receipt_is_an_answer_of_a_machine()
    {
        var report = Read("From: cat@example.org\nSubject: Read: hello\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n--x\n\nYour message was displayed.\n--x\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; cat@example.org\nDisposition: manual-action/MDN-sent-manually; displayed\n--x--\n");

        Assert.That(report.Kind, Is.EqualTo(ReportKind.AutoReply));
    }

    [TestCase("From: cat@example.org\nSubject: Re: delivery failed?\n\nDo you know why mail could not be delivered to me? My server says 550 5.1.1.\n")]
    [TestCase("From: newsletter@example.org\nSubject: Mail delivery in the age of drones\n\nRead more on undelivery.\n")]
    [TestCase("From: postmaster@example.org\nSubject: Maintenance on Sunday\n\nThe server is down from 8 to 9.\n")]
    [TestCase("From: cat@example.org\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nlook at this\n--x\nContent-Type: message/rfc822\n\nFrom: MAILER-DAEMON@a.example\nSubject: failure notice\n\nHi. This is the qmail-send program at a.example.\n<a@example.org>:\nno (#5.1.1)\n--x--\n")]
    [TestCase("")]
    public void A_mail_like_any_other_reports_nothing(string mail) => Assert.That(Read(mail).Recipients, Is.Empty);

    [Test]
    public void A_bounce_that_calls_itself_an_answer_is_a_bounce()
    {
        var report = Read("From: Mail Delivery System <Mailer-Daemon@a.example>\nAuto-Submitted: auto-replied\nX-Failed-Recipients: cat@example.org\nSubject: Mail delivery failed: returning message to sender\n\nThe following address(es) failed:\n\n  cat@example.org\n    Unrouteable address\n");

        Assert.That((report.Kind, report.Recipients.Single().IsHard), Is.EqualTo((ReportKind.Bounce, true)));
    }

    private static MailReport Read(string mail) => Reader.Read(Encoding.Latin1.GetBytes(mail));
}
