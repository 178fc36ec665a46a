using System.Text;
using Engine.Classification;
using Engine.Feedback.Reading;

namespace Engine.Tests.Feedback.Reading;

/// <summary>Floors over mails that others labelled. They only rise. Rows that two releases of the labels' source disagree on take either.</summary>
internal sealed class ReportCorpusTests
{
    // Sisimai's reason, and ours that mean the same. Two words where it is finer or coarser than we are: its "expired" is any giving up, ours says why where that is told;
    // "filtered" is a user unknown that nothing proves.
    private static readonly Dictionary<string, string[]> Ours = new()
    {
        ["userunknown"] = ["bad_recipient"],
        ["hostunknown"] = ["bad_domain"],
        ["notaccept"] = ["bad_domain"],
        ["hasmoved"] = ["inactive_recipient", "bad_recipient"],
        ["suspend"] = ["inactive_recipient"],
        ["filtered"] = ["bad_recipient", "recipient_block", "policy", "spam_content"],
        ["mailboxfull"] = ["mailbox_full"],
        ["expired"] = ["expired", "network", "dns", "server_busy"],
        ["networkerror"] = ["network", "dns", "loop", "expired"],
        ["rejected"] = ["sender_invalid", "recipient_block", "policy", "complaints", "reputation_ip", "reputation_domain"],
        ["blocked"] = ["reputation_ip", "reputation_domain", "blocklist_ip", "blocklist_domain", "ip_block", "ptr_helo", "complaints"],
        ["authfailure"] = ["auth_fail"],
        ["requireptr"] = ["ptr_helo"],
        ["policyviolation"] = ["policy", "virus_attachment", "protocol", "ip_block", "recipient_block"],
        ["spamdetected"] = ["spam_content"],
        ["systemerror"] = ["remote_config", "server_busy"],
        ["securityerror"] = ["policy", "relay_denied", "recipient_block", "auth_fail", "ip_block"],
        ["notcompliantrfc"] = ["message_format", "protocol"],
        ["mailererror"] = ["remote_config", "server_busy"],
        ["contenterror"] = ["message_format", "spam_content"],
        ["exceedlimit"] = ["too_large"],
        ["mesgtoobig"] = ["too_large"],
        ["onhold"] = ["unknown", "unknown_perm", "unknown_temp", "server_busy"],
        ["undefined"] = ["unknown", "unknown_perm", "unknown_temp"],
        ["toomanyconn"] = ["conn_limit", "rcpt_limit", "rate_ip"],
        ["virusdetected"] = ["virus_attachment"],
        ["failedstarttls"] = ["tls_required"],
        ["norelaying"] = ["relay_denied"],
        ["speeding"] = ["recipient_rate", "rate_ip"],
        ["systemfull"] = ["server_busy", "mailbox_full"],
        ["badreputation"] = ["reputation_ip", "reputation_domain"],
        ["syntaxerror"] = ["protocol"],
    };

    private static readonly ReportReader Reader = new(new ReplyClassifier());

    private sealed record Row(string Name, ReportCorpus.Label Label, ReportCorpus.Label? Other, ReportedRecipient? Read)
    {
        public override string ToString() => $"{Name}: {Label.Recipient} {Label.Reason} {(Label.IsHard ? "hard" : "soft")} → {Read}";
    }

    [Test]
    public void Hard_is_right_and_hardly_ever_false()
    {
        var rows = Rows();
        var wrong = rows.Where(static row => row.Read?.IsHard != row.Label.IsHard && row.Read?.IsHard != row.Other?.IsHard).ToList();
        var isFalse = wrong.Where(static row => row.Read is { IsHard: true }).ToList();
        TestContext.Out.WriteLine($"{rows.Count} rows: {wrong.Count} wrong, {isFalse.Count} false hard");

        Assert.Multiple(() =>
        {
            Assert.That(wrong.Count / (double)rows.Count, Is.LessThanOrEqualTo(0.01), () => string.Join('\n', wrong));
            Assert.That(isFalse, Is.Empty);
        });
    }

    [Test]
    public void The_reason_is_right()
    {
        var rows = Rows();
        var wrong = rows.Where(static row => row.Read is null || !(Means(row.Label, row.Read) || (row.Other is { } other && Means(other, row.Read)))).ToList();
        TestContext.Out.WriteLine($"{rows.Count} rows: {wrong.Count} wrong");

        Assert.That(wrong.Count / (double)rows.Count, Is.LessThanOrEqualTo(0.04), () => string.Join('\n', wrong));
    }

    [Test]
    public void The_recipient_is_right()
    {
        var rows = Rows();
        var wrong = rows.Where(static row => !row.Label.Recipient.Equals(row.Read?.Address, StringComparison.OrdinalIgnoreCase)).ToList();
        TestContext.Out.WriteLine($"{rows.Count} rows: {wrong.Count} wrong");

        Assert.That(wrong.Count / (double)rows.Count, Is.LessThanOrEqualTo(0.015), () => string.Join('\n', wrong));
    }

