using Engine.Configuration;
using Engine.Mail;

namespace Engine.Tests.Configuration;

/// <summary>Each row adds keys from line 4 on. Row by row: what a single value can be wrong in.</summary>
internal sealed class BinderTests
{
    // Keys.
    [TestCase("\"hostnme\": 1", "4: $.hostnme: unknown key 'hostnme'; did you mean 'hostname'?")]
    [TestCase("\"Node\": 1", "4: $.Node: unknown key 'Node'; did you mean 'node'?")]
    [TestCase("\"shutdown\":\n{ \"wait\": \"1s\" }", "5: $.shutdown.wait: unknown key 'wait'; known here: grace")]
    [TestCase("\"filters\": {}", "4: $.filters: unknown key 'filters'")]
    [TestCase("\"events\": { \"kep\": \"1d\",\n\"maxdisk\": \"1GiB\" }",
        "4: $.events.kep: unknown key 'kep'; did you mean 'keep'?\n5: $.events.maxdisk: unknown key 'maxdisk'; did you mean 'maxDisk'?")]
    [TestCase("\"queue\": { \"$schema\": \"x\" }", "4: $.queue.$schema: unknown key '$schema'; known here: durability, memory, maxMessageSize, maxRecipients, maxReceived, maxSchedule, minFreeDisk")]

    // Kinds.
    [TestCase("\"node\": \"1\"", "4: $.node: expected a whole number from 1 to 4095, found \"1\"")]
    [TestCase("\"node\": 1.0", "4: $.node: expected a whole number from 1 to 4095, found 1.0")]
    [TestCase("\"node\": null", "4: $.node: expected a whole number from 1 to 4095, found null")]
    [TestCase("\"node\": 99999999999", "4: $.node: expected a whole number from 1 to 4095, found 99999999999")]
    [TestCase("\"state\": 7", "4: $.state: expected a text, found 7")]
    [TestCase("\"queue\": []", "4: $.queue: expected an object, found a list")]
    [TestCase("\"queue\": null", "4: $.queue: expected an object, found null")]
    [TestCase("\"accounts\": true", "4: $.accounts: expected an object, found true")]
    [TestCase("\"accounts\": { \"acme\": 1 }", "4: $.accounts.acme: expected an object, found 1")]
    [TestCase("\"include\": \"x.json\"", "4: $.include: expected a list, found \"x.json\"")]
    [TestCase("\"dns\": { \"trustAd\": \"yes\" }", "4: $.dns.trustAd: expected true or false, found \"yes\"")]
    [TestCase("\"dns\": { \"servers\": [\"127.0.0.1:53\",\n5] }", "5: $.dns.servers[1]: expected a text, found 5")]
    [TestCase("\"tls\": \"starttls\"", "4: $.tls: expected an object, found \"starttls\"")]

