using System.Text;
using Engine.Classification;
using Engine.Feedback.Reading;

namespace Engine.Tests.Feedback.Reading;

/// <summary>Bounces in words, in the forms that mail systems are known to write; the corpora hold only some of them.</summary>
internal sealed class FieldFormTests
{
    private const string Returned = "\nReceived: from a by b; Thu, 1 Jan 2015 00:00:00 +0900\nMessage-ID: <original@sender.example>\nFrom: sender@sender.example\nTo: other@example.jp\n\nhello\n";

    private static readonly ReportReader Reader = new(new ReplyClassifier());

    [TestCase("postmaster@biglobe.ne.jp", "Re: hello", "   ----- The following addresses had delivery problems -----\ncat@biglobe.ne.jp\n\n   ----- Non-delivered information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n\n", "cat@biglobe.ne.jp mailbox_full", TestName = "Biglobe")]
    [TestCase("mailer-daemon@kundenserver.de", "Mail delivery failed: returning message to sender", "A message that you sent could not be delivered. The following address\nfailed:\n\ncat@example.eu\n\nFor the following reason:\n\nMail size limit exceeded. For explanation visit\nhttp://postmaster.1and1.com/\n\n--- The header of the original message is following. ---\n", "cat@example.eu too_large", TestName = "1&1")]
    [TestCase("mailer-daemon@kundenserver.de", "Mail delivery failed", "The following addresses failed:\n\n<cat@example.fr>:\nSMTP error from remote server for TEXT command, host: smtp-in.orange.fr (193.252.22.65) reason: 550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]\n\n", "cat@example.fr spam_content", TestName = "1&1 with a reply")]
    [TestCase("postmaster@example.com", "Undeliverable Mail", "User mailbox exceeds allowed size: cat@example.com\n\nOriginal message follows.\n", "cat@example.com mailbox_full", TestName = "IMail, full")]
    [TestCase("postmaster@example.com", "Undeliverable Mail", "Unknown user: cat@example.com\n\nOriginal message follows.\n", "cat@example.com bad_recipient hard", TestName = "IMail, nobody")]
    [TestCase("postmaster@example.com", "Undeliverable Mail", "Unknown host: cat@example.com\n\nOriginal message follows.\n", "cat@example.com bad_domain hard", TestName = "IMail, no host")]
    [TestCase("postmaster@example.com", "Undeliverable Mail", "Delivery failed 20 attempts: cat@example.com\n\nOriginal message follows.\n", "cat@example.com expired", TestName = "IMail, given up")]
    [TestCase("InterScan MSS <imss@example.jp>", "Mail could not be delivered", "Sent <<< RCPT TO:<cat@example.co.jp>\nReceived >>> 550 <cat@example.co.jp>... user unknown\n\nUnable to deliver message to <cat@example.co.jp>\n", "cat@example.co.jp bad_recipient hard", TestName = "InterScan, at RCPT")]
    [TestCase("InterScan MSS <imss@example.jp>", "Mail could not be delivered", "Sent <<< DATA\nReceived >>> 550 user unknown\n\nUnable to deliver message to <cat@example.co.jp>\n", "cat@example.co.jp bad_recipient", TestName = "InterScan, after DATA")]
    [TestCase("MailMarshal <postmaster@example.com>", "Undeliverable Mail: \"hello\"", "Your message:\n   From:    me@sender.example\n   Subject: hello\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n    cat@example.com\n\nAdditional Information\n======\nOriginal Sender:    <me@sender.example>\n", "cat@example.com bad_recipient hard", TestName = "MailMarshal")]
    [TestCase("\"Mail Deliver System\" <ess@example.jp>", "Returned Mail: hello", "The original message was received at Thu, 29 Apr 2010 23:34:45 +0900\nfrom me@sender.example\n\n---The following addresses had delivery errors---\n\ncat@example.co.jp [User unknown]\n", "cat@example.co.jp bad_recipient", TestName = "a reason in brackets")]
    [TestCase("MAILER-DAEMON@secureserver.net", "failure notice", "We're sorry. There's a problem with the e-mail address(es) you're trying to send to.\nPlease verify the address(es) and try again.\n\n<cat@example.net>:\nThe e-mail message could not be delivered because the user's mailfolder is full.\n\n--- Below this line is a copy of the message.\n", "cat@example.net mailbox_full", TestName = "secureserver")]
    [TestCase("MAILER-DAEMON@example.jp", "failure notice", "Hi. This is the qmail-send program at example.jp.\n\n<cat@example.jp>:\nSorry, no mailbox here by that name. vpopmail (#5.1.1)\n\n--- Below this line is a copy of the message.\n", "cat@example.jp bad_recipient hard", TestName = "qmail, nobody")]
    [TestCase("MAILER-DAEMON@example.jp", "failure notice", "Hi. This is the qmail-send program at example.jp.\n\n<cat@example.jp>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n\n", "cat@example.jp network", TestName = "qmail, no connection")]
    [TestCase("no-reply@app.auone-net.jp", "Mail", "Your mail attempted to be delivered on Thu, 29 Apr 2010 23:45:22 +0900\n     Could not be delivered to: <cat@example.dion.ne.jp>\n     As the remote domain doesnt exist.\n", "cat@example.dion.ne.jp bad_domain hard", TestName = "KDDI")]
    [TestCase("Postmaster@ezweb.ne.jp", "Mail System Error - Returned Mail", "The user(s) account is temporarily limited.\n\n<cat@ezweb.ne.jp>\n", "cat@ezweb.ne.jp inactive_recipient", TestName = "EZweb, limited")]
    [TestCase("Microsoft Exchange <postmaster@example.com>", "Undeliverable: hello", "Delivery has failed to these recipients or distribution lists:\n\ncat@example.com<mailto:cat@example.com>\nThe recipient's e-mail address was not found.\n\nDiagnostic information for administrators:\n\nGenerating server: a.example.jp\n\ncat@example.com\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n\nOriginal message headers:\n", "cat@example.com bad_recipient hard", TestName = "Exchange 2007")]
    [TestCase("Microsoft Exchange <postmaster@example.com>", "Non remis : hello", "Informations de diagnostic pour les administrateurs :\n\ncat@example.com\n#550 5.2.2 STOREDRV.Deliver: mailbox full ##\n", "cat@example.com mailbox_full", TestName = "Exchange 2007 in French")]
    [TestCase("Postmaster <postmaster@example.jp>", "Delivery failure", "Your message could not be sent.\nA transcript of the attempts to send the message follows.\nAddressed To: cat@example.com\n\nFailed to send to identified host,\ncat@example.com: [192.0.2.244], 550 cat@example.com... No such user\n--- Message non-deliverable.\n", "cat@example.com bad_recipient", TestName = "SurfControl")]
    [TestCase("MAILER-DAEMON@mx.example (Mail Delivery System)", "Undelivered Mail Returned to Sender", "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\nFor further assistance, please send mail to <postmaster@mx.example>\n\n<cat@example.jp>: Host or domain name not found. Name service error for\n    name=example.jp type=A: Host not found\n\n<dog@example.net>: host mx.example.net[192.0.2.3] said: 550 User unknown (in\n    reply to RCPT TO command)\n\n<cow@example.net>: host mx.example.net[192.0.2.3] said: 550 User unknown (in\n    reply to end of DATA command)\n", "cat@example.jp bad_domain hard, dog@example.net bad_recipient hard, cow@example.net bad_recipient", TestName = "Postfix, three")]
    [TestCase("MAILER-DAEMON@mx.example (Mail Delivery System)", "Undelivered Mail Returned to Sender", "<cat@example.jp>: Host or domain name not found. Name service error for\n    name=example.jp type=MX: Host not found, try again\n", "cat@example.jp dns", TestName = "Postfix, try again")]
    [TestCase("\"Mailgun\" <postmaster@mg.example>", "Delivery Status Notification (Failure)", "Delivery to the following recipient failed permanently:\n\n  cat@example.jp\n\nReason: permanent failure for one or more recipients (cat@example.jp:550 5.1.1 No such user)\n", "cat@example.jp bad_recipient hard", TestName = "Mailgun")]
    [TestCase("mailer-daemon@mail.zoho.com", "Undelivered Mail Returned to Sender", "This message was created automatically by mail delivery software.\n\ncat@example.jp Mailbox full, ERROR_CODE :550, ERROR_CODE :5.2.2 <cat@example.jp>... Mailbox Full\n", "cat@example.jp mailbox_full", TestName = "Zoho")]
    public void A_bounce_in_words_is_read(string from, string subject, string words, string expected)
    {
        var report = Read($"Return-Path: <>\nFrom: {from}\nTo: me@sender.example\nSubject: {subject}\n\n{words}{Returned}");

        Assert.That(string.Join(", ", report.Recipients.Select(Told)), Is.EqualTo(expected));
        Assert.That((report.Kind, report.OriginalId), Is.EqualTo((ReportKind.Bounce, "original@sender.example")));
    }

