using System.Net;
using Engine.Mail;
using Engine.Reports.Tls;

namespace Engine.Tests.Reports.Tls;

internal sealed class TlsReportBookTests
{
    private static readonly DomainName Example = DomainName.Parse("example.com");

    private ManualClock _clock = null!;
    private TlsReportMeter _meter = null!;
    private TlsReportBook _book = null!;
    private bool _isOn = true;

    [SetUp]
    public void Open()
    {
        _clock = new ManualClock();
        _meter = new TlsReportMeter();
        _book = new TlsReportBook(() => _isOn, _meter, _clock);
    }

    [TearDown]
    public void Close() => _meter.Dispose();

    [Test]
    public void Sessions_are_counted_by_policy_and_failures_by_what_they_have_in_common()
    {
        for (var times = 0; times < 5; times++)
        {
            _book.Record(TlsSessions.Good("example.com"));
            _book.Record(TlsSessions.Bad("example.com", TlsFailure.CertificateExpired));
        }

        _book.Record(TlsSessions.Bad("example.com", TlsFailure.CertificateExpired, server: 2));
        _book.Record(new TlsResult(Example, TlsPolicyKind.None, TlsFailure.None));

        var policies = Today();
        Assert.That(policies.Select(policy => (policy.Kind, policy.Succeeded, policy.Failed)), Is.EqualTo(new[] { (TlsPolicyKind.Sts, 5L, 6L), (TlsPolicyKind.None, 1L, 0L) }));
        Assert.That(policies[0].Failures.Select(failure => (failure.Detail.Receiving!.ToString(), failure.Sessions)), Is.EqualTo(new[] { ("198.51.100.1", 5L), ("198.51.100.2", 1L) }));
    }

