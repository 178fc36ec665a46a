using System.Diagnostics;
using System.Text;
using Engine.Classification;
using Engine.Feedback.Reading;
using Engine.Mail;

namespace Engine.Tests.Feedback.Reading;

/// <summary>Mails made to hurt the reader: none makes it throw, take long, or say what no line holds.</summary>
internal sealed class ReportAttackTests
{
    private const int Mutations = 8;

    // Far above what any of these takes on a quiet machine (a few milliseconds); below what anything quadratic would, on a busy one.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private static readonly ReportReader Reader = new(new ReplyClassifier());

    [OneTimeSetUp]
    public static void Warm()
    {
        foreach (var (_, mail) in ReportCorpus.Mails("bounce-mails/mails").Take(40))
        {
            Reader.Read(mail);
        }
    }

    [TestCaseSource(nameof(Attacks))]
    public void No_mail_takes_long(string name, string mail)
    {
        Assert.That(name, Is.Not.Empty);
        var octets = Encoding.Latin1.GetBytes(mail);
        var watch = Stopwatch.StartNew();
        var report = Reader.Read(octets);

        Assert.That(watch.Elapsed, Is.LessThan(Bound));
        Assert.That(report.Recipients, Has.Count.LessThanOrEqualTo(256));
    }

    [Test]
    public void Bounces_within_bounces_without_end_cost_no_more_than_two()
    {
        var level = "Subject:delayed\nContent-Type:multipart/;boundary=aaa\n\n--aaa\nContent-Type:delivery-status\n--aaa\nContent-Type:message/\n\n";
        var mail = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(level, 8_000)));
        var watch = Stopwatch.StartNew();
        var report = Reader.Read(mail);

        Assert.That(watch.Elapsed, Is.LessThan(Bound));
        Assert.That(report.Recipients, Has.None.Matches<ReportedRecipient>(static one => one!.IsHard));
    }

    [Test]
    public void Half_a_surrogate_in_JSON_is_text_like_any_other() =>
        Assert.That(Reader.Read(Encoding.Latin1.GetBytes("From: a@b.test\nSubject: n\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"\\ud800\",\"bouncedRecipients\":[{\"emailAddress\":\"\\ud800\"}]}}\n")).Recipients, Has.None.Matches<ReportedRecipient>(static one => one!.IsHard));

    [Test]
    public void Mutated_mails_are_read_without_a_fault()
    {
        var random = new Random(20261122);
        foreach (var (name, mail) in ReportCorpus.All())
        {
            for (var turn = 0; turn < Mutations; turn++)
            {
                var report = Reader.Read(Mutated(mail, random));
                Assert.That(report.Recipients, Has.All.Matches<ReportedRecipient>(IsClean), () => $"{name}: {string.Join('\n', report.Recipients)}");
            }
        }
    }

    [Test]
    public void A_diagnostic_is_one_printable_line()
    {
        const string Mail = "From: MAILER-DAEMON@example.org\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
            + "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no\u001B[31m\n\tX-Injected: yes\0 \u0085\u009B end\n\n--x--\n";
        var read = Reader.Read(Encoding.Latin1.GetBytes(Mail)).Recipients.Single();

        Assert.That(IsClean(read), Is.True);
        Assert.That(read.Diagnostic, Does.StartWith("550 5.1.1 no?[31m X-Injected: yes?").And.EndWith("end"));
        Assert.That(Reader.Read(Encoding.Latin1.GetBytes(Mail.Replace("end", new string('x', 5_000), StringComparison.Ordinal))).Recipients.Single().Diagnostic, Has.Length.EqualTo(1_024));
    }

    [Test]
    public void Only_the_first_mebibyte_counts()
    {
        var mail = "Subject: hi\n\n" + new string('x', MimeTree.MaxLength) + "\nFinal-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n";

        Assert.That(Reader.Read(Encoding.Latin1.GetBytes(mail)).Kind, Is.EqualTo(ReportKind.None));
    }

    private static IEnumerable<TestCaseData> Attacks()
    {
        const int Size = MimeTree.MaxLength;
        var nest = new StringBuilder();
        for (var level = 0; nest.Length < Size; level++)
        {
            nest.Append("Content-Type: multipart/mixed; boundary=").Append(level).Append("\n\n--").Append(level).Append('\n');
        }

        const string Status = "From: MAILER-DAEMON@x\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n";
        const string Words = "From: MAILER-DAEMON@x\nSubject: failure notice\n\nThis is the qmail-send program\n";
        yield return Case("nested multiparts", nest.ToString());
        yield return Case("one boundary a line", "Content-Type: multipart/mixed; boundary=b\n\n" + Many("--b\n\n", Size));
        yield return Case("nearly boundaries", "Content-Type: multipart/mixed; boundary=bbbbbbbbbbbbbbbbbbbbbbbbbb\n\n" + Many("--bbbbbbbbbbbbbbbbbbbbbbbbb\n", Size));
        yield return Case("a hundred thousand fields", Many("X-A: b\n", 700_000) + "\n\nhi");
        yield return Case("one folded field", "Subject: a" + Many("\n b", Size));
        yield return Case("one long line", "Subject: " + new string('a', Size));
        yield return Case("encoded words", "Subject: " + Many("=?utf-8?q?a?= ", Size) + "\n\n");
        yield return Case("broken encoded words", "Subject: " + Many("=?", Size) + "\n\n");
        yield return Case("signs of addresses", Words + Many("@", Size));
        yield return Case("addresses", Words + Many("<a@b.example>:\n550 5.1.1 no\n", Size));
        yield return Case("many addresses", Words + string.Concat(Enumerable.Range(0, 40_000).Select(static number => $"<a{number}@b.example>:\n550 no\n")));
        yield return Case("codes", Words + "<a@b.example>:\n" + Many("550 ", Size));
        yield return Case("recipients", Status + string.Concat(Enumerable.Range(0, 20_000).Select(static number => $"Final-Recipient: rfc822; a{number}@b.example\nAction: failed\n\n")));
        yield return Case("empty paragraphs", Status + Many("\n", Size));
        yield return Case("a long diagnostic", Status + "Final-Recipient: rfc822; a@b.example\nDiagnostic-Code: smtp; 550-" + Many("\n 550-5.1.1 no", Size));
        yield return Case("tags", "From: MAILER-DAEMON@x\nSubject: failure notice\nContent-Type: text/html\n\n" + Many("<a@", Size));
        yield return Case("quoted-printable", Words.Replace("\n\n", "\nContent-Transfer-Encoding: quoted-printable\n\n", StringComparison.Ordinal) + Many("=\n", Size));
        yield return Case("base64", Words.Replace("\n\n", "\nContent-Transfer-Encoding: base64\n\n", StringComparison.Ordinal) + Many("=A", Size));
        yield return Case("line ends", Many("\r", Size));
        yield return Case("mixed line ends", Many("\r\r\n\n\r", Size));
        yield return Case("deep JSON", "Subject: AWS Notification Message\n\n{\"notificationType\":" + Many("[", Size));
        yield return Case("parameters", "Content-Type: multipart/mixed" + Many("; a=b", Size) + "\n\n");
        yield return Case("other scripts", Words + Many("не доставленн\u00E9", Size).Replace("не доставленн", "\u00D0\u00BD\u00D0\u00B5", StringComparison.Ordinal));
    }

    private static TestCaseData Case(string name, string mail) => new TestCaseData(name, mail).SetArgDisplayNames(name);

    private static string Many(string text, int length) => new StringBuilder(length + text.Length).Insert(0, text, length / text.Length).ToString();

    private static bool IsClean(ReportedRecipient? read) =>
        read is not null && read.Diagnostic.Length <= 1_024 && !read.Diagnostic.Any(char.IsControl) && !read.Address.Any(static letter => char.IsControl(letter) || letter == ' ') && read.Address.Length <= 254 && !read.Complaint.Any(char.IsControl);

    // Octets changed, cut out, doubled, moved.
    private static byte[] Mutated(byte[] mail, Random random)
    {
        var octets = mail.ToList();
        for (var turn = random.Next(1, 12); turn > 0 && octets.Count > 16; turn--)
        {
            var (at, length) = (random.Next(octets.Count), random.Next(1, 64));
            length = Math.Min(length, octets.Count - at);
            switch (random.Next(4))
            {
                case 0:
                    octets[at] = (byte)random.Next(256);
                    break;
                case 1:
                    octets.RemoveRange(at, length);
                    break;
                case 2:
                    octets.InsertRange(random.Next(octets.Count), octets.GetRange(at, length));
                    break;
                default:
                    octets.InsertRange(at, "\r\n\r\n--="u8.ToArray());
                    break;
            }
        }

        return [.. octets];
    }
}
