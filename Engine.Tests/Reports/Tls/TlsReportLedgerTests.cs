using Engine.Mail;
using Engine.Reports.Tls;
using Engine.Tests.Configuration;

namespace Engine.Tests.Reports.Tls;

internal sealed class TlsReportLedgerTests
{
    private static readonly DateOnly Day = new(2026, 11, 21);

    [Test]
    public void What_was_begun_is_known_after_a_restart_and_what_was_taken_back_is_not()
    {
        using var directory = new TemporaryDirectory();
        var (one, two, domain) = (Target("mailto:a@example.com"), Target("https://example.com/r"), DomainName.Parse("example.com"));
        var ledger = new TlsReportLedger(directory["sent"]);
        ledger.Load(Day);
        ledger.Begin(Day, domain, one);
        ledger.Begin(Day, domain, two);
        ledger.TakeBack(Day, domain, two);
        File.AppendAllText(directory["sent"], "+ 2026-11-2");

        var after = new TlsReportLedger(directory["sent"]);
        after.Load(Day);
        Assert.That((after.Has(Day, domain, one), after.Has(Day, domain, two), after.Has(Day.AddDays(1), domain, one)), Is.EqualTo((true, false, false)));
        Assert.That(File.ReadAllLines(directory["sent"]), Is.EqualTo(new[] { "+ 2026-11-21 example.com mailto:a@example.com" }));

        after.Load(Day.AddDays(1));
        Assert.That(after.Has(Day, domain, one), Is.False);
    }

    [Test]
    public void One_place_gets_so_many_reports_a_day_and_no_more()
    {
        using var directory = new TemporaryDirectory();
        var target = Target("mailto:victim@example.com");
        File.WriteAllLines(directory["sent"], Enumerable.Range(1, TlsReportLedger.MaxPerTarget - 1).Select(at => $"+ 2026-11-21 d{at}.example mailto:victim@example.com"));
        var ledger = new TlsReportLedger(directory["sent"]);
        ledger.Load(Day);
        Assert.That(ledger.IsFull(Day, target), Is.False);
        ledger.Begin(Day, DomainName.Parse("last.example"), target);
        Assert.That((ledger.IsFull(Day, target), ledger.IsFull(Day.AddDays(1), target)), Is.EqualTo((true, false)));
    }

    [TestCase("mailto:victim+{0}@example.com", "mailto:victim@example.com", TlsReportLedger.MaxPerTarget)]
    [TestCase("https://example.com/r?{0}", "https://example.com/r", TlsReportLedger.MaxPerTarget)]
    [TestCase("mailto:v{0}@example.com", "mailto:other@example.com", TlsReportLedger.MaxPerHost)]
    [TestCase("https://example.com/{0}", "https://example.com/other", TlsReportLedger.MaxPerHost)]
    public void Other_names_of_the_same_place_are_no_way_around(string names, string asked, int limit)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllLines(directory["sent"], Enumerable.Range(1, limit).Select(at => $"+ 2026-11-21 d{at}.example {string.Format(System.Globalization.CultureInfo.InvariantCulture, names, at)}"));
        var ledger = new TlsReportLedger(directory["sent"]);
        ledger.Load(Day);
        Assert.That((ledger.IsFull(Day, Target(asked)), ledger.IsFull(Day, Target("mailto:a@example.org"))), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_mailbox_with_a_blank_gets_none()
    {
        Assert.That(TlsReportTarget.TryParse("mailto:%22a%20b%22@example.com", out var target), Is.True);
        Assert.That(target, Is.Null);
    }

    private static TlsReportTarget Target(string uri) => TlsReportTarget.TryParse(uri, out var target) ? target! : throw new ArgumentException(uri);
}
