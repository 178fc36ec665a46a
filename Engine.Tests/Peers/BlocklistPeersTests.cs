using System.Net;
using Engine.Configuration;
using Engine.Dns;
using Engine.Mail;
using Engine.Reputation.Blocklists;
using Engine.Tests.Reputation.Blocklists;

namespace Engine.Tests.Peers;

/// <summary>Block lists as real name servers serve them. Nothing here leaves the host.</summary>
[CancelAfter(60_000)]
internal sealed class BlocklistPeersTests
{
    private const string Tested = "2.0.0.127 A 127.0.0.2;2.0.0.127 TXT \"test point\"";

    private static readonly Blocklist List = SampleLists.Make("list.example");

    [Test]
    public async Task A_listing_appears_moves_mail_within_a_minute_goes_and_mail_comes_back(CancellationToken stop)
    {
        await using var nsd = await NsdPeer.StartAsync(new() { ["list.example"] = Tested }, stop);
        var world = new ListWorld([List], 4);
        await world.RunAsync(TimeSpan.FromMinutes(10), nsd.Asker, stop);
        Assert.That(world.Changes, Is.Empty);
        Assert.That(world.Watch.Tests.Single().NegativeTtl, Is.EqualTo(TimeSpan.FromSeconds(60)));

        await nsd.ChangeAsync("list.example", $"{Tested};2.2.0.192 A 127.0.0.2", stop);
        var listedAt = world.Now;
        await world.RunAsync(TimeSpan.FromMinutes(1), nsd.Asker, stop);
        Assert.That(world.Changes.Select(change => $"{change.Kind} {change.Subject.Name}"), Is.EqualTo(new[] { "Listed s2", "Quarantined s2" }));
        Assert.That(world.Changes[0].At - listedAt, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(world.Changes[0].Text, Does.Match("^192.0.2.2 is listed by list.example: 127.0.0.2 spam; TTL (299|300) s; delisting: https://list.example/remove$"));
        Assert.That(world.Shares(), Is.EqualTo("s2 0"));

        await nsd.ChangeAsync("list.example", Tested, stop);
        await world.RunAsync(TimeSpan.FromMinutes(12), nsd.Asker, stop);
        Assert.That(world.Shares(), Is.EqualTo("s2 0.1"));
        await world.RunAsync(TimeSpan.FromHours(4), nsd.Asker, stop);
        Assert.That(world.Shares(), Is.Empty);
        Assert.That(world.Changes[^1].Kind, Is.EqualTo(ListingChangeKind.Restored));
    }

    [Test]
    public async Task Dead_empty_wildcarded_refusing_and_parked_zones_do_not_count(CancellationToken stop)
    {
        await using var nsd = await NsdPeer.StartAsync(
            new()
            {
                ["good.example"] = Tested,
                ["six.example"] = "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 A 127.0.0.2",
                ["names.example"] = "test A 127.0.0.2",
                ["empty.example"] = string.Empty,
                ["wild.example"] = "* A 127.0.0.2",
                ["refusing.example"] = "* A 127.255.255.254",
                ["parked.example"] = "* A 203.0.113.7",
            },
            stop);
        (string Zone, ListKind Kind, ZoneHealth Health)[] expected =
        [
            ("good.example", ListKind.Ip4, ZoneHealth.Good),
            ("six.example", ListKind.Ip6, ZoneHealth.Good),
            ("names.example", ListKind.Domain, ZoneHealth.Good),
            ("names.example", ListKind.Ip4, ZoneHealth.Empty),
            ("empty.example", ListKind.Ip4, ZoneHealth.Empty),
            ("wild.example", ListKind.Ip4, ZoneHealth.Wildcard),
            ("wild.example", ListKind.Domain, ZoneHealth.Wildcard),
            ("refusing.example", ListKind.Ip4, ZoneHealth.Refused),
            ("parked.example", ListKind.Ip4, ZoneHealth.Foreign),
            ("none.example", ListKind.Ip4, ZoneHealth.Silent),
        ];
        foreach (var (zone, kind, health) in expected)
        {
            var (mustList, mustNotList) = await nsd.Asker.TestAsync(SampleLists.Make(zone, kind: kind), stop);
            Assert.That(SelfTest.Judge(mustList, mustNotList), Is.EqualTo(health), $"{zone} {kind}");
        }

        var world = new ListWorld([.. expected.Where(list => list.Kind is ListKind.Ip4).Select(list => SampleLists.Make(list.Zone))], 1);
        await world.RunAsync(TimeSpan.FromMinutes(30), nsd.Asker, stop);
        Assert.That(world.Watch.Tests.Where(test => test.Counts).Select(test => test.List.Zone), Is.EqualTo(new[] { "good.example" }));
        Assert.That(world.Changes.Select(change => change.Kind), Has.All.EqualTo(ListingChangeKind.ZoneSuspended));
        Assert.That(world.Shares(), Is.Empty);
    }

    [Test]
    public async Task A_zone_that_turns_into_a_wildcard_and_back_is_left_out_meanwhile(CancellationToken stop)
    {
        await using var nsd = await NsdPeer.StartAsync(new() { ["list.example"] = Tested }, stop);
        var world = new ListWorld([List], 4);
        await world.RunAsync(TimeSpan.FromMinutes(10), nsd.Asker, stop);
        await nsd.ChangeAsync("list.example", "* A 127.0.0.2", stop);
        await world.RunAsync(TimeSpan.FromMinutes(10), nsd.Asker, stop);
        Assert.That(world.Watch.Tests.Single().Health, Is.EqualTo(ZoneHealth.Wildcard));
        Assert.That(world.Shares(), Is.Empty);

        await nsd.ChangeAsync("list.example", Tested, stop);
        await world.RunAsync(TimeSpan.FromHours(2), nsd.Asker, stop);
        Assert.That(world.Watch.Tests.Single().Health, Is.EqualTo(ZoneHealth.Good));
        Assert.That(world.Changes[^1].Kind, Is.EqualTo(ListingChangeKind.ZoneRestored));
    }

    [Test]
    public async Task An_operator_sees_what_each_list_says(CancellationToken stop)
    {
        await using var nsd = await NsdPeer.StartAsync(
            new()
            {
                ["list.example"] = $"{Tested};2.2.0.192 A 127.0.0.2;2.2.0.192 TXT \"spam seen, see https://list.example\"",
                ["wild.example"] = "* A 127.0.0.2",
                ["names.example"] = "test A 127.0.0.2;acme.example A 127.0.0.2",
            },
            stop);
        Blocklist[] lists = [List, SampleLists.Make("wild.example"), SampleLists.Make("none.example"), SampleLists.Make("names.example", kind: ListKind.Domain)];
        var lookup = new BlocklistLookup(nsd.Asker, TimeProvider.System);

        var rows = (await lookup.AskAsync("192.0.2.2", lists, stop)).Concat(await lookup.AskAsync("news.acme.example", lists, stop));

        Assert.That(rows.Select(row => $"{row.List.Zone} {row.Target} {row.Answer.Verdict} {row.Health} {row.Reason} {row.IsListing}"), Is.EqualTo(new[]
        {
            "list.example 192.0.2.2 Listed Good spam seen, see https://list.example True",
            "wild.example 192.0.2.2 Listed Wildcard  False",
            "none.example 192.0.2.2 NoAnswer Untested  False",
            "names.example acme.example Listed Good  True",
            "names.example news.acme.example NotListed Untested  False",
        }));
    }

    [Test]
    public async Task A_listing_is_seen_past_our_cache(CancellationToken stop)
    {
        await using var nsd = await NsdPeer.StartAsync(new() { ["list.example"] = Tested }, stop);
        await using var dns = new DnsClient(new DnsOptions { Servers = [nsd.Address], Cache = 100 }, TimeProvider.System, new UnguessableRandom(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var name = ReverseName.Under(IPAddress.Parse("192.0.2.2"), DomainName.Parse("list.example"));
        Assert.That((await dns.AskAsync(name, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.NoSuchDomain));

        await nsd.ChangeAsync("list.example", $"{Tested};2.2.0.192 A 127.0.0.2", stop);

        Assert.That((await dns.AskAsync(name, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.NoSuchDomain), "the cache still holds the no");
        Assert.That((await dns.AskPastCacheAsync(name, RecordType.A, stop)).Status, Is.EqualTo(LookupStatus.Found));
    }

    [Test]
    public async Task Unbound_serves_a_list_and_tells_how_long_it_keeps_a_no(CancellationToken stop)
    {
        var program = PeerProcess.Find("unbound", "unbound");
        using var port = PeerPort.Take();
        using var directory = new PeerDirectory();
        await using var peer = PeerProcess.Start(program, directory.Path, "-d", "-p", "-c", directory.Write("unbound.conf", Unbound(port)));
        await peer.LineAsync("start of service", stop);
        await using var dns = ListAsker.ClientOf(new DnsOptions { Servers = [port.EndPoint.ToString()] }, TimeProvider.System, new UnguessableRandom());
        var asker = new ListAsker(dns, TimeProvider.System);
        await DnsPeer.UntilAsync(async () => (await asker.AskAsync(List, "127.0.0.2", stop)).Verdict is ListVerdict.Listed, stop);

        var (mustList, mustNotList) = await asker.TestAsync(List, stop);
        Assert.That(SelfTest.Judge(mustList, mustNotList), Is.EqualTo(ZoneHealth.Good));
        Assert.That(mustNotList.NegativeTtl, Is.EqualTo(TimeSpan.FromSeconds(90)));
        Assert.That(mustList?.Ttl, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(300)).And.GreaterThan(TimeSpan.FromSeconds(290)));
        Assert.That((await asker.AskAsync(List, "192.0.2.9", stop)).Verdict, Is.EqualTo(ListVerdict.Refused));
    }

    private static string Unbound(PeerPort port) => UnboundConf.Of(port,
    [
        "local-zone: \"list.example.\" static",
        "local-data: \"list.example. 3600 SOA ns.list.example. hostmaster.list.example. 1 7200 3600 1209600 90\"",
        "local-data: \"2.0.0.127.list.example. 300 A 127.0.0.2\"",
        "local-data: \"9.2.0.192.list.example. 300 A 127.255.255.254\"",
    ]);
}
