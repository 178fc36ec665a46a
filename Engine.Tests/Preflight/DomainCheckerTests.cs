using System.Security.Cryptography;
using Engine.Dkim;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight;

namespace Engine.Tests.Preflight;

/// <summary>All checks of a domain: each thing that can be wrong, alone.</summary>
internal sealed class DomainCheckerTests
{
    private const string KeyName = "s1._domainkey.example.com";

    private readonly RecordTable _dns = new RecordTable().Publish("example.com")
        .Ptr("192.0.2.1", "a1.mta.example").Address("a1.mta.example", "192.0.2.1");

    [Test]
    public async Task A_domain_that_publishes_everything_is_good()
    {
        var report = await AllAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Evidence, Is.EqualTo(GateEvidence.Good));
            Assert.That(report.Findings.Where(finding => finding.State is not FindingState.Good), Is.Empty);
            Assert.That(report.Findings.Select(finding => finding.Topic).Distinct(), Is.EquivalentTo(Enum.GetValues<CheckTopic>()));
            Assert.That(report.Cost!.Total, Is.Zero);
        }
    }

    [TestCase("v=DKIM1; k=rsa; p=", "the key is revoked: its p= is empty")]
    [TestCase("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "k=ed25519, but the key that signs is rsa")]
    [TestCase("v=DKIM1; k=rsa; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "another key: its public half is not that of the key that signs")]
    [TestCase("v=DKIM1; k=rsa; h=sha1; p=OWN", "h= does not allow sha256")]
    [TestCase("v=DKIM1; k=rsa; s=tlsrpt; p=OWN", "s= does not allow email")]
    [TestCase("v=DKIM2; p=OWN", "the key record has version 'DKIM2'")]
    [TestCase("", "the key record is no tag list")]
    [TestCase(null, "no key record")]
    public async Task A_key_record_that_does_not_serve_the_key_is_wrong_and_the_right_one_is_shown(string? text, string found)
    {
        var key = Subjects.Key("example.com");
        _dns.Drop(KeyName);
        if (text is not null)
        {
            _dns.Txt(KeyName, text.Replace("OWN", Convert.ToBase64String(key.ExportPublicKey()), StringComparison.Ordinal));
        }

        var report = await AllAsync();
        var finding = report.Findings.First(one => one.Topic is CheckTopic.Dkim);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((finding.State, finding.Found), Is.EqualTo((FindingState.Wrong, found)));
            Assert.That(finding.Publish, Is.EqualTo(DkimRecord.For(key).ToZone("s1", DomainName.Parse("example.com")).TrimEnd()));
            Assert.That(report.Evidence, Is.EqualTo(GateEvidence.Contradiction));
            Assert.That(report.Reason, Is.EqualTo($"{KeyName}: {found}"));
        }
    }

    [Test]
    public async Task Two_key_records_are_wrong_and_a_test_flag_is_advice()
    {
        var text = DkimRecord.For(Subjects.Key("example.com")).Text;
        _dns.Txt(KeyName, text);
        var two = (await AllAsync()).Findings[0];
        _dns.Drop(KeyName).Txt(KeyName, text.Replace("k=rsa", "k=rsa; t=y", StringComparison.Ordinal));
        var testing = await AllAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((two.State, two.Found), Is.EqualTo((FindingState.Wrong, "2 records: receivers may take any of them")));
            Assert.That(testing.Findings[0].State, Is.EqualTo(FindingState.Advice));
            Assert.That(testing.Evidence, Is.EqualTo(GateEvidence.Good));
        }
    }

    [Test]
    public void A_key_published_as_RSAPublicKey_is_the_same_key()
    {
        using var rsa = RSA.Create(2_048);
        var key = new RsaSigningKey(DomainName.Parse("example.com"), "s1", rsa);

        Assert.That(DkimCheck.IsSameKey(key, new DkimRecord("rsa", rsa.ExportRSAPublicKey())), Is.True);
        Assert.That(DkimCheck.IsSameKey(key, new DkimRecord("rsa", [1, 2, 3])), Is.False);
    }

    [Test]
    public async Task A_key_that_cannot_be_had_is_wrong_and_told_with_the_reason()
    {
        var (findings, good) = await new DkimCheck(_dns).RunAsync(Subjects.Of("example.com") with { KeyFault = "k.pem cannot be read" }, CancellationToken.None);
        var finding = findings.Single();
        Assert.That((finding.State, finding.IsRequired, good.Count), Is.EqualTo((FindingState.Wrong, true, 0)));
        Assert.That(finding.Found, Does.EndWith("k.pem cannot be read"));
    }

    [Test]
    public async Task A_platforms_key_that_is_missing_holds_no_customer()
    {
        var report = await Checker().CheckGateAsync(Subjects.Of("example.com", Subjects.Key("example.com"), Subjects.Key("esp.example", "p1")), CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Findings[1], Is.EqualTo(report.Findings[1] with { State = FindingState.Advice, Subject = "p1._domainkey.esp.example", Found = "no key record", IsRequired = false }));
            Assert.That(report.Evidence, Is.EqualTo(GateEvidence.Good));
        }
    }

    [TestCase("v=spf1 ip4:192.0.2.9 -all", "source a1 (192.0.2.1): fail, -all of bounce.example.com", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.9 -all")]
    [TestCase("v=spf1 ip4:192.0.2.9", "source a1 (192.0.2.1): neutral, no term of bounce.example.com matches", "v=spf1 ip4:192.0.2.1 ip4:192.0.2.9")]
    [TestCase("v=spf1 nonsense", "source a1 (192.0.2.1): permerror, bounce.example.com: 'nonsense' is no mechanism", "v=spf1 ip4:192.0.2.1 ~all")]
    [TestCase(null, "source a1 (192.0.2.1): none, bounce.example.com has no SPF record", "v=spf1 ip4:192.0.2.1 ~all")]
    public async Task A_return_path_that_does_not_let_a_source_send_is_wrong(string? record, string found, string advised)
    {
        _dns.Drop("bounce.example.com").Mx("bounce.example.com", "mta.example");
        if (record is not null)
        {
            _dns.Txt("bounce.example.com", record);
        }

        var report = await AllAsync();
        var finding = report.Findings.First(one => one.Topic is CheckTopic.Spf);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((finding.State, finding.Found, finding.Publish), Is.EqualTo((FindingState.Wrong, found, $"bounce.example.com. IN TXT \"{advised}\"")));
            Assert.That(report.Evidence, Is.EqualTo(GateEvidence.Contradiction));
            Assert.That(report.Findings.First(one => one.Topic is CheckTopic.Alignment).Found, Is.EqualTo("by DKIM: d=example.com"));
        }
    }

    [Test]
    public async Task Without_a_key_and_with_a_return_path_of_another_house_nothing_is_aligned()
    {
        _dns.Txt("bounce.esp.example", "v=spf1 ip4:192.0.2.1 -all");
        var subject = Subjects.Of("example.com") with { ReturnPath = DomainName.Parse("bounce.esp.example") };

        var finding = (await Checker().CheckGateAsync(subject, CancellationToken.None)).Findings.First(one => one.Topic is CheckTopic.Alignment);

        Assert.That((finding.State, finding.Found), Is.EqualTo((FindingState.Wrong, "neither a signature that holds nor the return path (bounce.esp.example) is of the From domain")));
    }

    [Test]
    public async Task An_engine_that_has_neither_keys_nor_addresses_of_its_own_contradicts_nobody()
    {
        var subject = Subjects.Of("example.com") with { Sources = [new(default, "default", null, null, "mta.example")] };

        var report = await Checker().CheckGateAsync(subject, CancellationToken.None);

        Assert.That(report.Evidence, Is.EqualTo(GateEvidence.Good));
        Assert.That(report.Findings.Select(finding => finding.State), Is.All.EqualTo(FindingState.Advice));
    }

    [TestCase("bounce.example.com")]
    [TestCase(KeyName)]
    [TestCase("*")]
    public async Task A_resolver_that_fails_is_no_evidence(string name)
    {
        _dns.Silent(name);

        Assert.That((await AllAsync()).Evidence, Is.EqualTo(GateEvidence.Unknown));
    }

    [Test]
    public async Task What_is_wrong_for_certain_counts_whatever_else_is_unknown()
    {
        _dns.Drop(KeyName).Silent("bounce.example.com");

        Assert.That((await AllAsync()).Evidence, Is.EqualTo(GateEvidence.Contradiction));
    }

    [Test]
    public async Task Dmarc_return_path_source_and_logo_are_advice_only()
    {
        _dns.Drop("_dmarc.example.com").Drop("bounce.example.com").Txt("bounce.example.com", "v=spf1 ip4:192.0.2.1 -all").Mx("bounce.example.com", "elsewhere.example")
            .Drop(ReverseName.Of(Subjects.Of("example.com").Sources.First().Address!).Name)
            .Txt("default._bimi.example.com", "v=BIMI1; l=http://example.com/logo.svg");

        var report = await AllAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Evidence, Is.EqualTo(GateEvidence.Good));
            Assert.That(report.Findings.Where(finding => finding.State is FindingState.Advice).Select(finding => (finding.Topic, finding.Publish)), Is.EqualTo(new[]
            {
                (CheckTopic.Dmarc, "_dmarc.example.com. IN TXT \"v=DMARC1; p=none; rua=mailto:dmarc-reports@example.com\""),
                (CheckTopic.ReturnPath, "bounce.example.com. IN MX 10 a1.mta.example."),
                (CheckTopic.Source, "1.2.0.192.in-addr.arpa. IN PTR a1.mta.example."),
                (CheckTopic.Bimi, null),
                (CheckTopic.Bimi, (string?)null),
            }));
        }
    }

    [TestCase("a1.mta.example", "192.0.2.1", "good PTR a1.mta.example, as it says at EHLO; good EHLO name a1.mta.example leads back to it")]
    [TestCase("a1.mta.example", "192.0.2.2", "good PTR a1.mta.example, as it says at EHLO; advice EHLO name a1.mta.example leads to 192.0.2.2, not to it")]
    [TestCase("pool.host.example", "192.0.2.1", "advice PTR pool.host.example, but it says EHLO a1.mta.example; advice PTR name pool.host.example has no address; good EHLO name a1.mta.example leads back to it")]
    public async Task A_source_is_named_and_leads_back(string pointer, string address, string expected)
    {
        var dns = new RecordTable().Ptr("192.0.2.1", pointer).Address("a1.mta.example", address);

        var findings = await new SourceCheck(dns).RunAsync(Subjects.Source("a1", "192.0.2.1", "a1.mta.example"), CancellationToken.None);

        Assert.That(string.Join("; ", findings.Select(finding => $"{finding.State.ToString().ToLowerInvariant()} {finding.Found}")), Is.EqualTo(expected));
    }

    [Test]
    public async Task An_exchanger_is_ours_by_its_address_too()
    {
        _dns.Drop("bounce.example.com").Mx("bounce.example.com", "in.customer.example").Address("in.customer.example", "192.0.2.1");

        Assert.That((await new ReturnPathCheck(_dns).RunAsync(Subjects.Of("example.com"), CancellationToken.None)).State, Is.EqualTo(FindingState.Good));
    }

    [Test]
    public void Json_says_what_programs_need()
    {
        var report = new DomainReport(DomainName.Parse("example.com"), [new DomainFinding(CheckTopic.ReturnPath, FindingState.Unknown, "b", "c") { IsRequired = true, Publish = "d" }], 7);

        var json = ReportJson.Of(report, new Engine.Configuration.VerifyOptions(), standing: null, isInDoubt: false);

        Assert.That(json.ToJsonString(), Is.EqualTo(
            """{"domain":"example.com","result":"unknown","verify":{"level":"required","graceSeconds":86400,"state":null,"since":null,"observedSeconds":null,"gate":"open"},"findings":[{"topic":"returnPath","state":"unknown","required":true,"subject":"b","found":"c","wanted":null,"publish":"d"}],"publish":["d"],"spfCost":null,"questions":7}"""));
    }

    [Test]
    public void Zone_lines_cut_long_texts_and_escape_quotes() =>
        Assert.That(ZoneLine.Txt("a.example", new string('x', 256) + "\"\\"), Is.EqualTo($"a.example. IN TXT \"{new string('x', 255)}\" \"x\\\"\\\\\""));

    private DomainChecker Checker() => new(_ => _dns, new ManualClock());

    private Task<DomainReport> AllAsync() => Checker().CheckAllAsync(Subjects.Of("example.com", Subjects.Key("example.com")), fetch: null, CancellationToken.None);
}
