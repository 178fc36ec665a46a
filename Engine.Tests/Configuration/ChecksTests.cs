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

    [TestCase("\"accounts\": { \"a\": { \"injectRate\": \"200/s\", \"sendRate\": \"100/s\", \"quota\": { \"per\": \"24h\", \"max\": 1000, \"over\": \"hold\" }, \"timeZone\": \"Europe/Berlin\" } }", "")]
    [TestCase("\"accounts\": { \"a\": { \"quota\": { \"max\": 10,\n\"per\": \"7h\" } } }", "5: $.accounts.a.quota.per: expected a duration that divides a day, or whole days")]
    [TestCase("\"accounts\": { \"a\": { \"quota\": { \"max\": 10, \"per\": \"36h\" } } }", "4: $.accounts.a.quota.per: expected a duration that divides a day, or whole days")]
    [TestCase("\"accounts\": { \"a\": { \"quota\": { \"per\": \"6h\" } } }", "4: $.accounts.a.quota.max: the key 'max' is missing")]
    [TestCase("\"accounts\": { \"a\": { \"timeZone\": \"Mars\" } }", "4: $.accounts.a.timeZone: expected an IANA time zone such as \"UTC\" or \"Europe/Berlin\", found \"Mars\"")]
    [TestCase("\"timeZone\": \"CEST\"", "4: $.timeZone: expected an IANA time zone such as \"UTC\" or \"Europe/Berlin\", found \"CEST\"")]

    [TestCase("\"accounts\": { \"a50284\": {},\n\"a59343\": {} }",
        "5: $.accounts.a59343.number: 'a59343' and 'a50284' have the same digest, by which suppressions know them: give one of them a 'number'")]
    [TestCase("\"accounts\": { \"a50284\": {}, \"a59343\": { \"number\": 7 } }", "")]
    [TestCase("\"accounts\": { \"a\": { \"streams\": { \"s421\": {},\n\"s456\": {} } } }",
        "5: $.accounts.a.streams.s456: 's456' and 's421' have the same digest, by which suppressions know them: rename one of them")]
    [TestCase("\"accounts\": { \"a\": { \"streams\": { \"s421\": {} } }, \"b\": { \"streams\": { \"s456\": {} } } }", "")]

    // Rotation.
    [TestCase("\"dkim\": { \"rotation\": { \"every\": \"180d\", \"rsa\": \"rsa3072\", \"ask\": [\"192.0.2.53:53\"], \"spare\": true } }, \"domains\": { \"a.example\": { \"rotation\": { \"every\": \"30d\" } } }", "")]
    [TestCase("\"dkim\": { \"rotation\": { \"every\": \"12h\" } }", "4: $.dkim.rotation.every: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 1d to 3650d, found \"12h\"")]
    [TestCase("\"dkim\": { \"minimumBits\": 3072 }", "")]
    [TestCase("\"dkim\": { \"minimumBits\": 3072, \"rotation\": { \"rsa\": \"rsa2048\" } }", "4: $.dkim.rotation.rsa: rsa2048 would not be loaded: dkim.minimumBits is 3072")]
    [TestCase("\"dkim\": { \"rotation\": { \"ask\": [\"resolver.example\"] } }", "4: $.dkim.rotation.ask[0]: expected an address and port such as \"127.0.0.1:53\" or \"[::1]:53\", found \"resolver.example\"")]

    // Suppression.
    [TestCase("\"suppression\": { \"memory\": \"4GiB\", \"addresses\": \"none\", \"answer\": \"reject\", \"rules\": { \"hard\": { \"scope\": \"global\" }, \"strike\": { \"scope\": \"stream\", \"class\": \"marketing\", \"expires\": \"1d\" } } }", "")]
    [TestCase("\"suppression\": { \"memory\": \"1MiB\" }", "4: $.suppression.memory: expected a size such as \"64KiB\", \"25MiB\" or \"1GiB\" from 16MiB to 256GiB, found \"1MiB\"")]
    [TestCase("\"suppression\": { \"addresses\": \"clear\" }", "4: $.suppression.addresses: expected \"encrypted\" or \"none\", found \"clear\"")]
    [TestCase("\"suppression\": { \"rules\": { \"hard\": { \"expires\": \"365d\" } } }", "4: $.suppression.rules.hard.scope: the key 'scope' is missing")]
    [TestCase("\"suppression\": { \"rules\": { \"strike\": { \"scope\": \"account\", \"expires\": \"12h\" } } }", "4: $.suppression.rules.strike.expires: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 1d to 36500d, found \"12h\"")]
    [TestCase("\"suppression\": { \"keyFile\": \"/no/such/key\" }", "4: $.suppression.keyFile: the file /no/such/key does not exist")]

    // Signing.
    [TestCase("\"dkim\": { \"canonicalization\": \"simple/relaxed\", \"expires\": \"14d\", \"cache\": 100000 }", "")]
    [TestCase("\"dkim\": { \"canonicalization\": \"relaxed\" }", "4: $.dkim.canonicalization: expected \"relaxed/relaxed\", \"relaxed/simple\", \"simple/relaxed\" or \"simple/simple\", found \"relaxed\"")]
    [TestCase("\"dkim\": { \"cache\": 15 }", "4: $.dkim.cache: expected a whole number from 16 to 1000000, found 15")]
    [TestCase("\"dkim\": { \"expires\": \"12h\" }", "4: $.dkim.expires: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 1d to 365d, found \"12h\"")]
    [TestCase("\"dkim\": { \"expires\": \"3d\" }", "4: $.dkim.expires: must not be below the longest giveUp (73 h), but is 72 h: queued mail would arrive with a signature that has ended")]
    [TestCase("\"dkim\": { \"expires\": \"4d\" }, \"accounts\": { \"a\": { \"streams\": { \"s\": { \"giveUp\": \"5d\" } } } }", "4: $.dkim.expires: must not be below the longest giveUp (120 h), but is 96 h: queued mail would arrive with a signature that has ended")]
    [TestCase("\"domains\": { \"acme.example\": { \"dkim\": [{ \"selector\": \"s\", \"keyFile\": \"/k\", \"identity\": \"news@mail.acme.example\", \"expires\": \"30d\" }] } }",
        "4: $.domains['acme.example'].dkim[0].keyFile: the file /k does not exist")]
    [TestCase("\"domains\": { \"acme.example\": { \"dkim\": [{ \"selector\": \"s\", \"keyFile\": \"/k\",\n\"identity\": \"@evil.example\" }] } }",
        "4: $.domains['acme.example'].dkim[0].keyFile: the file /k does not exist\n5: $.domains['acme.example'].dkim[0].identity: expected LOCAL@DOMAIN or @DOMAIN in acme.example or below it, found \"@evil.example\"")]
    [TestCase("\"domains\": { \"acme.example\": { \"dkim\": [{ \"selector\": \"s\", \"keyFile\": \"/k\",\n\"identity\": \"a;b@acme.example\" }] } }",
        "4: $.domains['acme.example'].dkim[0].keyFile: the file /k does not exist\n5: $.domains['acme.example'].dkim[0].identity: expected LOCAL@DOMAIN or @DOMAIN in acme.example or below it, found \"a;b@acme.example\"")]
    [TestCase("\"domains\": { \"*\": { \"dkim\": [{ \"selector\": \"s\", \"keyFile\": \"/k\",\n\"identity\": \"@acme.example\" }] } }",
        "4: $.domains['*'].dkim[0].keyFile: the file /k does not exist\n5: $.domains['*'].dkim[0].identity: the keys of '*' sign for many domains: expected no identity")]
    [TestCase("\"dkim\": { \"also\": [{ \"domain\": \"esp.example\", \"selector\": \"s\", \"keyFile\": \"/k\", \"identity\": \"@acme.example\" }] }",
        "4: $.dkim.also[0].identity: expected LOCAL@DOMAIN or @DOMAIN in esp.example or below it, found \"@acme.example\"\n4: $.dkim.also[0].keyFile: the file /k does not exist")]

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
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 }, \"onEmpty\": \"pool:q\" }, \"q\": { \"sources\": { \"b\": 1 }, \"onEmpty\": \"wait\" } }", "")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 },\n\"onEmpty\": \"hold\" } }", "6: $.pools.p.onEmpty: expected \"wait\", \"pool:NAME\" or \"relay:NAME\", found \"hold\"")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 },\n\"onEmpty\": \"pool:pp\" } }", "6: $.pools.p.onEmpty: the pool 'pp' does not exist; did you mean 'p'?")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 },\n\"onEmpty\": \"pool:q\" }, \"q\": { \"class\": \"transactional\", \"sources\": { \"b\": 1 } } }",
        "6: $.pools.p.onEmpty: the pool 'q' is transactional, this one is marketing: classes never share a source")]
    [TestCase(TwoSources + "\"accounts\": { \"x\": {}, \"y\": {} }, \"pools\": { \"p\": { \"sources\": { \"a\": 1 }, \"exclusiveTo\": [\"x\", \"y\"],\n\"onEmpty\": \"pool:q\" }, \"q\": { \"sources\": { \"b\": 1 }, \"exclusiveTo\": [\"x\"] } }",
        "6: $.pools.p.onEmpty: the pool 'q' is exclusive to x, and this one has mail of others")]
    [TestCase(TwoSources + "\"accounts\": { \"x\": {}, \"y\": {} }, \"pools\": { \"p\": { \"sources\": { \"a\": 1 }, \"exclusiveTo\": [\"x\"], \"onEmpty\": \"pool:q\" }, \"q\": { \"sources\": { \"b\": 1 }, \"exclusiveTo\": [\"x\", \"y\"] } }", "")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 },\n\"onEmpty\": \"pool:p\" } }", "6: $.pools.p.onEmpty: leads back to itself: p → p")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 }, \"onEmpty\": \"pool:q\" },\n\"q\": { \"sources\": { \"b\": 1 }, \"onEmpty\": \"pool:q\" } }", "6: $.pools.q.onEmpty: leads back to itself: q → q")]

    [TestCase("\"system\": { \"pool\": \"tx\" }", "4: $.system.pool: the pool 'tx' does not exist")]

    // What comes back; keys are files and stand in FeedbackChecksTests.
    [TestCase("\"feedback\": { \"returnPath\": \"bounce.example.com\", \"complaints\": [\"fbl@example.com\"], \"forward\": { \"postmaster\": \"a@b.example\", \"abuse\": \"a@b.example\" } }", "")]
    [TestCase("\"feedback\": { \"verp\": \"off\" }", "")]
    [TestCase("\"feedback\": {\n\"verp\": \"recipient\" }", "5: $.feedback.verp: needs 'feedback.tokenKeys': return paths are signed")]
    [TestCase("\"feedback\": { \"unsubscribe\": { \"url\": \"https://u.example.com\" } }", "4: $.feedback.unsubscribe: needs 'feedback.tokenKeys': links are signed")]
    [TestCase("\"feedback\": { \"forward\": { \"abuse\": \"a@b.example\",\n\"postmastr\": \"a@b.example\" } }",
        "5: $.feedback.forward.postmastr: expected \"postmaster\" or \"abuse\"; did you mean 'postmaster'?")]
    [TestCase("\"feedback\": { \"tokenKeys\": { \"active\": \"k1\" } }", "4: $.feedback.tokenKeys.active: the key 'k1' does not exist")]
    [TestCase("\"domains\": { \"*\": { \"returnPath\": \"bounce.{domain}\" }, \"acme.example\": { \"returnPath\": \"b.acme.example\" } }", "")]
    [TestCase("\"domains\": { \"*\": { \"returnPath\": \"bounce.{name}\" } }",
        "4: $.domains['*'].returnPath: expected a domain of at most 189 characters such as \"bounce.{domain}\", found \"bounce.{name}\"")]
    [TestCase("\"domains\": { \"acme.example\": { \"returnPath\": \"a@b\" } }",
        "4: $.domains['acme.example'].returnPath: expected a domain of at most 189 characters such as \"bounce.{domain}\", found \"a@b\"")]

    // Warm-up.
    [TestCase("\"timeZone\": \"Europe/Berlin\"", "")]
    [TestCase("\"timeZone\": \"Mars/Olympus\"", "4: $.timeZone: expected an IANA time zone such as \"UTC\" or \"Europe/Berlin\", found \"Mars/Olympus\"")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"warmup\": { \"plan\": \"14-day\", \"start\": 15 } } }, \"domains\": { \"*\": { \"warmup\": { \"plan\": \"6-week\" } } }", "")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"warmup\": {\n\"plan\": \"14-days\" } } }", "5: $.sources.a.warmup.plan: the warm-up plan '14-days' does not exist; did you mean '14-day'?")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"warmup\": {} } }", "4: $.sources.a.warmup.plan: the key 'plan' is missing")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"warmup\": { \"plan\": \"14-day\",\n\"start\": 16 } } }",
        "5: $.sources.a.warmup.start: expected at most 15, which is warm: the plan '14-day' has 14 days; found 16")]
    [TestCase("\"domains\": { \"acme.example\": { \"warmup\": {\n\"plan\": \"slow\" } } }, \"warmupPlans\": { \"slows\": {} }", "5: $.domains['acme.example'].warmup.plan: the warm-up plan 'slow' does not exist; did you mean 'slows'?")]
    [TestCase("\"warmupPlans\": { \"14-day\": { \"first\": 50, \"growth\": 1.3, \"days\": 42, \"idle\": \"30d\", \"restart\": \"30d\" }, \"own\": { \"steps\": [10, 10, 20] } }", "")]
    [TestCase("\"warmupPlans\": { \"own\": { \"idle\": \"10d\",\n\"restart\": \"9d\" } }", "5: $.warmupPlans.own.restart: must not be below 'idle' (10 days), found 9 days")]
    [TestCase("\"warmupPlans\": { \"own\": { \"growth\": 3,\n\"days\": 20 } }", "5: $.warmupPlans.own.days: 20 days from 100 by 3 lead beyond 1000000000 a day: expected fewer days or a smaller growth")]
    [TestCase("\"warmupPlans\": { \"own\": { \"steps\": [100, 200],\n\"growth\": 2 } }", "5: $.warmupPlans.own.growth: stands beside 'steps', which says it already")]
    [TestCase("\"warmupPlans\": { \"own\": { \"steps\": [100,\n50] } }", "5: $.warmupPlans.own.steps[1]: must not be below the step before (100), found 50")]
    [TestCase("\"warmupPlans\": { \"own\": { \"steps\": [] } }", "4: $.warmupPlans.own.steps: must not be empty")]
    [TestCase("\"warmupPlans\": { \"own\": { \"hourly\": 0.01 } }", "4: $.warmupPlans.own.hourly: expected a number from 0.045 to 1, found 0.01")]
    [TestCase("\"warmupPlans\": { \"own\": { \"per\": \"source\" } }", "4: $.warmupPlans.own.per: expected \"provider\", found \"source\"")]
    [TestCase("\"warmupPlans\": { \"own\": { \"overflow\": \"drop\" } }", "4: $.warmupPlans.own.overflow: expected \"pool\" or \"wait\", found \"drop\"")]
    [TestCase("\"warmupPlans\": { \"own\": { \"advanceIf\": { \"deferred\": 2 } } }", "4: $.warmupPlans.own.advanceIf.deferred: expected a number from 0.001 to 1, found 2")]

    // Proxies, and pools without a source.
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"proxy\": \"haproxy2://10.0.0.5:5000\" } }", "")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"2001:db8::1\", \"proxy\": \"haproxy2://[fd00::5]:5000\" } }", "")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"proxy\": \"socks5://10.0.0.5:1080\" } }",
        "4: $.sources.a.proxy: expected a proxy such as \"haproxy2://10.0.0.5:5000\" or \"haproxy2://[2001:db8::5]:5000\", found \"socks5://10.0.0.5:1080\"")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"proxy\": \"haproxy2://10.0.0.5:0\" } }",
        "4: $.sources.a.proxy: expected a proxy such as \"haproxy2://10.0.0.5:5000\" or \"haproxy2://[2001:db8::5]:5000\", found \"haproxy2://10.0.0.5:0\"")]
    [TestCase("\"sources\": { \"a\": { \"address\": \"192.0.2.1\", \"proxy\": \"haproxy2://10.0.0.5:5000\", \"bind\": \"10.0.0.1\" } }",
        "4: $.sources.a.bind: has no meaning beside 'proxy': the proxy binds the address")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 },\n\"onEmpty\": \"relay\" } }", "6: $.pools.p.onEmpty: expected \"wait\", \"pool:NAME\" or \"relay:NAME\", found \"relay\"")]
    [TestCase(TwoSources + "\"pools\": { \"p\": { \"sources\": { \"a\": 1 },\n\"onEmpty\": \"relay:backup\" } }", "6: $.pools.p.onEmpty: the relay 'backup' does not exist")]
    [TestCase(TwoSources + "\"relays\": { \"r\": { \"host\": \"192.0.2.9\" } }, \"pools\": { \"p\": { \"sources\": { \"a\": 1 },\n\"onEmpty\": \"relay:r\" } }",
        "6: $.pools.p.onEmpty: the relay 'r' takes no marketing mail")]

    // Relays.
    [TestCase("\"relays\": { \"r\": { \"host\": \"relay.example.net\", \"when\": [{ \"age\": \"15m\", \"categories\": [\"ip_block\", \"network\"] }, { \"age\": \"1h\" }], \"quota\": \"50000/d\" } }", "")]
    [TestCase("\"relays\": { \"r\": {} }", "4: $.relays.r.host: the key 'host' is missing")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"relay.example.net:587\" } }", "4: $.relays.r.host: expected no port here: it has a key of its own, 'port'")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"MTA1.example.com\" } }", "4: $.relays.r.host: MTA1.example.com is this engine itself: mail would loop")]
    [TestCase(TwoSources + "\"relays\": { \"r\": { \"host\": \"b.example\" } }", "5: $.relays.r.host: b.example is this engine itself: mail would loop")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"127.0.0.1\", \"port\": 2525 } }", "4: $.relays.r.host: 127.0.0.1 is this engine itself: mail would loop")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"127.0.0.1\", \"port\": 2526 } }", "")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"192.0.2.9\", \"user\": \"u\" } }", "4: $.relays.r.passwordFile: 'user' and 'passwordFile' belong together")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"192.0.2.9\",\n\"never\": [\"spam_content\", \"bad_recipent\"] } }", "5: $.relays.r.never[1]: the category 'bad_recipent' does not exist; did you mean 'bad_recipient'?")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"192.0.2.9\",\n\"when\": [{ \"categories\": [\"ipblock\"] }] } }", "5: $.relays.r.when[0].categories[0]: the category 'ipblock' does not exist; did you mean 'ip_block'?")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"192.0.2.9\", \"quota\": \"5/s\" } }", "4: $.relays.r.quota: expected a number per hour or day such as \"50000/d\", found \"5/s burst 5\"")]
    [TestCase("\"relays\": { \"r\": { \"host\": \"192.0.2.9\", \"connections\": 0 } }", "4: $.relays.r.connections: expected a whole number from 1 to 1000, found 0")]

    // Seeds.
    [TestCase("\"seeds\": { \"s\": {} }", "4: $.seeds.s.address: the key 'address' is missing\n4: $.seeds.s.imap: the key 'imap' is missing\n4: $.seeds.s.user: the key 'user' is missing\n4: $.seeds.s.passwordFile: the key 'passwordFile' is missing")]
    [TestCase("\"seeds\": { \"s\": { \"address\": \"p@gmail.example\", \"imap\": \"imap.example:993\", \"user\": \"p\", \"passwordFile\": \"/no/such/secret\" } }", "4: $.seeds.s.passwordFile: the file /no/such/secret does not exist")]
    [TestCase("\"system\": { \"organization\": \"\" }", "4: $.system.organization: must not be empty")]

    // Limits.
    [TestCase("\"limits\": { \"l\": {} }", "4: $.limits.l: expected at least one of 'connections', 'connectionRate', 'messagesPerConnection', 'rate' and 'perDay'")]
    [TestCase("\"limits\": { \"l\": { \"perDay\": 1000, \"per\": [\"provider\", \"source\"] }, \"m\": { \"connectionRate\": \"10/m\", \"match\": { \"provider\": \"google\" } } }", "")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"per\": [\"account\"],\n\"connections\": 5 } }",
        "5: $.limits.l.connections: counts connections, which have no account: expected only provider, destination, source and pool in 'match' and 'per'")]
    [TestCase("\"limits\": { \"l\": { \"connectionRate\": \"1/s\", \"match\": { \"class\": \"marketing\" } } }",
        "4: $.limits.l.connectionRate: counts connections, which have no class: expected only provider, destination, source and pool in 'match' and 'per'")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"source\": \"a\" } } }", "4: $.limits.l.match.source: the source 'a' does not exist")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"pool\": \"a\" } } }", "4: $.limits.l.match.pool: the pool 'a' does not exist")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"account\": \"a\" } } }", "4: $.limits.l.match.account: the account 'a' does not exist")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"account\": \"local\" } } }", "")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"class\": \"bulk\" } } }", "4: $.limits.l.match.class: expected \"transactional\" or \"marketing\", found \"bulk\"")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"senderDomain\": \"*\" } } }", "4: $.limits.l.match.senderDomain: expected a domain name, found \"*\"")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"campaign\": \"\" } } }", "4: $.limits.l.match.campaign: must not be empty")]
    [TestCase("\"limits\": { \"l\": { \"rate\": \"1/s\", \"match\": { \"campaign\": \"spring\", \"class\": \"marketing\" } } }", "")]

    // Brakes, score, engagement.
    [TestCase("\"brakes\": { \"hardBounce\": { \"warn\": 0.02, \"pause\": 0.02 }, \"scope\": \"account\", \"then\": \"none\", \"class\": [] }", "")]
    [TestCase("\"brakes\": { \"hardBounce\": { \"pause\": 0.01 } }", "4: $.brakes.hardBounce.pause: must not be below warn (0.02), but is 0.01")]
    [TestCase("\"brakes\": { \"complaint\": { \"warn\": 0.01 } }", "4: $.brakes.complaint.pause: must not be below warn (0.01), but is 0.003")]
    [TestCase("\"brakes\": { \"complaint\": { \"minimum\": 0 } }", "4: $.brakes.complaint.minimum: expected a whole number from 1 to 100000, found 0")]
    [TestCase("\"score\": { \"pauseBelow\": 50 }", "4: $.score.pauseBelow: must not be above isolateBelow (40), but is 50: whoever is paused needs no pool")]
    [TestCase("\"score\": { \"isolateTo\": \"slow\" }", "4: $.score.isolateTo: the pool 'slow' does not exist")]
    [TestCase("\"score\": { \"class\": [] }", "4: $.score.class: must not be empty")]
    [TestCase(TwoSources + "\"pools\": { \"bulk\": { \"sources\": { \"a\": 1 } }, \"slow\": { \"sources\": { \"b\": 1 } } }, \"score\": { \"isolateTo\": \"slow\" }", "")]
    [TestCase(TwoSources + "\"accounts\": { \"x\": {} }, \"pools\": { \"slow\": { \"sources\": { \"b\": 1 }, \"exclusiveTo\": [\"x\"] } },\n\"score\": { \"isolateTo\": \"slow\" }",
        "6: $.score.isolateTo: the pool 'slow' is exclusive to x: expected one that every account may use")]
    [TestCase(TwoSources + "\"pools\": { \"slow\": { \"class\": \"transactional\", \"sources\": { \"b\": 1 } } },\n\"score\": { \"isolateTo\": \"slow\" }",
        "6: $.score.isolateTo: the pool 'slow' is transactional, which is not among 'class': its mail is not counted")]
    [TestCase("\"engagement\": { \"keep\": \"20d\" }", "4: $.engagement.engagedFor: must not be above keep (20 days), but is 30 days")]

    // Block lists.
    [TestCase("\"blocklists\": { \"major\": \"45s\", \"minor\": \"30m\", \"onListing\": \"alert\", \"keepAtLeast\": 0.5, \"zones\": { \"Zen.spamhaus.org\": \"off\" } }", "")]
    [TestCase("\"blocklists\": { \"major\": \"5s\" }",
        "4: $.blocklists.major: expected a duration such as \"250ms\", \"30s\", \"5m\", \"72h\" or \"14d\" from 15s to 1h, found \"5s\"")]
    [TestCase("\"blocklists\": { \"keepAtLeast\": 1.5 }", "4: $.blocklists.keepAtLeast: expected a number from 0 to 1, found 1.5")]
    [TestCase("\"blocklists\": { \"onListing\": \"stop\" }", "4: $.blocklists.onListing: expected \"quarantine\", \"alert\" or \"off\", found \"stop\"")]
    [TestCase("\"blocklists\": { \"zones\": { \"zen.spamhaus.org\": \"no\" } }", "4: $.blocklists.zones['zen.spamhaus.org']: expected \"on\" or \"off\", found \"no\"")]
    [TestCase("\"blocklists\": { \"return\": [{ \"share\": 0.1, \"for\": \"1h\" },\n{ \"share\": 0 }] }", "5: $.blocklists.return[1].share: expected a number from 0.01 to 1, found 0")]
    [TestCase("\"blocklists\": { \"keys\": { \"spamhaus-dqs\": \"/no/such/file\" } }", "4: $.blocklists.keys['spamhaus-dqs']: the file /no/such/file does not exist")]

    // Control.
    [TestCase("\"delivery\": { \"control\": { \"hold\": \"3h\" } }", "4: $.delivery.control.holdLimit: must not be below hold (3h), but is 2h")]
    [TestCase("\"delivery\": { \"control\": { \"ratePauseLimit\": \"5m\" } }", "4: $.delivery.control.ratePauseLimit: must not be below ratePause (10m), but is 5m")]
    [TestCase("\"delivery\": { \"control\": { \"blockPause\": \"2h\", \"blockPauseLimit\": \"1h\" } }", "4: $.delivery.control.blockPauseLimit: must not be below blockPause (2h), but is 1h")]
    [TestCase("\"delivery\": { \"control\": { \"outagePause\": \"10m\" } }", "4: $.delivery.control.outagePauseLimit: must not be below outagePause (10m), but is 5m")]
    [TestCase("\"delivery\": { \"control\": { \"stop\": \"2h\" } }", "4: $.delivery.control.stopLimit: must not be below stop (2h), but is 1h")]
    [TestCase("\"delivery\": { \"control\": { \"stopAt\": 0.1 } }", "4: $.delivery.control.stopAt: must be above degradeAt (0.1), but is 0.1")]
    [TestCase("\"delivery\": { \"control\": { \"stopAt\": 0.4, \"hold\": \"1m\", \"rateFloor\": \"2/m\" } }", "")]

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
    [TestCase("\"bind\": [\"0.0.0.0:25\", \"[::]:25\"], \"role\": \"feedback\"", "")]
    [TestCase("\"bind\": [\"127.0.0.1:25\"], \"role\": \"reports\"", "3: $.listeners.l.role: expected \"submission\" or \"feedback\", found \"reports\"")]
    [TestCase("\"bind\": [\"0.0.0.0:25\"], \"role\": \"feedback\", \"auth\": \"none\"", "3: $.listeners.l.auth: has no meaning with role \"feedback\": nobody logs in there, and nothing is sent on")]
    [TestCase("\"bind\": [\"0.0.0.0:25\"], \"role\": \"feedback\", \"account\": \"local\"", "3: $.listeners.l.account: has no meaning with role \"feedback\": nobody logs in there, and nothing is sent on")]
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
