using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Reputation;

namespace Engine.Tests.Daemon;

internal sealed class DomainSourcesTests
{
    private static readonly Snapshot Configured = new(new EngineOptions
    {
        Hostname = "mta1.example.com",
        Accounts = new Dictionary<string, AccountOptions>
        {
            ["acme"] = new() { Domains = ["acme.example"], Streams = Streams(StreamClass.Marketing) },
            ["other"] = new() { Domains = ["other.example", ".other.example"], Streams = Streams(StreamClass.Marketing, StreamClass.Transactional) },
            ["plain"] = new() { Domains = ["plain.example"] },
            ["both"] = new() { Domains = ["acme.example", "both.example"] },
        },
        Sources = new Dictionary<string, SourceOptions>
        {
            ["own"] = new() { Address = "192.0.2.1" },
            ["shared"] = new() { Address = "192.0.2.2" },
            ["mail"] = new() { Address = "192.0.2.3" },
            ["idle"] = new() { Address = "192.0.2.4" },
        },
        Pools = new Dictionary<string, PoolOptions>
        {
            ["own"] = new() { Sources = One("own"), ExclusiveTo = ["other"] },
            ["bulk"] = new() { Sources = One("shared") },
            ["tx"] = new() { Class = StreamClass.Transactional, Sources = One("mail") },
        },
    });

    [TestCase("acme.example", "shared mail", Description = "two accounts, one with marketing, one without streams")]
    [TestCase("both.example", "mail")]
    [TestCase("plain.example", "mail", Description = "without streams there is one, transactional")]
    [TestCase("other.example", "own shared mail")]
    [TestCase("a.other.example", "own shared mail")]
    [TestCase("unknown.example", "own shared mail idle", Description = "nobody is known to send for it")]
    public void A_domain_has_the_sources_of_pools_its_senders_may_use(string domain, string expected) =>
        Assert.That(NamesOf(Configured, domain), Is.EqualTo(expected));

    [Test]
    public void Without_pools_all_count() =>
        Assert.That(NamesOf(new Snapshot(Configured.Options with { Pools = new Dictionary<string, PoolOptions>() }), "acme.example"), Is.EqualTo("own shared mail idle"));

    private static string NamesOf(Snapshot snapshot, string domain)
    {
        var sources = new SourceMap(snapshot).Sources;
        var names = new DomainSources(snapshot).Of(DomainName.Parse(domain), sources).Select(source => source.Name).ToHashSet(StringComparer.Ordinal);
        return string.Join(' ', snapshot.Options.Sources.Keys.Where(names.Contains));
    }

    private static Dictionary<string, StreamOptions> Streams(params StreamClass[] classes) => classes.ToDictionary(one => one.ToString(), one => new StreamOptions { Class = one });

    private static Dictionary<string, int> One(string source) => new() { [source] = 1 };
}