    [TestCase("Mail Delivery System <Mailer-Daemon@a.example>", "Warning: message 1a delayed 24 hours", "This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on a.example.\n\nThe address to which the message has not yet been delivered is:\n\n  cat@example.jp\n\nNo action is required on your part.\n", TestName = "Exim, late")]
    [TestCase("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Delay)", "THIS IS A WARNING MESSAGE ONLY.\n\nDelivery to the following recipient has been delayed:\n\n     cat@example.jp\n\nMessage will be retried for 2 more day(s)\n", TestName = "Gmail, late")]
    [TestCase("Microsoft Exchange <postmaster@example.com>", "Delivery delayed: hello", "Delivery is delayed to these recipients or groups:\n\ncat@example.jp\n\nThis message hasn't been delivered yet. Delivery will continue to be attempted.\n", TestName = "Exchange, late")]
    public void A_delay_in_words_is_no_bounce(string from, string subject, string words)
    {
        var read = Read($"Return-Path: <>\nFrom: {from}\nTo: me@sender.example\nSubject: {subject}\n\n{words}").Recipients.Single();

        Assert.That((read.Kind, read.Address, read.IsHard), Is.EqualTo((ReportKind.Delay, "cat@example.jp", false)));
    }

    [TestCase("failed", "5.1.1", "smtp; 550 5.1.1 User unknown", "Bounce bad_recipient hard")]
    [TestCase("failed", "5.1.1", "smtp; 550 User unknown", "Bounce bad_recipient hard")]
    [TestCase("failed", "5.0.0", "smtp; 550 User unknown", "Bounce bad_recipient", TestName = "user unknown, but in reply to what?")]
    [TestCase("failed", "5.1.1", "smtp; 550 5.7.1 IP address blacklisted by recipient", "Bounce blocklist_ip", TestName = "the reply's own code wins")]
    [TestCase("failed", "4.4.7", "smtp; 450 4.1.1 User unknown in virtual alias table", "Bounce bad_recipient hard", TestName = "nobody, said until the end")]
    [TestCase("failed", "4.4.7", "smtp; 450 4.1.1 unverified address: Address verification in progress", "Bounce greylist", TestName = "a 4xx that says nothing for certain")]
    [TestCase("failed", "4.4.7", "smtp; 421 4.2.1 too busy, try later", "Bounce server_busy")]
    [TestCase("delayed", "4.4.1", "smtp; 421 connection timed out", "Delay network")]
    [TestCase("delayed", "5.1.1", "smtp; 550 5.1.1 User unknown", "Delay bad_recipient", TestName = "a delay is never hard")]
    [TestCase("failed", "5.1.6", "smtp; 550 5.1.6 User has moved", "Bounce inactive_recipient hard", TestName = "moved")]
    [TestCase("failed", "5.2.1", "smtp; 550 5.2.1 The account is disabled", "Bounce inactive_recipient", TestName = "a closed mailbox may open again")]
    [TestCase("delivered", "2.1.5", "smtp; 250 2.1.5 Ok", "")]
    [TestCase("relayed", "2.0.0", "", "")]
    [TestCase("expanded", "2.0.0", "", "")]
    public void Status_fields_are_read(string action, string status, string diagnostic, string expected)
    {
        var report = Read($"From: MAILER-DAEMON@a.example\nContent-Type: multipart/report; boundary=x\n\n--x\n\nSorry.\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n"
            + $"Final-Recipient: rfc822; cat@example.org\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {diagnostic}\n\n--x--\n");

        Assert.That(string.Join(", ", report.Recipients.Select(static each => $"{each.Kind} {each.Category.Id}{(each.IsHard ? " hard" : string.Empty)}")), Is.EqualTo(expected));
    }

