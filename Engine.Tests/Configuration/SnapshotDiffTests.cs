using Engine.Configuration;

namespace Engine.Tests.Configuration;

internal sealed class SnapshotDiffTests
{
    [TestCase("", "", "")]
    [TestCase("", "\"node\": 1", "", Description = "a default that is written changes nothing")]
    [TestCase("\"delivery\": { \"giveUp\": { \"marketing\": \"72h\" } }", "\"delivery\": { \"giveUp\": { \"marketing\": \"3d\" } }", "", Description = "the same in another unit")]
    [TestCase("\"shutdown\": { \"grace\": \"30s\" }", "", "$.shutdown.grace: \"30s\" -> \"1m\"")]
    [TestCase("", "\"telemetry\": { \"metrics\": \"127.0.0.1:9587\" }", "$.telemetry.metrics: not set -> \"127.0.0.1:9587\"")]
    [TestCase("", "\"dns\": { \"servers\": [\"127.0.0.1:53\", \"[::1]:53\"], \"trustAd\": false }",
        "$.dns.servers: [\"127.0.0.1:53\"] -> [\"127.0.0.1:53\",\"[::1]:53\"]\n$.dns.trustAd: true -> false")]
    [TestCase("", "\"delivery\": { \"retry\": { \"short\": [\"30s x2\", \"1m x*\"], \"jitter\": 0.2 } }",
        "$.delivery.retry.short: [\"30s\",\"30s\",\"30s\"] -> [\"30s\",\"30s\",\"1m x*\"]\n$.delivery.retry.jitter: 0.1 -> 0.2")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"class\": \"marketing\" } } }", "\"limits\": { \"l\": { \"rate\": \"2/s\" } }",
        "$.limits.l.match: {\"class\":\"marketing\"} -> {}\n$.limits.l.rate: \"1/s burst 1\" -> \"2/s burst 2\"")]
    [TestCase("\"routes\": { \"a.example\": { \"action\": \"hold\" } }", "", "$.routes['a.example'].action: \"hold\" -> not set\n$.routes['a.example'].hosts: [] -> not set")]
    [TestCase("", "\"node\": 2, \"queue\": { \"memory\": \"64MiB\" }", "$.node: 1 -> 2 (needs a restart)\n$.queue.memory: \"256MiB\" -> \"64MiB\" (needs a restart)")]
    public void What_changed_is_listed(string old, string next, string expected)
    {
        var diff = SnapshotDiff.Between(Sample.Snapshot(old), Sample.Snapshot(next));

        Assert.That(string.Join('\n', diff.Changes), Is.EqualTo(expected));
    }

    [TestCase("\"state\": \"/srv\"", "4: $.state: a change of 'state' needs a restart: it runs with \"/var/lib/engine\", found \"/srv\"")]
    [TestCase("\"queue\": {\n\"durability\": \"memory\" }", "5: $.queue.durability: a change of 'durability' needs a restart: it runs with \"disk\", found \"memory\"")]
    [TestCase("\"admin\": { \"socket\": \"/tmp/x\" }", "4: $.admin.socket: a change of 'socket' needs a restart: it runs with \"/run/engine/admin.sock\", found \"/tmp/x\"")]
    [TestCase("\"node\": 2", "4: $.node: a change of 'node' needs a restart: it runs with 1, found 2")]
    [TestCase("\"shutdown\": { \"grace\": \"1s\" }", "")]
    [TestCase("\"feedback\": { \"returnPath\": \"b.example.com\" }", "")]
    public void What_needs_a_restart_is_a_finding(string next, string expected)
    {
        var findings = SnapshotDiff.Between(Sample.Snapshot(string.Empty), Sample.Snapshot(next)).Findings;

        Assert.That(string.Join('\n', findings.Select(finding => $"{finding.Line}: {finding.Path}: {finding.Message}")), Is.EqualTo(expected));
        Assert.That(findings.Select(finding => finding.Scope), Is.All.EqualTo(FindingScope.Core));
    }

    [TestCase("\"number\": 7", "\"number\": 7", "")]
    [TestCase("", "\"number\": 7", "", Description = "what stands under the name still holds")]
    [TestCase("\"number\": 7", "\"number\": 8",
        "4: $.accounts.acme.number: suppressions and links of 'acme' stand under the number 7, and would be lost under 8: put 7 back; where it must change, 'engine suppress export --account acme --file FILE', restart, 'engine suppress import FILE'")]
    [TestCase("\"number\": 7", "",
        "4: $.accounts.acme.number: suppressions and links of 'acme' stand under the number 7, and would be lost without it: put 7 back; where it must change, 'engine suppress export --account acme --file FILE', restart, 'engine suppress import FILE'")]
    public void A_number_that_suppressions_stand_under_stays(string old, string next, string expected)
    {
        var findings = SnapshotDiff.Between(Sample.Snapshot($"\"accounts\": {{ \"acme\": {{ {old} }} }}"), Sample.Snapshot($"\"accounts\": {{ \"acme\": {{ {next} }} }}")).Findings;

        Assert.That(string.Join('\n', findings.Select(finding => $"{finding.Line}: {finding.Path}: {finding.Message}")), Is.EqualTo(expected));
        Assert.That(findings.Select(finding => finding.Scope), Is.All.EqualTo(FindingScope.Core));
    }

    [Test]
    public void A_number_may_go_with_its_account() =>
        Assert.That(SnapshotDiff.Between(Sample.Snapshot("\"accounts\": { \"acme\": { \"number\": 7 } }"), Sample.Snapshot("\"accounts\": { \"zoe\": { \"number\": 7 } }")).Findings, Is.Empty);

    [Test]
    public void An_endpoint_for_links_is_opened_by_a_restart()
    {
        var (without, with, moved) = (Links(null), Links("https://u.example.com"), Links("https://v.example.com"));

        Assert.That(
            SnapshotDiff.Between(without, with).Findings.Select(finding => $"{finding.Path}: {finding.Message}"),
            Is.EqualTo(new[] { "$.feedback.unsubscribe.bind: a change of 'bind' needs a restart: it runs with no value, found \"127.0.0.1:8026\"" }));
        Assert.That(SnapshotDiff.Between(with, without).Findings, Has.Count.EqualTo(1));
        Assert.That(SnapshotDiff.Between(with, moved).Findings, Is.Empty, "links are written anew; the endpoint is the same");

        // Without keys, which are files; nothing is checked here.
        static Snapshot Links(string? url) => new(
            Sample.Snapshot(string.Empty).Options with { Feedback = new FeedbackOptions { Unsubscribe = url is null ? null : new UnsubscribeOptions { Url = url } } },
            "/etc/engine");
    }

    [Test]
    public void A_key_that_went_back_to_its_default_is_found_where_it_would_stand()
    {
        var finding = SnapshotDiff.Between(Sample.Snapshot("\"queue\": { \"durability\": \"memory\" }"), Sample.Snapshot("\n\n\"queue\": {}")).Findings.Single();

        Assert.That((finding.Line, finding.File), Is.EqualTo((6, "/etc/engine/engine.json")));
    }

    [Test]
    public void Pools_and_accounts_that_are_gone_are_named()
    {
        var diff = SnapshotDiff.Between(
            Sample.Snapshot("\"sources\": { \"a\": { \"address\": \"192.0.2.1\" } }, \"pools\": { \"p\": { \"sources\": { \"a\": 1 } }, \"o\": { \"sources\": { \"a\": 1 } } }, \"accounts\": { \"acme\": {}, \"local\": {} }"),
            Sample.Snapshot("\"sources\": { \"a\": { \"address\": \"192.0.2.1\" } }, \"pools\": { \"q\": { \"sources\": { \"a\": 1 } } }, \"accounts\": { \"zoe\": {} }"));

        Assert.That(diff.RemovedPools, Is.EqualTo(new[] { "o", "p" }));
        Assert.That(diff.RemovedAccounts, Is.EqualTo(new[] { "acme" }), "local is built in");
    }

    [Test]
    public void A_secret_that_changed_is_named_and_not_shown()
    {
        const string Keys = "\"injectors\": { \"p\": { \"password\": \"PASSWORD\", \"actFor\": [\"*\"] } }";
        var diff = SnapshotDiff.Between(Sample.Snapshot(Keys), Sample.Snapshot(Keys.Replace("PASSWORD", Sample.Password.Replace("100000", "200000", StringComparison.Ordinal), StringComparison.Ordinal)));

        Assert.That(string.Join('\n', diff.Changes), Is.EqualTo("$.injectors.p.password: \"***\" -> \"***\""));
    }
}
