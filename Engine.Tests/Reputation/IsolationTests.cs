using System.Collections.Frozen;
using Engine.Configuration;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Tests.Reputation;

internal sealed class IsolationTests
{
    private readonly SourceMap _map = new(new Snapshot(new EngineOptions
    {
        Hostname = "mta1.example.com",
        Sources = new Dictionary<string, SourceOptions> { ["a"] = new() { Address = "192.0.2.1" }, ["b"] = new() { Address = "192.0.2.2" }, ["c"] = new() { Address = "192.0.2.3" } },
        Pools = new Dictionary<string, PoolOptions>
        {
            ["apart"] = new() { Class = StreamClass.Marketing, Sources = new Dictionary<string, int> { ["a"] = 1 } },
            ["bulk"] = new() { Class = StreamClass.Marketing, Sources = new Dictionary<string, int> { ["b"] = 1 } },
            ["tx"] = new() { Class = StreamClass.Transactional, Sources = new Dictionary<string, int> { ["c"] = 1 } },
        },
        Score = new ScoreOptions { IsolateTo = "apart" },
    }));

    [TestCase("acme", "", StreamClass.Marketing, "apart")]
    [TestCase("acme", "bulk", StreamClass.Marketing, "apart")]
    [TestCase("acme", "", StreamClass.Transactional, "tx")]
    [TestCase("acme", "tx", StreamClass.Transactional, "tx")]
    [TestCase("zoe", "", StreamClass.Marketing, "bulk")]
    [TestCase("gone", "bulk", StreamClass.Marketing, "bulk")]
    public void Mail_of_an_isolated_account_goes_by_the_pool_set_apart_within_its_class(string account, string wanted, StreamClass streamClass, string pool)
    {
        _map.Isolated = new Dictionary<string, string> { ["acme"] = "apart", ["gone"] = "no-such-pool" }.ToFrozenDictionary();

        Assert.That(_map.PoolFor(wanted, streamClass, account)?.Name, Is.EqualTo(pool));
    }

    [Test]
    public void The_pool_set_apart_is_nobodys_default() => Assert.That(_map.PoolFor(string.Empty, StreamClass.Marketing, "other")?.Name, Is.EqualTo("bulk"));
}