    // Ranges.
    [TestCase("\"node\": 0", "4: $.node: expected a whole number from 1 to 4095, found 0")]
    [TestCase("\"node\": 4096", "4: $.node: expected a whole number from 1 to 4095, found 4096")]
    [TestCase("\"shutdown\": { \"grace\": \"16m\" }", "4: $.shutdown.grace: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 0s to 15m, found \"16m\"")]
    [TestCase("\"queue\": { \"memory\": \"1MiB\" }", "4: $.queue.memory: expected a size such as \"64KiB\", \"25MiB\" or \"1GiB\" from 16MiB to 64GiB, found \"1MiB\"")]
    [TestCase("\"delivery\": { \"retry\": { \"jitter\": 0.6 } }", "4: $.delivery.retry.jitter: expected a number from 0 to 0.5, found 0.6")]
    [TestCase("\"accounts\": { \"a\": { \"streams\": { \"s\": { \"giveUp\": \"30s\" } } } }",
        "4: $.accounts.a.streams.s.giveUp: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 1m to 14d, found \"30s\"")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\" } },\n\"pools\": { \"p\": { \"sources\": { \"a\": 1001 } } }",
        "5: $.pools.p.sources.a: expected a whole number from 1 to 1000, found 1001")]
    [TestCase("\"limits\": { \"l\": { \"connections\": 0 } }", "4: $.limits.l.connections: expected a whole number from 1 to 100000, found 0")]
    [TestCase("\"delivery\": { \"timeouts\": { \"dot\": \"0s\" } }", "4: $.delivery.timeouts.dot: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 1s to 1h, found \"0s\"")]

    // Units.
    [TestCase("\"dns\": { \"timeout\": 5 }", "4: $.dns.timeout: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 100ms to 1m, found 5")]
    [TestCase("\"dns\": { \"timeout\": \"5 s\" }", "4: $.dns.timeout: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 100ms to 1m, found \"5 s\"")]
    [TestCase("\"queue\": { \"maxMessageSize\": \"25MB\" }", "4: $.queue.maxMessageSize: expected a size such as \"64KiB\", \"25MiB\" or \"1GiB\" from 64KiB to 1GiB, found \"25MB\"")]
    [TestCase("\"system\": { \"rate\": \"10\" }", "4: $.system.rate: expected a rate such as \"100/s\", \"500/h burst 10\" or \"1000/d\", found \"10\"")]
    [TestCase("\"delivery\": { \"retry\": { \"short\": [] } }", "4: $.delivery.retry.short: at least one delay is needed")]
    [TestCase("\"delivery\": { \"retry\": { \"short\": [\"1m\", \"soon\"] } }", "4: $.delivery.retry.short: 'soon' is not a delay such as \"5m\", \"30s x3\" or, last, \"4h x*\"")]
    [TestCase("\"delivery\": { \"retry\": { \"short\": \"1m\" } }", "4: $.delivery.retry.short: expected a list of delays such as [\"2m\", \"5m\", \"4h x*\"], found \"1m\"")]

    // Choices.
    [TestCase("\"delivery\": { \"addressFamily\": \"Ipv4First\" }", "4: $.delivery.addressFamily: expected \"ipv4-first\", \"ipv6-first\", \"ipv4-only\" or \"ipv6-only\", found \"Ipv4First\"")]
    [TestCase("\"delivery\": { \"mode\": \"0\" }", "4: $.delivery.mode: expected \"send\", \"hold\" or \"discard\", found \"0\"")]
    [TestCase("\"domains\": { \"*\": { \"verify\": { \"level\": \"on\" } } }", "4: $.domains['*'].verify.level: expected \"off\", \"advise\" or \"required\", found \"on\"")]
    [TestCase("\"domains\": { \"*\": { \"verify\": { \"grace\": \"31d\" } } }", "4: $.domains['*'].verify.grace: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 0s to 30d, found \"31d\"")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"per\": [\"sender\"] } }",
        "4: $.limits.l.per[0]: expected \"provider\", \"destination\", \"source\", \"pool\", \"account\", \"senderDomain\", \"campaign\", \"stream\" or \"class\", found \"sender\"")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": {\n\"sender\": \"google\" } } }",
        "5: $.limits.l.match.sender: expected \"provider\", \"destination\", \"source\", \"pool\", \"account\", \"senderDomain\", \"campaign\", \"stream\" or \"class\", found 'sender'")]
    [TestCase("\"tls\": { \"certificate\": \"c\", \"key\": \"k\", \"minimum\": 1.2 }", "4: $.tls.minimum: expected \"1.2\" or \"1.3\", found 1.2", true)]
    [TestCase("\"tls\": { \"certificate\": \"c\", \"key\": \"k\", \"minimum\": \"1.1\" }", "4: $.tls.minimum: expected \"1.2\" or \"1.3\", found \"1.1\"", true)]

    // Forms.
    [TestCase("\"dns\": { \"servers\": [\"127.0.0.1\"] }", "4: $.dns.servers[0]: expected an address and port such as \"127.0.0.1:53\" or \"[::1]:53\", found \"127.0.0.1\"")]
    [TestCase("\"dns\": { \"servers\": [\"127.0.0.1:0\"] }", "4: $.dns.servers[0]: expected an address and port such as \"127.0.0.1:53\" or \"[::1]:53\", found \"127.0.0.1:0\"")]
    [TestCase("\"dns\": { \"servers\": [] }", "4: $.dns.servers: must not be empty")]
    [TestCase("\"telemetry\": { \"metrics\": \"localhost:9587\" }", "4: $.telemetry.metrics: expected an address and port such as \"127.0.0.1:587\" or \"[::1]:587\", found \"localhost:9587\"")]
    [TestCase("\"delivery\": { \"allowAddresses\": [\"10.0.0.1/8\"] }",
        "4: $.delivery.allowAddresses[0]: expected a network such as \"10.0.0.0/8\" or \"2001:db8::/32\", with no bit set behind the prefix, found \"10.0.0.1/8\"")]
    [TestCase("\"system\": { \"from\": \"mailer daemon@x\" }", "4: $.system.from: expected an address such as \"ops@example.com\", found \"mailer daemon@x\"")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"0.0.0.0\" } }", "4: $.sources.a.address: expected an IP address of one host, found \"0.0.0.0\"")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"a1.example.com\" } }", "4: $.sources.a.address: expected an IP address of one host, found \"a1.example.com\"")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"bind\": \"10.0.0\" } }", "4: $.sources.a.bind: expected an IP address of one host, found \"10.0.0\"")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"ehlo\": \"a b\" } }", "4: $.sources.a.ehlo: expected a domain name, found \"a b\"")]
    [TestCase("\"sources\": { \"a\": {} }", "4: $.sources.a.address: the key 'address' is missing")]
    [TestCase("\"routes\": { \"lab.example\": { \"hosts\": [\"10.0.0.9:0\"] } }",
        "4: $.routes['lab.example'].hosts[0]: expected a host such as \"relay.example.net\", \"10.0.0.9:25\" or \"[2001:db8::1]:25\", found \"10.0.0.9:0\"")]
    [TestCase("\"accounts\": { \"a\": { \"domains\": [\"*.x.example\"] } }",
        "4: $.accounts.a.domains[0]: expected a domain name, \".\" and a domain name for its subdomains, or \"*\", found \"*.x.example\"")]
    [TestCase("\"domains\": { \"a.example\": { \"dkim\": [{ \"selector\": \"a b\", \"keyFile\": \"\" }] } }",
        "4: $.domains['a.example'].dkim[0].selector: expected a selector: letters, digits and hyphens, found \"a b\"\n4: $.domains['a.example'].dkim[0].keyFile: must not be empty")]
    [TestCase("\"dkim\": { \"directory\": \"\" }", "4: $.dkim.directory: expected the path of a file or directory, found \"\"")]
    [TestCase("\"accounts\": { \"a\": { \"credentials\": { \"c\": { \"password\": \"secret\" } } } }",
        "4: $.accounts.a.credentials.c.password: expected a hash of the form $pbkdf2-sha256$iterations$salt$hash")]
    [TestCase("\"accounts\": { \"a\": { \"credentials\": { \"c\": { \"password\": 7 } } } }", "4: $.accounts.a.credentials.c.password: expected a text, found 7")]
    [TestCase("\"accounts\": { \"a\": { \"credentials\": { \"c\": {} } } }", "4: $.accounts.a.credentials.c.password: the key 'password' is missing")]
    [TestCase("\"injectors\": { \"p\": { \"password\": \"PASSWORD\" } }", "4: $.injectors.p.actFor: the key 'actFor' is missing")]

    // Names in maps.
    [TestCase("\"accounts\": { \"a b\": {} }", "4: $.accounts['a b']: expected a name of at most 64 letters, digits, \"-\", \"_\" and \".\", the first a letter or digit, found 'a b'")]
    [TestCase("\"accounts\": { \"-a\": {} }", "4: $.accounts['-a']: expected a name of at most 64 letters, digits, \"-\", \"_\" and \".\", the first a letter or digit, found '-a'")]
    [TestCase("\"limits\": { \"a//b\": { \"rate\": \"1/s\" } }", "4: $.limits['a//b']: expected names joined by \"/\", of letters, digits, \"-\", \"_\" and \".\", found 'a//b'")]
    [TestCase("\"routes\": { \"*.x\": { \"action\": \"hold\" } }", "4: $.routes['*.x']: expected a domain name or \"*\", found '*.x'")]
    [TestCase("\"domains\": { \"a.example\": {},\n\"A.Example\": {} }", "5: $.domains['A.Example']: 'A.Example' is 'a.example', which stands here already")]

    // The environment.
    [TestCase("\"state\": \"/x/${NONE}\"", "4: $.state: the environment variable NONE is not set")]
    [TestCase("\"delivery\": { \"mode\": \"${NONE}\" }", "4: $.delivery.mode: the environment variable NONE is not set")]
    [TestCase("\"delivery\": { \"retry\": { \"short\": [\"${NONE}\"] } }", "4: $.delivery.retry.short[0]: the environment variable NONE is not set")]
    [TestCase("\"delivery\": { \"mode\": \"${SET}\" }", "4: $.delivery.mode: expected \"send\", \"hold\" or \"discard\", found what the environment gives for \"${SET}\"")]
    public void A_fault_is_a_finding(string keys, string expected, bool alsoFiles = false)
    {
        var result = Sample.With(keys);
        var text = alsoFiles ? string.Join('\n', result.Text().Split('\n').Where(line => !line.Contains("does not exist", StringComparison.Ordinal))) : result.Text();

        Assert.That(text, Is.EqualTo(expected));
    }

    [TestCase("{}", "1: $.hostname: the key 'hostname' is missing\n1: $.listeners: the key 'listeners' is missing")]
    [TestCase("[]", "1: $: expected an object, found a list")]
    [TestCase("{ \"hostname\": \"\", \"listeners\": {} }", "1: $.hostname: must not be empty\n1: $.listeners: must not be empty")]
    [TestCase("{ \"hostname\": \"my host\",\n\"listeners\": { \"l\": {} } }",
        "1: $.hostname: expected a domain name, found \"my host\"\n2: $.listeners.l.bind: the key 'bind' is missing")]
    [TestCase("{ \"hostname\": \"h.example\",\n\"listeners\": { \"l\": { \"bind\": [\"localhost:25\", \"1.2.3:25\", \"::1:25\", \"127.0.0.1:65536\"] } } }", """
        2: $.listeners.l.bind[0]: expected an address and port such as "127.0.0.1:587" or "[::1]:587", found "localhost:25"
        2: $.listeners.l.bind[1]: expected an address and port such as "127.0.0.1:587" or "[::1]:587", found "1.2.3:25"
        2: $.listeners.l.bind[2]: expected an address and port such as "127.0.0.1:587" or "[::1]:587", found "::1:25"
        2: $.listeners.l.bind[3]: expected an address and port such as "127.0.0.1:587" or "[::1]:587", found "127.0.0.1:65536"
        """)]
    public void A_fault_of_the_core_is_a_finding(string json, string expected)
    {
        var result = Sample.Load(json);

        Assert.That(result.Text(), Is.EqualTo(expected));
        Assert.That(result.Snapshot, Is.Null);
    }

    [Test]
    public void Every_kind_of_value_is_bound()
    {
        var options = Sample.Snapshot("""
            "$schema": "./engine.schema.json", "node": 7, "state": "/srv/${SET}",
            "queue": { "memory": 33554432, "maxMessageSize": "10MiB", "durability": "memory" },
            "accounts": { "zoe": {}, "acme": { "streams": { "otp": { "class": "transactional", "giveUp": "15m" } }, "notices": "dsn" } },
            "domains": { "BÜCHER.example": {} },
            "limits": { "google/ip": { "match": { "senderDomain": "acme.example" }, "per": ["source", "senderDomain"], "rate": "2000/h burst 10", "connections": null } },
            "delivery": { "addressFamily": "ipv6-only", "retry": { "short": ["30s x3"], "jitter": 0.25 } },
            "dns": { "servers": ["[::1]:53", "127.0.0.1:5353"], "trustAd": false },
            """).Options;

        Assert.That(options.Node, Is.EqualTo(7));
        Assert.That(options.State, Is.EqualTo("/srv/value-of-set"));
        Assert.That(options.Queue, Is.EqualTo(new QueueOptions { Memory = ByteSize.MiB(32), MaxMessageSize = ByteSize.MiB(10), Durability = Durability.Memory }));
        Assert.That(options.Accounts.Keys, Is.EqualTo(new[] { "zoe", "acme" }), "order of the file");
        Assert.That(options.Accounts["acme"].Streams["otp"], Is.EqualTo(new StreamOptions { Class = StreamClass.Transactional, GiveUp = TimeSpan.FromMinutes(15) }));
        Assert.That(options.Accounts["acme"].Notices, Is.EqualTo(Notices.Dsn));
        Assert.That(options.Domains.Keys, Is.EqualTo(new[] { "xn--bcher-kva.example" }));
        var limit = options.Limits["google/ip"];
        Assert.That(limit.Match[LimitDimension.SenderDomain], Is.EqualTo("acme.example"));
        Assert.That(limit.Per, Is.EqualTo(new[] { LimitDimension.Source, LimitDimension.SenderDomain }));
        Assert.That(limit.Rate, Is.EqualTo(new Rate(2_000, TimeSpan.FromHours(1), 10)));
        Assert.That(options.Delivery.AddressFamily, Is.EqualTo(AddressFamilyChoice.Ipv6Only));
        Assert.That(options.Delivery.Retry.Short.Delays, Has.Count.EqualTo(3));
        Assert.That(options.Delivery.Retry.Jitter, Is.EqualTo(0.25));
        Assert.That(options.Dns.Servers, Is.EqualTo(new[] { "[::1]:53", "127.0.0.1:5353" }));
        Assert.That(options.Dns.TrustAd, Is.False);
    }

    [Test]
    public void A_secret_is_not_shown_where_it_is_wrong()
    {
        var result = Sample.With("\"injectors\": { \"p\": { \"password\": [\"hunter2\"], \"actFor\": [\"*\"] },\n\"q\": { \"password\": \"hunter2\", \"actFor\": [\"*\"] } }");

        Assert.That(result.Findings.All, Has.Count.EqualTo(2));
        Assert.That(result.Text(), Does.Not.Contain("hunter2"));
    }
}
