using Engine.Mail;
using Engine.Preflight;
using Engine.Preflight.Dmarc;

namespace Engine.Tests.Preflight.Dmarc;

internal sealed class DmarcTests
{
    private readonly RecordTable _dns = new();

    [Test]
    public async Task The_walk_asks_eight_times_at_most_and_skips_to_seven_labels()
    {
        await new DmarcDiscovery(_dns).WalkAsync(DomainName.Parse("a.b.c.d.e.f.g.h.i.j.mail.example.com"), CancellationToken.None);

        Assert.That(_dns.Asked, Is.EqualTo(new[]
        {
            "Txt _dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com", "Txt _dmarc.g.h.i.j.mail.example.com", "Txt _dmarc.h.i.j.mail.example.com", "Txt _dmarc.i.j.mail.example.com",
            "Txt _dmarc.j.mail.example.com", "Txt _dmarc.mail.example.com", "Txt _dmarc.example.com", "Txt _dmarc.com",
        }));
    }

    // The domain; records as NAME|TEXT; the organisation; where the policy stands.
    [TestCase("a.mail.example.com", new[] { "example.com|v=DMARC1; p=none" }, "example.com", "example.com", TestName = "The shortest name with a record is the organisation")]
    [TestCase("a.mail.example.com", new[] { "example.com|v=DMARC1; p=none", "mail.example.com|v=DMARC1; p=reject" }, "example.com", "example.com", TestName = "A record between start and organisation is no policy")]
    [TestCase("mail.example.com", new[] { "example.com|v=DMARC1; p=none", "mail.example.com|v=DMARC1; p=reject" }, "example.com", "mail.example.com", TestName = "A domain's own record is its policy")]
    [TestCase("a.mail.example.com", new[] { "example.com|v=DMARC1; p=none", "mail.example.com|v=DMARC1; p=reject; psd=n" }, "mail.example.com", "mail.example.com", TestName = "psd=n is the organisation")]
    [TestCase("a.giant.bank.example", new[] { "bank.example|v=DMARC1; p=reject; psd=y" }, "giant.bank.example", "bank.example", TestName = "Below psd=y is the organisation, and the suffix says the policy")]
    [TestCase("bank.example", new[] { "bank.example|v=DMARC1; p=reject; psd=y" }, "bank.example", "bank.example", TestName = "A suffix that sends mail itself is its own organisation")]
    [TestCase("a.example.com", new string[0], "a.example.com", null, TestName = "Without any record the start stands alone")]
    [TestCase("example.com", new[] { "example.com|v=DMARC1; p=none", "example.com|v=DMARC1; p=reject" }, "example.com", null, TestName = "Of two records none counts")]
    [TestCase("example.com", new[] { "example.com|p=none; v=DMARC1" }, "example.com", null, TestName = "v= comes first")]
    [TestCase("example.com", new[] { "example.com|v=DMARC1; p=drop" }, "example.com", null, TestName = "A policy that is none spoils a record without rua")]
    [TestCase("example.com", new[] { "example.com|v=DMARC1; p=drop; rua=mailto:r@example.com" }, "example.com", "example.com", TestName = "With rua it means p=none")]
    public async Task Organisation_and_policy_are_found(string domain, string[] records, string organisation, string? policy)
    {
        foreach (var record in records)
        {
            _dns.Txt($"_dmarc.{record.Split('|')[0]}", record.Split('|')[1]);
        }

        var walk = await new DmarcDiscovery(_dns).WalkAsync(DomainName.Parse(domain), CancellationToken.None);

        Assert.That((walk.Organization, walk.Policy?.Name), Is.EqualTo((organisation, policy)));
    }

    [TestCase("example.com", "bounce.example.com", false, true)]
    [TestCase("example.com", "bounce.example.com", true, false)]
    [TestCase("example.com", "EXAMPLE.com", true, true)]
    [TestCase("news.example.com", "bounce.example.com", false, true)]
    [TestCase("example.com", "example.net", false, false)]
    [TestCase("shop.nobody.example", "bounce.shop.nobody.example", false, true, Description = "nobody has a record: below is of one house")]
    [TestCase("shop.nobody.example", "other.nobody.example", false, false)]
    public async Task Alignment_is_strict_or_by_organisation(string from, string other, bool isStrict, bool isAligned)
    {
        _dns.Txt("_dmarc.example.com", "v=DMARC1; p=none");

        Assert.That(await new DmarcDiscovery(_dns).IsAlignedAsync(DomainName.Parse(from), DomainName.Parse(other), isStrict, CancellationToken.None), Is.EqualTo(isAligned));
    }