    [Test]
    public void Known_keys_allocate_nothing()
    {
        var good = TlsSessions.Good("example.com");
        var bad = TlsSessions.Bad("example.com", TlsFailure.ValidationFailure) with { ReceivingAddress = IPAddress.Parse("2001:db8::1"), SendingAddress = IPAddress.Parse("2001:db8::2") };
        for (var warm = 0; warm < 1_000; warm++)
        {
            _book.Record(good);
            _book.Record(bad);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var times = 0; times < 1_000; times++)
        {
            _book.Record(good);
            _book.Record(bad);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000), "octets in 2,000 records");
    }

    [Test]
    public void Beyond_the_bound_details_go_into_the_rest_of_their_type()
    {
        for (var kind = 0; kind < TlsPolicyTally.MaxDetails + 20; kind++)
        {
            _book.Record(TlsSessions.Bad("example.com", TlsFailure.ValidationFailure, reason: $"reason {kind}"));
        }

        var policy = Today().Single();
        Assert.That(policy.Failed, Is.EqualTo(TlsPolicyTally.MaxDetails + 20));
        Assert.That(policy.Failures, Has.Count.EqualTo(TlsPolicyTally.MaxDetails + 1));
        Assert.That(policy.Failures.Single(failure => failure.Detail == TlsFailureDetail.RestOf(TlsFailure.ValidationFailure)).Sessions, Is.EqualTo(20));
    }

    [Test]
    public void A_policy_that_keeps_changing_is_counted_under_one_of_its_kind()
    {
        for (var version = 0; version < 50; version++)
        {
            _book.Record(TlsSessions.Good("example.com") with { PolicyLines = [$"id: {version}"] });
        }

        var policies = Today();
        Assert.That(policies, Has.Count.EqualTo(TlsDomainTally.MaxPolicies));
        Assert.That(policies.Sum(policy => policy.Succeeded), Is.EqualTo(50));
    }

    [Test]
    public void Of_a_policy_of_a_stranger_little_is_kept_and_it_is_known_again()
    {
        static string[] Lines() => [.. Enumerable.Range(0, 64).Select(at => $"3 0 0 {at:x2}{new string('a', 128_000)}")];

        for (var times = 0; times < 3; times++)
        {
            _book.Record(TlsSessions.Good("example.com") with { Policy = TlsPolicyKind.Tlsa, PolicyLines = Lines() });
        }

        var policy = Today().Single();
        Assert.That((policy.Succeeded, policy.Lines.Count, policy.Lines.Max(line => line.Length)), Is.EqualTo((3L, TlsPolicyTally.MaxLines, TlsPolicyTally.MaxText)));
        Assert.That(_book.Days.Single().Text, Is.LessThan(5_000));
    }

    [Test]
    public void A_day_holds_so_much_text_and_counts_on_without()
    {
        var sessions = 0;
        for (var at = 0; at < 3_000; at++, sessions += 2)
        {
            var lines = Enumerable.Range(0, TlsPolicyTally.MaxLines).Select(line => $"{at} {line} {new string('b', TlsPolicyTally.MaxText)}").ToArray();
            _book.Record(TlsSessions.Good($"d{at}.example") with { PolicyLines = lines });
            _book.Record(TlsSessions.Bad($"d{at}.example", TlsFailure.ValidationFailure, reason: new string('c', 1_000)) with { PolicyLines = lines });
        }

        var day = _book.Days.Single();
        Assert.That(day.Text, Is.InRange(TlsDay.MaxText, TlsDay.MaxText + 10_000L));
        Assert.That(day.Domains.SelectMany(day.CountsOf).Sum(policy => policy.Succeeded + policy.Failed), Is.EqualTo(sessions));
    }

    [Test]
    public void Too_many_domains_are_passed_over_and_known_ones_go_on()
    {
        for (var at = 0; at <= TlsDay.MaxDomains; at++)
        {
            _book.Record(TlsSessions.Good($"d{at}.example"));
        }

        _book.Record(TlsSessions.Good("d0.example"));
        var day = _book.Days.Single();
        Assert.That(day.PassedOver, Is.EqualTo(1));
        Assert.That(day.CountsOf(DomainName.Parse("d0.example")).Single().Succeeded, Is.EqualTo(2));
    }

    [Test]
    public void A_day_ends_at_midnight_of_UTC_and_a_clock_set_back_stays_in_it()
    {
        _book.Record(TlsSessions.Good("example.com"));
        _clock.Advance(TimeSpan.FromHours(12));
        _book.Record(TlsSessions.Good("example.com"));
        _book.Record(TlsSessions.Good("example.com"));
        Assert.That(_book.Days.Select(day => (day.Date.Day, day.CountsOf(Example).Single().Succeeded)), Is.EqualTo(new[] { (22, 1L), (23, 2L) }));

        _clock.Advance(TimeSpan.FromHours(-1));
        _book.Record(TlsSessions.Good("example.com"));
        Assert.That(_book.Days[1].CountsOf(Example).Single().Succeeded, Is.EqualTo(3));
    }

    [Test]
    public void Nothing_is_kept_where_nobody_reports()
    {
        _isOn = false;
        _book.Record(TlsSessions.Good("example.com"));
        Assert.That(_book.Days, Is.Empty);
    }

    [Test]
    public void A_restart_loses_nothing()
    {
        _book.Record(TlsSessions.Good("example.com"));
        _book.Record(TlsSessions.Bad("example.com", TlsFailure.StsWebPkiInvalid) with { ReceivingAddress = null, Mx = null });
        _book.Record(TlsSessions.Bad("other.example", TlsFailure.TlsaInvalid) with { Policy = TlsPolicyKind.Tlsa });
        using var saved = new MemoryStream();
        new TlsBookFile(_book).Save(saved);
        saved.Position = 0;

        using var meter = new TlsReportMeter();
        var after = new TlsReportBook(() => true, meter, _clock);
        new TlsBookFile(after).Load(saved);
        after.Record(TlsSessions.Good("example.com"));
        var policy = after.Days.Single().CountsOf(Example).Single();
        Assert.That((policy.Succeeded, policy.Failed), Is.EqualTo((2L, 1L)));
        Assert.That(policy.Failures.Single(), Is.EqualTo(Today().Single().Failures.Single()));
        Assert.That(after.Days.Single().CountsOf(DomainName.Parse("other.example")).Single().Kind, Is.EqualTo(TlsPolicyKind.Tlsa));
    }

    private IReadOnlyList<TlsPolicyCounts> Today() => _book.Find(_book.Today)!.CountsOf(Example);
}
