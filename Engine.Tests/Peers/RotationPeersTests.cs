using System.Net;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight.Rotation;

namespace Engine.Tests.Peers;

/// <summary>Key records as a real name server serves them: of two strings, over EDNS, under a zone that is found by its NS records.</summary>
internal sealed class RotationPeersTests
{
    private static readonly DomainName Domain = DomainName.Parse("acme.test");

    [Test]
    public async Task A_record_is_seen_at_nsd_once_it_is_published()
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        await using var nsd = await NsdPeer.StartAsync(new Dictionary<string, string> { ["acme.test"] = "www A 192.0.2.1" }, guard.Token);
        Assert.That(PrivateKey.TryRead(PrivateKey.NewRsa(2_048), Domain, "s1", out var key, out var fault), Is.True, fault);
        var record = DkimRecord.For(key!);
        var options = new EngineOptions { Dns = new DnsOptions { Servers = [nsd.Address], Timeout = TimeSpan.FromSeconds(20) } };
        var zones = new ZoneServers(static server => IPAddress.IsLoopback(server.Address)) { Port = IPEndPoint.Parse(nsd.Address).Port };
        var watch = new RecordWatch(() => nsd.Client, () => options, zones, new ServerInquiry(TimeProvider.System, new UnguessableRandom()), TimeProvider.System);

        var before = await watch.LookAsync(Domain, "s1", record, guard.Token);
        Assert.That(before.Places.Select(static place => place.Kind), Is.EqualTo(new[] { SightingKind.Missing, SightingKind.Missing }), before.Missing);

        // The test's zone files hold one record a line, parted by semicolons: those of the tags are escaped (RFC 1035 §5.1).
        var text = string.Join(' ', record.Strings().Select(static part => $"\"{part.Replace(";", "\\059", StringComparison.Ordinal)}\""));
        await nsd.ChangeAsync("acme.test", $"s1._domainkey TXT {text}", guard.Token);
        var after = await watch.LookAsync(Domain, "s1", record, guard.Token);
        Assert.That(after.IsWhole, Is.True, after.Missing);
        Assert.That(after.Ttl, Is.GreaterThan(TimeSpan.FromSeconds(120)).And.LessThanOrEqualTo(TimeSpan.FromSeconds(300)), "the zone's 300 s, less what it has lain in a cache");
        Assert.That(after.Places[1].Place, Does.StartWith("name server ns.acme.test"));
    }
}
