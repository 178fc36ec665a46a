using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reports.Tls;
using Engine.Tests.Feedback.Reading;

namespace Engine.Tests.Reports.Tls;

/// <summary>RFC 8460 §4.4, §5.1, §5.3.</summary>
internal sealed class TlsReportWriterTests
{
    private static readonly TlsReportName Name = new(new DateOnly(2026, 11, 21), DomainName.Parse("example.com"), DomainName.Parse("mta1.example.net"), 7);

    private static readonly TlsReportTerms Terms = TlsReportTerms.Of(new EngineOptions { Hostname = "mta1.example.net", System = new SystemOptions { Organization = "Example GmbH" } });

    [Test]
    public void The_shape_is_that_of_the_RFC_and_of_reports_of_others()
    {
        Assert.That(TlsReportShape.Faults(Report()), Is.Empty);
        foreach (var sample in Directory.GetFiles(ReportCorpus.Find("reports/tlsrpt"), "*.json"))
        {
            Assert.That(TlsReportShape.Faults(File.ReadAllText(sample), isStrict: false), Is.Empty, sample);
        }
    }

    [Test]
    public void A_report_says_what_was_counted()
    {
        var report = JsonNode.Parse(Report())!;
        Assert.That(report["organization-name"]!.ToString(), Is.EqualTo("Example GmbH"));
        Assert.That(report["contact-info"]!.ToString(), Is.EqualTo("mailer-daemon@mta1.example.net"));
        Assert.That(report["date-range"]!.ToJsonString(), Is.EqualTo("""{"start-datetime":"2026-11-21T00:00:00Z","end-datetime":"2026-11-21T23:59:59Z"}"""));
        Assert.That(report["policies"]![0]!["policy"]!.ToJsonString(), Is.EqualTo(
            """{"policy-type":"sts","policy-string":["version: STSv1","mode: enforce","mx: *.example.com","max_age: 604800"],"policy-domain":"example.com","mx-host":["*.example.com"]}"""));
        Assert.That(report["policies"]![0]!["summary"]!.ToJsonString(), Is.EqualTo("""{"total-successful-session-count":1,"total-failure-session-count":2}"""));
        Assert.That(report["policies"]![0]!["failure-details"]!.ToJsonString(), Is.EqualTo(
            """[{"result-type":"certificate-expired","sending-mta-ip":"192.0.2.1","receiving-mx-hostname":"mx1.example.com","receiving-mx-helo":"mx1.example.com","receiving-ip":"198.51.100.1","failed-session-count":2,"failure-reason-code":"expired on 2026-11-01"}]"""));
    }

    [Test]
    public void The_mail_is_a_report_of_type_tlsrpt()
    {
        Assert.That(TlsReportTarget.TryParse("mailto:reports@example.com", out var target), Is.True);
        var packed = TlsReportWriter.Compress(Encoding.UTF8.GetBytes(Report()));
        var mail = Encoding.ASCII.GetString(TlsReportMail.Write(Name, Terms, target!, packed, new DateTimeOffset(2026, 11, 22, 1, 2, 3, TimeSpan.Zero)).Span);
        Assert.That(mail, Does.StartWith("From: <mailer-daemon@mta1.example.net>\r\nTo: <reports@example.com>\r\nSubject: Report Domain: example.com\r\n\tSubmitter: mta1.example.net\r\n\tReport-ID: <20261121."));
        Assert.That(mail, Does.Contain("\r\nTLS-Report-Domain: example.com\r\nTLS-Report-Submitter: mta1.example.net\r\nTLS-Required: No\r\n"));
        Assert.That(mail, Does.Contain("\r\nContent-Type: multipart/report; report-type=\"tlsrpt\";\r\n"));
        Assert.That(mail, Does.Match("\r\nContent-Type: application/tlsrpt\\+gzip\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n\tfilename=\"mta1\\.example\\.net!example\\.com!1795219200!1795305599![0-9]+\\.[0-9a-f]+\\.json\\.gz\"\r\n"));
        Assert.That(mail.Split("\r\n").Max(line => line.Length), Is.LessThan(200));

        var base64 = mail.Split("json.gz\"\r\n\r\n")[1].Split("\r\n\r\n--")[0].Replace("\r\n", string.Empty, StringComparison.Ordinal);
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(base64)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        Assert.That(reader.ReadToEnd(), Is.EqualTo(Report()));
    }

    [Test]
    public void Names_follow_from_day_and_domain_and_differ_otherwise()
    {
        Assert.That(TlsReportTarget.TryParse("mailto:reports@example.com", out var one), Is.True);
        Assert.That(TlsReportTarget.TryParse("https://example.com/r", out var other), Is.True);
        var again = Name with { };
        Assert.That((again.Id, again.FileName, again.MessageIdFor(one!), again.Delay), Is.EqualTo((Name.Id, Name.FileName, Name.MessageIdFor(one!), Name.Delay)));
        Assert.That(Name.MessageIdFor(one!).Node, Is.EqualTo(7));
        Assert.That(Name.MessageIdFor(other!), Is.Not.EqualTo(Name.MessageIdFor(one!)));
        Assert.That((Name with { Day = new DateOnly(2026, 11, 22) }).Id, Is.Not.EqualTo(Name.Id));
        var sibling = Name with { Node = 8 };
        Assert.That(new[] { sibling.Id != Name.Id, sibling.FileName != Name.FileName, sibling.MessageIdFor(one!) != Name.MessageIdFor(one!) }, Is.All.True, "another engine of the fleet");
        var delays = Enumerable.Range(0, 1_000).Select(at => (Name with { Domain = DomainName.Parse($"d{at}.example") }).Delay).ToArray();
        Assert.That(delays.Min(), Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(delays.Max(), Is.LessThanOrEqualTo(TimeSpan.FromHours(4)).And.GreaterThan(TimeSpan.FromHours(3.9)));
    }

    [Test]
    public void The_longest_report_stays_below_ten_MiB()
    {
        var name = new string('x', 5_000);
        var failures = Enumerable.Range(0, TlsPolicyTally.MaxDetails + 12).Select(at => new TlsFailureCount(new TlsFailureDetail(TlsFailure.ValidationFailure, null, null, name, $"{at}{name}"), name, 1)).ToArray();
        var lines = Enumerable.Repeat(name, 1_000).ToArray();
        var policies = Enumerable.Repeat(new TlsPolicyCounts(TlsPolicyKind.Sts, lines, lines, 1, failures), TlsDomainTally.MaxPolicies).ToArray();
        Assert.That(TlsReportWriter.Write(Name, Terms, policies).Length, Is.GreaterThan(1 << 20).And.LessThan(16 << 20));
        Assert.That(TlsReportWriter.Compress(TlsReportWriter.Write(Name, Terms, policies)).Length, Is.LessThan(7 << 20), "a mail of it has a third more");
    }

    private static string Report()
    {
        using var meter = new TlsReportMeter();
        var book = new TlsReportBook(() => true, meter, new ManualClock(Name.Begin));
        book.Record(TlsSessions.Good("example.com"));
        book.Record(TlsSessions.Bad("example.com", TlsFailure.CertificateExpired));
        book.Record(TlsSessions.Bad("example.com", TlsFailure.CertificateExpired));
        return Encoding.UTF8.GetString(TlsReportWriter.Write(Name, Terms, book.Days[0].CountsOf(Name.Domain)).Span);
    }
}
