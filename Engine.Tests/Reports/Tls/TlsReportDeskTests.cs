using System.Text;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Reports.Tls;
using Engine.Tests.Configuration;
using Engine.Tests.Feedback.Reports;
using Engine.Tests.Simulation;
using Engine.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Reports.Tls;

/// <summary>The desk over its days: who is asked, who gets what, and what a crash or a fault leaves.</summary>
internal sealed class TlsReportDeskTests
{
    private const string ByMail = "v=TLSRPTv1; rua=mailto:reports@example.com";
    private const string ByHttps = "v=TLSRPTv1; rua=https://example.com/tlsrpt";

    private static readonly DateTimeOffset Midnight = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualClock _clock = new();
    private readonly CollectedOwnMail _mail = new();
    private readonly SimulatedEvents _events = new();
    private readonly List<string> _asked = [];
    private readonly List<(DateTimeOffset At, string Uri)> _posted = [];
    private readonly Dictionary<string, DnsAnswer> _texts = [];
    private TemporaryDirectory _directory = null!;
    private TlsReportMeter _meter = null!;
    private TlsReportBook _book = null!;
    private HttpsAnswer _answer = new(HttpsFault.None, 200, string.Empty, default, string.Empty);
    private string[] _signers = ["example.net", "esp.example"];
    private TlsReportDesk? _desk;
    private int _termsAsked;

    [SetUp]
    public void Open()
    {
        _directory = new TemporaryDirectory();
        _meter = new TlsReportMeter();
        _book = new TlsReportBook(() => true, _meter, _clock);
    }

    [TearDown]
    public void Close()
    {
        _meter.Dispose();
        _directory.Dispose();
    }

    [Test]
    public async Task After_its_day_a_domain_that_asks_gets_one_report_by_mail()
    {
        Publish("example.com", ByMail);
        _book.Record(TlsSessions.Good("example.com"));
        _book.Record(TlsSessions.Good("silent.example"));
        await RunAsync(TimeSpan.FromHours(11.9));
        Assert.That(_asked, Is.Empty, "the day is not over");
        _book.Record(TlsSessions.Bad("example.com", TlsFailure.CertificateExpired));
        await RunAsync(TimeSpan.FromHours(30));

        Assert.That(_asked, Is.EquivalentTo(new[] { "_smtp._tls.example.com", "_smtp._tls.silent.example" }));
        var sent = _mail.All.Single();
        Assert.That((sent.Sender.IsNull, sent.Recipients.Single().ToString(), sent.Id.Node), Is.EqualTo((true, "reports@example.com", 7)));
        Assert.That(Encoding.ASCII.GetString(sent.Content.Span), Does.Contain("TLS-Report-Domain: example.com\r\n").And.Contain("!example.com!1795305600!1795391999!"));
        Assert.That(_book.Days, Is.Empty, "what is reported is forgotten");
        Assert.That(_events.All, Is.Empty);
    }

    [Test]
    public async Task By_https_it_is_posted_again_until_it_is_taken_or_a_day_is_over()
    {
        Publish("example.com", ByHttps);
        _answer = HttpsAnswer.Failed(HttpsFault.Status, "status 503", 503);
        _book.Record(TlsSessions.Good("example.com"));
        await RunAsync(TimeSpan.FromHours(40));

        Assert.That(_posted, Has.Count.InRange(7, 11));
        Assert.That(_posted.Select(one => one.Uri).Distinct().Single(), Is.EqualTo("https://example.com/tlsrpt"));
        Assert.That(_posted[0].At, Is.LessThan(Midnight.AddHours(4.2)));
        Assert.That(_posted[^1].At, Is.LessThanOrEqualTo(Midnight.AddDays(1)));
        Assert.That(_events.All.Select(line => (line.Kind, line.Rule)), Is.EqualTo(new[] { (EventKind.Alert, "tls/report") }));
        Assert.That(_events.All[0].Reason, Does.Contain("2026-11-22 could not be brought to 1 domains").And.Contain("status 503"));
        Assert.That(_book.Days, Is.Empty);
    }

    [Test]
    public async Task What_a_server_takes_at_last_is_sent_no_more()
    {
        Publish("example.com", ByHttps);
        _answer = HttpsAnswer.Failed(HttpsFault.TimedOut, "no answer within 60 s");
        _book.Record(TlsSessions.Good("example.com"));
        await RunAsync(TimeSpan.FromHours(17));
        _answer = new HttpsAnswer(HttpsFault.None, 201, string.Empty, default, string.Empty);
        var before = _posted.Count;
        await RunAsync(TimeSpan.FromHours(30));
        Assert.That(_posted, Has.Count.EqualTo(before + 1));
        Assert.That(_events.All, Is.Empty);
    }