    [Test]
    public void Every_bounce_is_one_and_names_as_many_as_failed() =>
        Assert.Multiple(() =>
        {
            foreach (var sample in ReportCorpus.Bounces())
            {
                var recipients = Reader.Read(sample.Mail).Recipients;
                if (sample.Labels.All(static label => label.Reason == "delivered"))
                {
                    Assert.That(recipients, Is.Empty, sample.Name);
                    continue;
                }

                Assert.That(recipients, Has.All.Matches<ReportedRecipient>(static each => each is { Kind: ReportKind.Bounce or ReportKind.Delay }), sample.Name);
                Assert.That(recipients.Count, Is.EqualTo(sample.Labels.Count).Or.EqualTo(sample.Others.Count), sample.Name);
            }
        });

    [Test]
    public void Complaints_are_read() =>
        Assert.Multiple(() =>
        {
            foreach (var sample in ReportCorpus.Complaints())
            {
                var recipients = Reader.Read(sample.Mail).Recipients;
                Assert.That(recipients, Has.All.Matches<ReportedRecipient>(static each => each is { Kind: ReportKind.Complaint, IsHard: false }), sample.Name);
                Assert.That(recipients.Select(static each => each.Complaint), Is.EqualTo(sample.Labels.Select(static label => label.FeedbackType)), sample.Name);

                // Sisimai makes up an address where the mail names none.
                Assert.That(recipients.Select(static each => each.Address), Is.EqualTo(sample.Labels.Select(static label => label.Recipient.EndsWith(".invalid", StringComparison.Ordinal) ? string.Empty : label.Recipient)), sample.Name);
            }
        });

    [Test]
    public void Nothing_is_suppressed_for_what_is_no_bounce() =>
        Assert.Multiple(() =>
        {
            foreach (var sample in ReportCorpus.AutoReplies())
            {
                var report = Reader.Read(sample.Mail);
                Assert.That((report.Kind, report.Recipients.Any(static each => each.IsHard)), Is.EqualTo((ReportKind.AutoReply, false)), sample.Name);
            }

            foreach (var (name, mail) in ReportCorpus.Mails("bounce-mails/not-bounces").Concat(ReportCorpus.Mails("mime-torture")))
            {
                Assert.That(Reader.Read(mail).Recipients, Is.Empty, name);
            }
        });

    [Test]
    public void Samples_of_KumoMTA_are_read()
    {
        var read = ReportCorpus.Mails("bounce-mails/kumomta-dsn").Select(mail => Reader.Read(mail.Mail).Recipients.Single()).Select(static each => (each.Address, each.Category.Id, each.IsHard));

        Assert.That(read, Is.EqualTo(new[] { ("recipient@domain.com", "mailbox_full", false), ("redacted@example.com", "bad_recipient", true), ("user@example.com", "bad_recipient", true) }));
        var complaint = Reader.Read(ReportCorpus.Mails("arf-samples/kumomta")[0].Mail);
        Assert.That((complaint.OriginalSender, complaint.Recipients[0].Address), Is.EqualTo(("somespammer@example.net", "user@example.com")));
    }

    [Test]
    public void Line_ends_change_nothing() =>
        Assert.Multiple(() =>
        {
            foreach (var (name, mail) in ReportCorpus.All())
            {
                // Latin-1 keeps every octet. What ends a line twice (CR CR LF) is made one first.
                var text = Encoding.Latin1.GetString(mail).Replace("\r\r\n", "\n", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
                var expected = Told(Reader.Read(Encoding.Latin1.GetBytes(text)));
                foreach (var end in new[] { "\r\n", "\r" })
                {
                    Assert.That(Told(Reader.Read(Encoding.Latin1.GetBytes(text.Replace("\n", end, StringComparison.Ordinal)))), Is.EqualTo(expected), $"{name} with {end.Length} octets a line end");
                }

                Assert.That(Told(Reader.Read(mail)), Is.EqualTo(expected), name);
            }
        });

    private static bool Means(ReportCorpus.Label label, ReportedRecipient read) => Ours[label.Reason].Contains(read.Category.Id);

    private static string Told(MailReport report) => $"{report.OriginalId} {report.OriginalSender} {report.FeedbackId} {string.Join('\n', report.Recipients)}";

    private static List<Row> Rows()
    {
        var rows = new List<Row>();
        foreach (var sample in ReportCorpus.Bounces())
        {
            var read = Reader.Read(sample.Mail).Recipients;
            for (var index = 0; index < sample.Labels.Count; index++)
            {
                var label = sample.Labels[index];
                var mine = read.FirstOrDefault(each => each.Address.Equals(label.Recipient, StringComparison.OrdinalIgnoreCase)) ?? read.ElementAtOrDefault(index);
                rows.Add(new Row(sample.Name, label, sample.Others.ElementAtOrDefault(index), mine));
            }
        }

        // What was delivered is no failure to be judged.
        return [.. rows.Where(static row => row.Label.Reason != "delivered")];
    }
}