    [Test]
    public void A_reply_to_MAIL_says_nothing_of_the_recipient()
    {
        var read = Read("From: Mailer-Daemon@a.example\nSubject: Mail delivery failed\nX-Failed-Recipients: cat@example.org\n\nThe following address(es) failed:\n\n  cat@example.org\n    host mx.example.org [192.0.2.1]\n    SMTP error from remote mail server after MAIL FROM:<me@sender.example>:\n    550 No such user\n").Recipients.Single();

        Assert.That((read.Category.Id, read.IsHard, read.Diagnostic), Is.EqualTo(("sender_invalid", false, "550 No such user")));
    }

    [Test]
    public void The_only_address_in_a_notice_of_a_phone_company_is_the_recipient()
    {
        var read = Read("From: post_master@vzwpix.com\nTo: me@sender.example\nSubject: Undeliverable Message\n\nMessage could not be delivered to mobile.\nError: No valid recipients for this MM\n\nMessage: {1}\nTo: \"5551234567\"<5551234567@vzwpix.com>\n").Recipients.Single();

        Assert.That((read.Address, read.IsHard), Is.EqualTo(("5551234567@vzwpix.com", true)));
    }

    [Test]
    public void Utf8_addresses_are_read()
    {
        var read = Read("From: MAILER-DAEMON@a.example\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/global-delivery-status\n\nReporting-MTA: dns; a.example\n\nFinal-Recipient: utf-8; \u00C3\u00A9cole@example.org\nAction: failed\nStatus: 5.1.1\n\n--x--\n").Recipients.Single();

        Assert.That((read.Address, read.IsHard), Is.EqualTo(("école@example.org", true)));
    }

    private static string Told(ReportedRecipient read) => $"{read.Address} {read.Category.Id}{(read.IsHard ? " hard" : string.Empty)}";

    private static MailReport Read(string mail) => Reader.Read(Encoding.Latin1.GetBytes(mail));
}