    [Test]
    public async Task A_host_that_keeps_us_waiting_is_let_rest()
    {
        _answer = HttpsAnswer.Failed(HttpsFault.TimedOut, "no answer within 20 s");
        for (var at = 0; at < 60; at++)
        {
            Publish($"d{at}.example", ByHttps);
            _book.Record(TlsSessions.Good($"d{at}.example"));
        }

        await RunAsync(TimeSpan.FromHours(40));
        var times = _posted.Select(one => one.At).Order().ToArray();
        Assert.That(times.Zip(times.Skip(1), (one, next) => next - one), Is.All.GreaterThanOrEqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(times, Has.Length.GreaterThan(10));
    }

    [Test]
    public async Task A_crash_after_the_sending_does_not_send_it_again()
    {
        Publish("example.com", ByMail);
        _directory.Write("sent", "+ 2026-11-22 example.com mailto:reports@example.com\n");

        _book.Record(TlsSessions.Good("example.com"));
        await RunAsync(TimeSpan.FromHours(20));
        Assert.That(_mail.All, Is.Empty);
        Assert.That(_book.Days, Is.Empty);
    }

    [Test]
    public async Task An_intake_that_takes_nothing_is_tried_again_under_the_same_id()
    {
        Publish("example.com", ByMail);
        _mail.Fault = new IOException("the disk is full");
        _book.Record(TlsSessions.Good("example.com"));
        await RunAsync(TimeSpan.FromHours(17));
        Assert.That(_mail.All, Is.Empty);
        _mail.Fault = null;
        await RunAsync(TimeSpan.FromHours(5));
        Assert.That(_mail.All, Has.Count.EqualTo(1));
    }

    [TestCase("mta1.example.net", 1)]
    [TestCase("example.net", 1)]
    [TestCase("sub.mta1.example.net", 0)]
    [TestCase("ample.net", 0)]
    public async Task The_signature_must_be_of_the_From_domain_or_one_above(string signer, int reports)
    {
        _signers = [signer];
        Publish("example.com", ByMail);
        _book.Record(TlsSessions.Good("example.com"));
        await RunAsync(TimeSpan.FromHours(20));
        Assert.That(_mail.All, Has.Count.EqualTo(reports));
    }

    [Test]
    public async Task Domains_are_gone_through_once_a_day()
    {
        for (var number = 0; number < 50; number++)
        {
            _book.Record(TlsSessions.Good($"d{number}.example"));
        }

        await RunAsync(TimeSpan.FromHours(20));
        Assert.That(_asked, Has.Count.EqualTo(50));
        Assert.That(_termsAsked, Is.LessThan(50 * 5), "not for each waiting domain at each report");
    }

    [TestCase]
    [TestCase("esp.example", Description = "dkim.also of somebody else")]
    public async Task Without_a_key_nothing_goes_by_mail_and_one_alert_says_so(params string[] signers)
    {
        _signers = signers;
        Publish("example.com", ByMail);
        Publish("other.example", "v=TLSRPTv1; rua=mailto:r@other.example,https://other.example/r");
        _book.Record(TlsSessions.Good("example.com"));
        _book.Record(TlsSessions.Good("other.example"));
        await RunAsync(TimeSpan.FromHours(20));
        Assert.That(_mail.All, Is.Empty);
        Assert.That(_posted, Has.Count.EqualTo(1), "a signature is for mail");
        Assert.That(_events.All.Select(line => line.Reason), Is.EqualTo(new[]
        {
            "TLS reports by mail are not sent: no DKIM key of mta1.example.net, the domain of system.from, signs, and without its signature a report counts for nothing; 'engine dkim generate mta1.example.net' makes one, delivery.tls.report: false ends the reports",
        }));
    }

    [Test]
    public async Task A_resolver_that_fails_is_asked_again()
    {
        _texts["_smtp._tls.example.com"] = new DnsAnswer(LookupStatus.Failed, [], false, default);
        _book.Record(TlsSessions.Good("example.com"));
        await RunAsync(TimeSpan.FromHours(17));
        Assert.That(_asked, Has.Count.GreaterThan(1));
        Publish("example.com", ByMail);
        await RunAsync(TimeSpan.FromHours(5));
        Assert.That(_mail.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Days_that_ended_while_the_engine_was_down_are_reported_for_one_day()
    {
        Publish("example.com", ByMail);
        _book.Record(TlsSessions.Good("example.com"));
        _clock.Advance(TimeSpan.FromDays(1));
        _book.Record(TlsSessions.Good("example.com"));
        _clock.Advance(TimeSpan.FromDays(1));
        await RunAsync(TimeSpan.FromHours(1));
        Assert.That(_mail.All, Has.Count.EqualTo(1));
        Assert.That(Encoding.ASCII.GetString(_mail.All[0].Content.Span), Does.Contain("on 2026-11-23 (UTC)"));
    }

    private void Publish(string domain, string text) =>
        _texts[$"_smtp._tls.{domain}"] = new DnsAnswer(LookupStatus.Found, [new DnsRecord.Text(text)], false, DateTimeOffset.MaxValue);

    private async Task RunAsync(TimeSpan span)
    {
        _desk ??= Make();
        for (var end = _clock.GetUtcNow() + span; _clock.GetUtcNow() < end;)
        {
            var pause = await _desk.TurnAsync(CancellationToken.None);
            _clock.Advance(pause < end - _clock.GetUtcNow() ? pause : end - _clock.GetUtcNow());
        }
    }

    private TlsReportDesk Make()
    {
        var terms = TlsReportTerms.Of(new EngineOptions { Hostname = "mta1.example.net", Node = 7 });
        var outlets = new TlsReportOutlets
        {
            AskText = (name, _) =>
            {
                _asked.Add(name.Name);
                return ValueTask.FromResult(_texts.GetValueOrDefault(name.Name) ?? new DnsAnswer(LookupStatus.NoSuchDomain, [], false, default));
            },
            Intake = _mail,
            Signers = _ => _signers.Select(DomainName.Parse),
            PostAsync = (uri, _, _) =>
            {
                _posted.Add((_clock.GetUtcNow(), uri.AbsoluteUri));
                return ValueTask.FromResult(_answer);
            },
        };
        TlsReportTerms Terms()
        {
            _termsAsked++;
            return terms;
        }

        return new TlsReportDesk(_book, new TlsReportLedger(_directory["sent"]), outlets, Terms, _meter, _events, _clock, NullLogger.Instance);
    }
}
