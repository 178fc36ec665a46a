using Engine.Configuration;

namespace Engine.Tests.Configuration;

/// <summary>Each row adds keys from line 4 on. Row by row: what no single value shows.</summary>
internal sealed class ChecksTests
{
    private const string TwoSources = "\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"ehlo\": \"a.example\" }, \"b\": { \"address\": \"192.0.2.2\", \"ehlo\": \"b.example\" } },\n";

    // Accounts.
    [TestCase("\"accounts\": { \"a\": { \"number\": 5 },\n\"b\": { \"number\": 5 } }", "5: $.accounts.b.number: 5 is the number of account 'a' already")]
    [TestCase("\"accounts\": { \"a\": { \"number\": 0 }, \"b\": { \"number\": 0 } }", "")]
    [TestCase("\"accounts\": { \"a\": { \"streams\": { \"s\": { \"pool\": \"bulk\" } } } }", "4: $.accounts.a.streams.s.pool: the pool 'bulk' does not exist")]
    [TestCase(TwoSources + "\"pools\": { \"bulk\": { \"sources\": { \"a\": 1 } } },\n\"accounts\": { \"a\": { \"streams\": { \"s\": { \"pool\": \"blk\" } } } }",
        "6: $.accounts.a.streams.s.pool: the pool 'blk' does not exist; did you mean 'bulk'?")]
    [TestCase(TwoSources + "\"pools\": { \"bulk\": { \"sources\": { \"a\": 1 } } },\n\"accounts\": { \"a\": { \"streams\": { \"s\": { \"class\": \"transactional\", \"pool\": \"bulk\" } } } }",
        "6: $.accounts.a.streams.s.pool: the pool 'bulk' is marketing, the stream is transactional: classes never share a source")]
    [TestCase(TwoSources + "\"pools\": { \"bulk\": { \"sources\": { \"a\": 1 }, \"exclusiveTo\": [\"b\"] } },\n\"accounts\": { \"a\": { \"streams\": { \"s\": { \"pool\": \"bulk\" } } }, \"b\": {} }",
        "6: $.accounts.a.streams.s.pool: the pool 'bulk' is exclusive to b")]
    [TestCase("\"accounts\": { \"a\": { \"streams\": { \"news\": {} }, \"defaultStream\": \"new\" } }", "4: $.accounts.a.defaultStream: the stream 'new' does not exist; did you mean 'news'?")]
    [TestCase("\"accounts\": { \"a\": { \"streams\": { \"news\": {} }, \"credentials\": { \"c\": { \"password\": \"PASSWORD\",\n\"streams\": [\"news\", \"otp\"] } } } }",
        "5: $.accounts.a.credentials.c.streams[1]: the stream 'otp' does not exist; known here: news")]
    [TestCase("\"accounts\": { \"a\": {} }, \"injectors\": { \"p\": { \"password\": \"PASSWORD\", \"actFor\": [\"a\", \"local\", \"*\",\n\"b\"] } }",
        "5: $.injectors.p.actFor[3]: the account 'b' does not exist; did you mean 'a'?")]