    [Test]
    public async Task A_resolver_that_fails_leaves_alignment_open()
    {
        _dns.Silent("_dmarc.com");

        Assert.That(await new DmarcDiscovery(_dns).IsAlignedAsync(DomainName.Parse("example.com"), DomainName.Parse("bounce.example.com"), isStrict: false, CancellationToken.None), Is.Null);
    }

    // The record; state; what is found; the record advised.
    [TestCase(null, FindingState.Advice, "no record, here or above", "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com")]
    [TestCase("v=DMARC1; p=none", FindingState.Advice, "p=none", "v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com")]
    [TestCase("v=DMARC1; p=none; rua=mailto:r@example.com; adkim=s", FindingState.Advice, "p=none", "v=DMARC1; p=quarantine; rua=mailto:r@example.com; adkim=s")]
    [TestCase("v=DMARC1; p=quarantine; pct=20; rua=mailto:r@example.com", FindingState.Advice, "p=quarantine pct=20", "v=DMARC1; p=quarantine; rua=mailto:r@example.com")]
    [TestCase("v=DMARC1; p=quarantine; t=y; rua=mailto:r@example.com", FindingState.Advice, "p=quarantine t=y", "v=DMARC1; p=quarantine; rua=mailto:r@example.com")]
    [TestCase("v=DMARC1; p=quarantine; rua=mailto:r@example.com", FindingState.Good, "p=quarantine", "v=DMARC1; p=reject; rua=mailto:r@example.com")]
    [TestCase("v=DMARC1; p=reject; rua=mailto:r@example.com", FindingState.Good, "p=reject", null)]
    public async Task The_next_step_towards_reject_is_advised_with_its_record(string? record, FindingState state, string found, string? advised)
    {
        if (record is not null)
        {
            _dns.Txt("_dmarc.example.com", record);
        }

        var finding = (await new DmarcCheck(_dns).PolicyAsync(Subjects.Of("example.com"), CancellationToken.None)).Single();

        Assert.That((finding.State, finding.Found, finding.Publish), Is.EqualTo((state, found, advised is null ? null : $"_dmarc.example.com. IN TXT \"{advised}\"")));
    }

    [Test]
    public async Task Its_own_record_is_the_policy_though_nobody_answers_above_it()
    {
        _dns.Silent("_dmarc.com").Txt("_dmarc.example.com", "v=DMARC1; p=reject; rua=mailto:r@example.com");

        Assert.That((await new DmarcCheck(_dns).PolicyAsync(Subjects.Of("example.com"), CancellationToken.None)).Single().Found, Is.EqualTo("p=reject"));
        Assert.That((await new DmarcCheck(_dns).PolicyAsync(Subjects.Of("news.example.com"), CancellationToken.None)).Single().State, Is.EqualTo(FindingState.Unknown));
    }

    [Test]
    public async Task A_subdomain_without_a_record_goes_by_sp_and_is_advised_there()
    {
        _dns.Txt("_dmarc.example.com", "v=DMARC1; p=reject; sp=none; rua=mailto:r@example.com");

        var finding = (await new DmarcCheck(_dns).PolicyAsync(Subjects.Of("news.example.com"), CancellationToken.None)).Single();

        Assert.That((finding.Found, finding.Publish), Is.EqualTo(("sp=none", "_dmarc.example.com. IN TXT \"v=DMARC1; p=reject; sp=quarantine; rua=mailto:r@example.com\"")));
    }

    [Test]
    public async Task Reports_to_another_house_need_its_word()
    {
        _dns.Txt("_dmarc.example.com", "v=DMARC1; p=reject; rua=mailto:a@reports.example!10m, mailto:b@other.example,mailto:c@in.example.com,ftp://x")
            .Txt("example.com._report._dmarc.reports.example", "v=DMARC1;");

        var findings = await new DmarcCheck(_dns).PolicyAsync(Subjects.Of("example.com"), CancellationToken.None);

        Assert.That(findings.Skip(1).Select(finding => (finding.Subject, finding.Publish)), Is.EqualTo(new[]
        {
            ("example.com._report._dmarc.other.example", "example.com._report._dmarc.other.example. IN TXT \"v=DMARC1\""),
            ("_dmarc.example.com", (string?)null),
        }));
    }
}
