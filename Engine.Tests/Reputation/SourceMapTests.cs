using System.Net;
using System.Net.Sockets;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Tests.Reputation;

internal sealed class SourceMapTests
{
    [Test]
    public void Mail_of_a_pool_without_sources_goes_where_the_pool_says()
    {
        var map = Map(("a", "pool:b"), ("b", "pool:c"), ("c", "relay:backup"), ("d", "wait"));
        var (a, d) = (Pool(map, "a"), Pool(map, "d"));

        Assert.That(map.Serving(a, "google", (_, _) => true), Is.EqualTo(new PoolChoice(a, null)));
        Assert.That(map.Serving(a, "google", (source, _) => source.Name != "a"), Is.EqualTo(new PoolChoice(Pool(map, "b"), null)));
        Assert.That(map.Serving(a, "google", (source, _) => source.Name is "c"), Is.EqualTo(new PoolChoice(Pool(map, "c"), null)));
        Assert.That(map.Serving(a, "google", (source, _) => source.Name is "d"), Is.EqualTo(new PoolChoice(null, "backup")));
        Assert.That(map.Serving(d, "google", (source, _) => source.Name != "d").Waits);
    }

    [Test]
    public void A_circle_that_slipped_through_waits()
    {
        var map = Map(("a", "pool:b"), ("b", "pool:a"));

        Assert.That(map.Serving(Pool(map, "a"), "google", (_, _) => false).Waits);
    }

    [Test]
    public void Pools_of_a_source_are_named()
    {
        var map = Map(("a", "wait"), ("b", "wait"));

        Assert.That(map.PoolsOf(map.Sources.First(source => source.Name == "b")), Is.EqualTo(new[] { "b" }));
    }

    [TestCase("wait", true, null, null)]
    [TestCase("pool:tx", true, "tx", null)]
    [TestCase("relay:backup", true, null, "backup")]
    [TestCase("pool:", false, "", null)]
    [TestCase("pool:a b", false, "a b", null)]
    [TestCase("Wait", false, null, null)]
    [TestCase("", false, null, null)]
    [TestCase("smarthost:x", false, null, null)]
    public void A_fallback_is_read(string text, bool isOne, string? pool, string? relay)
    {
        Assert.That(PoolFallback.TryParse(text, out var fallback), Is.EqualTo(isOne));
        Assert.That((fallback.Pool, fallback.Relay), Is.EqualTo((pool, relay)));
        Assert.That(isOne ? fallback.ToString() : text, Is.EqualTo(text));
    }

    [TestCase("192.0.2.1", "198.51.100.1", true)]
    [TestCase("192.0.2.1", "2001:db8::1", false)]
    [TestCase("2001:db8::9", "2001:db8::1", true)]
    [TestCase("2001:db8::9", "198.51.100.1", false)]
    [TestCase("2001:db8::9", "198.51.100.1 2001:db8::1", true)]
    [TestCase("192.0.2.1", "", true, Description = "what is not known yet is worth a try")]
    [TestCase("", "2001:db8::1", true, Description = "the host's default address may be of any family")]
    public void A_source_reaches_the_families_of_its_address(string bind, string destination, bool reaches)
    {
        var source = new Source(new SourceId(0), "s", null, bind.Length == 0 ? null : IPAddress.Parse(bind), "s.example");
        var families = destination.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(default(AddressFamilies), (all, address) => all.With(IPAddress.Parse(address)));

        Assert.That(source.Reaches(families), Is.EqualTo(reaches));
        Assert.That(new Pool("p", null, [(source, 1)]).Reaches(families), Is.EqualTo(reaches));
        Assert.That(families.IsUnknown, Is.EqualTo(destination.Length == 0));
        Assert.That(families.Has(AddressFamily.InterNetworkV6), Is.EqualTo(destination.Contains(':', StringComparison.Ordinal)));
    }

    [Test]
    public void A_mixed_pool_reaches_what_one_of_its_sources_does()
    {
        var four = new Source(new SourceId(0), "a4", null, IPAddress.Parse("192.0.2.1"), "a.example");
        var six = new Source(new SourceId(1), "a6", null, IPAddress.Parse("2001:db8::9"), "a.example");

        Assert.That(new Pool("p", null, [(four, 1), (six, 1)]).Reaches(default(AddressFamilies).With(IPAddress.Parse("2001:db8::1"))));
    }

    private static Pool Pool(SourceMap map, string name) => map.Pools.First(pool => pool.Name == name);

    private static SourceMap Map(params (string Name, string OnEmpty)[] pools) => new(new Snapshot(new EngineOptions
    {
        Hostname = "mta.example",
        Sources = pools.Select((pool, index) => (pool.Name, index)).ToDictionary(pool => pool.Name, pool => new SourceOptions { Address = $"192.0.2.{pool.index + 1}" }),
        Pools = pools.ToDictionary(pool => pool.Name, pool => new PoolOptions { Sources = new Dictionary<string, int> { [pool.Name] = 1 }, OnEmpty = pool.OnEmpty }),
    }));
}