    // Sources and pools.
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\" } }", "")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"ehlo\": \"a.example\" },\n\"b\": { \"address\": \"192.0.2.2\" } }",
        "5: $.sources.b.ehlo: the key 'ehlo' is missing: with two sources or more each needs the name its address has in DNS")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"2001:db8::1\", \"ehlo\": \"a.example\" },\n\"b\": { \"address\": \"2001:DB8:0::1\", \"ehlo\": \"b.example\" } }",
        "5: $.sources.b.address: 2001:db8::1 is the address of source 'a' already")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"bind\": \"::1\" } }", "4: $.sources.a.bind: ::1 cannot stand for 192.0.2.1: one is IPv4, the other IPv6")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"bind\": \"10.0.0.1\", \"ehlo\": \"a.example\" },\n\"b\": { \"address\": \"192.0.2.2\", \"bind\": \"10.0.0.1\", \"ehlo\": \"b.example\" } }",
        "5: $.sources.b.bind: 10.0.0.1 is bound by source 'a' already: both would leave from one address")]
    [TestCase("\"pools\": { \"p\": {} }", "4: $.pools.p.sources: the key 'sources' is missing")]
    [TestCase("\"pools\": { \"p\": { \"sources\": {} } }", "4: $.pools.p.sources: must not be empty")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": {\n\"c\": 1 } } }", "6: $.pools.p.sources.c: the source 'c' does not exist; did you mean 'a'?")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"class\": \"transactional\", \"sources\": { \"a\": 1 } },\n\"q\": { \"class\": \"marketing\", \"sources\": { \"b\": 1, \"a\": 1 } } }",
        "6: $.pools.q.sources.a: the source 'a' is in the transactional pool 'p' already, and this one is marketing: classes never share a source")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 } }, \"q\": { \"sources\": { \"b\": 1, \"a\": 1 } } }", "")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 },\n\"exclusiveTo\": [\"acme\"] } }", "6: $.pools.p.exclusiveTo[0]: the account 'acme' does not exist")]
    [TestCase("\"system\": { \"pool\": \"tx\" }", "4: $.system.pool: the pool 'tx' does not exist")]

    // Limits.
    [TestCase("\"limits\": { \"l\": {} }", "4: $.limits.l: expected at least one of 'connections', 'messagesPerConnection' and 'rate'")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"source\": \"a\" } } }", "4: $.limits.l.match.source: the source 'a' does not exist")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"pool\": \"a\" } } }", "4: $.limits.l.match.pool: the pool 'a' does not exist")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"account\": \"a\" } } }", "4: $.limits.l.match.account: the account 'a' does not exist")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"account\": \"local\" } } }", "")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"class\": \"bulk\" } } }", "4: $.limits.l.match.class: expected \"transactional\" or \"marketing\", found \"bulk\"")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"senderDomain\": \"*\" } } }", "4: $.limits.l.match.senderDomain: expected a domain name, found \"*\"")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"campaign\": \"\" } } }", "4: $.limits.l.match.campaign: must not be empty")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"campaign\": \"spring\", \"class\": \"marketing\" } } }", "")]

    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"provider\": \"gogle\" } } }", "4: $.limits.l.match.provider: the provider 'gogle' does not exist; did you mean 'google'?")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"provider\": \"google\" } } }", "")]
    [TestCase("\"delivery\": { \"retry\": { \"throttled\": [\"controller\"] } }", "")]
    [TestCase("\"delivery\": { \"retry\": { \"short\": [\"controller\"] } }", "4: $.delivery.retry.short: expected delays: only 'throttled' may be \"controller\"")]

    // Routes and the socket.
    [TestCase("\"routes\": { \"*\": { \"action\": \"send\" } }", "4: $.routes['*'].hosts: the action \"send\" needs at least one host")]
    [TestCase("\"routes\": { \"LAB.example\": {} }", "4: $.routes['lab.example'].hosts: the action \"send\" needs at least one host")]
    [TestCase("\"routes\": { \"x.example\": { \"action\": \"hold\" }, \"*\": { \"hosts\": [\"relay.example.net\", \"10.0.0.9:2525\", \"[::1]:25\"] } }", "")]
    [TestCase("\"admin\": { \"socket\": \"/12345678901234567890123456789012345678901234567890/1234567890123456789012345678901234567890123456789012345é\" }",
        "4: $.admin.socket: expected a path of at most 107 octets, found 109: /12345678901234567890123456789012345678901234567890/1234567890123456789012345678901234567890123456789012345é")]
    [TestCase("\"admin\": { \"socket\": \"/12345678901234567890123456789012345678901234567890/1234567890123456789012345678901234567890123456789012345\" }", "")]
    public void A_fault_is_a_finding(string keys, string expected) => Assert.That(Sample.With(keys).Text(), Is.EqualTo(expected));

    [TestCase("\"bind\": [\"127.0.0.1:25\"], \"auth\": \"none\"", "")]
    [TestCase("\"bind\": [\"127.0.0.9:25\", \"[::1]:25\"], \"auth\": \"none\"", "")]
    [TestCase("\"bind\": [\"127.0.0.1:25\",\n\"0.0.0.0:25\"], \"auth\": \"none\"",
        "4: $.listeners.l.bind[1]: auth \"none\" on 0.0.0.0:25 needs 'clients', the networks that may connect: without, it is an open relay")]
    [TestCase("\"bind\": [\"[::]:25\"], \"auth\": \"none\"", "3: $.listeners.l.bind[0]: auth \"none\" on [::]:25 needs 'clients', the networks that may connect: without, it is an open relay")]
    [TestCase("\"bind\": [\"0.0.0.0:25\"], \"auth\": \"none\", \"clients\": [\"10.0.0.0/8\"]", "")]
    [TestCase("\"bind\": [\"0.0.0.0:25\"], \"auth\": \"none\", \"clients\": [\"10.0.0.0/8\", \"0.0.0.0/0\"]",
        "3: $.listeners.l.clients[1]: auth \"none\" for 0.0.0.0/0 is an open relay: expected networks of at least /8 (IPv4) or /16 (IPv6)")]
    [TestCase("\"bind\": [\"0.0.0.0:25\"], \"auth\": \"none\", \"clients\": [\"::/0\"]",
        "3: $.listeners.l.clients[0]: auth \"none\" for ::/0 is an open relay: expected networks of at least /8 (IPv4) or /16 (IPv6)")]
    [TestCase("\"bind\": [\"0.0.0.0:25\"], \"auth\": \"none\", \"clients\": [\"10.0.0.0\"]",
        "3: $.listeners.l.clients[0]: expected a network such as \"10.0.0.0/8\" or \"2001:db8::/32\", with no bit set behind the prefix, found \"10.0.0.0\"")]
    [TestCase("\"bind\": [\"0.0.0.0:25\"]", "")]
    [TestCase("\"bind\": [\"127.0.0.1:25\"], \"tls\": \"starttls\"", "3: $.listeners.l.tls: needs the section 'tls' with a certificate and its key")]
    [TestCase("\"bind\": [\"127.0.0.1:25\"], \"tls\": \"implicit\"", "3: $.listeners.l.tls: needs the section 'tls' with a certificate and its key")]
    [TestCase("\"bind\": [\"127.0.0.1:25\"], \"account\": \"acme\"", "3: $.listeners.l.account: the account 'acme' does not exist")]
    [TestCase("\"bind\": [\"127.0.0.1:25\"], \"role\": \"feedback\"", "3: $.listeners.l.role: expected \"submission\", found \"feedback\"")]
    [TestCase("\"bind\": [\"127.0.0.1:25\", \"127.0.0.1:25\"]", "3: $.listeners.l.bind[1]: 127.0.0.1:25 is taken by listener 'l' already")]
    [TestCase("\"bind\": [\"127.0.0.1:0\", \"127.0.0.1:0\"]", "")]
    [TestCase("\"bind\": []", "3: $.listeners.l.bind: must not be empty")]
    [TestCase("\"bind\": [\"127.0.0.1:25\"], \"maxConnections\": 0", "3: $.listeners.l.maxConnections: expected a whole number from 1 to 100000, found 0")]
    public void A_fault_of_a_listener_is_a_finding(string listener, string expected)
    {
        var result = Sample.Load("{ \"hostname\": \"h.example\",\n\"listeners\": {\n\"l\": { " + listener + " } } }");

        Assert.That(result.Text(), Is.EqualTo(expected));
        Assert.That(result.Snapshot is null, Is.EqualTo(expected.Length > 0));
    }

    [TestCase("\"accounts\": { \"acme\": { \"number\": -1 } }", FindingScope.Account, "acme")]
    [TestCase("\"accounts\": { \"acme\": { \"x\": 1 } }", FindingScope.Account, "acme")]
    [TestCase("\"accounts\": { \"a b\": {} }", FindingScope.Account, "a b")]
    [TestCase("\"accounts\": { \"acme\": {}, \"acme\": {} }", FindingScope.Account, "acme")]
    [TestCase("\"domains\": { \"Acme.example\": { \"x\": 1 } }", FindingScope.Domain, "acme.example")]
    [TestCase("\"domains\": { \"acme.example\": { \"dkim\": [{ \"selector\": \"s\", \"keyFile\": \"/none\" }] } }", FindingScope.Domain, "acme.example")]
    [TestCase("\"domains\": { \"a b\": {} }", FindingScope.Domain, "a b")]
    [TestCase("\"domains\": { \"*\": { \"x\": 1 } }", FindingScope.Core, null)]
    [TestCase("\"dkim\": { \"also\": [{ \"domain\": \"Esp.example\", \"selector\": \"s\", \"keyFile\": \"/none\" }] }", FindingScope.Domain, "esp.example")]
    [TestCase("\"dkim\": { \"also\": [{ \"domain\": \"a b\", \"selector\": \"s\", \"keyFile\": \"/dev/null\" }] }", FindingScope.Core, null)]
    [TestCase("\"dkim\": { \"minimumBits\": 1024 }", FindingScope.Core, null)]
    [TestCase("\"accounts\": []", FindingScope.Core, null)]
    [TestCase("\"pools\": { \"acme\": { \"sources\": { \"a\": 1 } } }", FindingScope.Core, null)]
    public void A_finding_spoils_no_more_than_it_must(string keys, object scope, string? subject)
    {
        var result = Sample.With(keys);
        var finding = result.Findings.All[0];

        Assert.That((finding.Scope, finding.Subject), Is.EqualTo(((FindingScope)scope, subject)));
        Assert.That(result.Snapshot is null, Is.EqualTo((FindingScope)scope is FindingScope.Core));
        Assert.That(result.Snapshot?.BrokenAccounts ?? new HashSet<string>(), Is.EqualTo((FindingScope)scope is FindingScope.Account ? [subject!] : Array.Empty<string>()));
        Assert.That(result.Snapshot?.BrokenDomains ?? new HashSet<string>(), Is.EqualTo((FindingScope)scope is FindingScope.Domain ? [subject!] : Array.Empty<string>()));
    }

    [Test]
    public void What_is_not_broken_runs_on()
    {
        var result = Sample.With("""
            "accounts": { "acme": { "number": -1 }, "zoe": { "number": 2 } },
            "dkim": { "also": [
              { "domain": "a.example", "selector": "s", "keyFile": "/none" },
              { "domain": "b.example", "selector": "s", "keyFile": "/dev/null" } ] },
            "injectors": { "p": { "password": "PASSWORD", "actFor": ["acme"] } }
            """);

        // /dev/null may be written by everybody, so both keys are isolated.
        Assert.That(result.Findings.All.Select(finding => finding.Subject), Is.EqualTo(new[] { "acme", "a.example", "b.example" }));
        Assert.That(result.Snapshot!.Options.Accounts["zoe"].Number, Is.EqualTo(2));
        Assert.That(result.Snapshot.Accounts.Keys, Is.EquivalentTo(new[] { "acme", "zoe", "local" }));
        Assert.That(result.Snapshot.Options.Dkim.Also, Is.Empty);
    }

    [Test]
    public void All_findings_come_at_once_in_the_order_of_the_file()
    {
        var result = Sample.With("""
            "node": 0,
            "accounts": { "acme": { "number": -1 } },
            "dnss": {},
            "system": { "pool": "tx" },
            "shutdown": { "grace": 5 }
            """);

        Assert.That(result.Findings.All.Select(finding => (finding.Line, finding.Path)), Is.EqualTo(new[]
        {
            (4, "$.node"), (5, "$.accounts.acme.number"), (6, "$.dnss"), (7, "$.system.pool"), (8, "$.shutdown.grace"),
        }));
    }
}
