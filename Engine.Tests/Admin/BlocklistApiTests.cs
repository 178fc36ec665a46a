using Engine.Admin;
using Engine.Reputation.Blocklists;
using Engine.Tests.Failures;
using Engine.Tests.Peers;
using Engine.Tests.Reputation.Blocklists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Engine.Tests.Admin;

/// <summary>What an operator sees of block lists: from the daemon, and asked directly.</summary>
[CancelAfter(90_000)]
internal sealed class BlocklistApiTests
{
    [Test]
    public async Task Status_shows_listings_and_the_health_of_lists(CancellationToken stop)
    {
        await SkipWithoutEngineAsync(stop);
        var world = new ListWorld([SampleLists.Make("list.example")], 4, (_, target, _) => target is "127.0.0.2" or "192.0.2.2" ? SampleLists.Hit : SampleLists.Clean);
        world.Run(TimeSpan.FromMinutes(2));
        var socket = Path.Join(Path.GetTempPath(), $"engine-{Guid.NewGuid():N}.sock");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
        await using var application = builder.Build();
        BlocklistApi.Map(application, () => BlocklistReport.Of(world.Watch));
        await application.StartAsync(stop);

        var json = await EngineProcess.RunAsync(["blocklist", "status", "--json", "--socket", socket], stop);
        Assert.That(json.Code, Is.Zero, json.Output);
        Assert.That(json.Output, Does.Contain("\"subject\":\"s2\",\"target\":\"192.0.2.2\",\"list\":\"list.example\",\"state\":\"listed\"").And.Contain("\"negativeTtl\":60"));
        var table = await EngineProcess.RunAsync(["blocklist", "status", "--lists", "--socket", socket], stop);
        Assert.That(table.Output, Does.Match("list.example.*ip4.*major.*good"));
    }

    [Test]
    public async Task Check_asks_the_configured_resolvers(CancellationToken stop)
    {
        await SkipWithoutEngineAsync(stop);
        await using var nsd = await NsdPeer.StartAsync(
            new() { ["list.example"] = "2.0.0.127 A 127.0.0.2;2.2.0.192 A 127.0.0.2;2.2.0.192 TXT \"spam seen\"" }, stop);
        using var directory = new PeerDirectory();
        directory.Write("own.tsv", "zone\nlist.example\tip4\tmajor\tyes\t\t*\t127.0.0.2=spam\t\t\t\t\t\t\t\thttps://list.example/remove\t\t\n");
        var config = directory.Write("engine.json", $$"""
            { "hostname": "mta1.example.com", "listeners": { "l": { "bind": ["127.0.0.1:0"], "auth": "none" } },
              "sources": { "a": { "address": "192.0.2.2" } },
              "dns": { "servers": ["{{nsd.Address}}"], "timeout": "500ms" }, "blocklists": { "file": "own.tsv" } }
            """);

        var listed = await EngineProcess.RunAsync(["blocklist", "check", "--json", "--config", config], stop);
        Assert.That(listed.Code, Is.EqualTo(65), listed.Output);
        Assert.That(listed.Output.Split('\n')[0], Does.StartWith(
            "{\"target\":\"192.0.2.2\",\"list\":\"list.example\",\"weight\":\"major\",\"verdict\":\"listed\",\"meaning\":\"127.0.0.2 spam\",\"reason\":\"spam seen\",\"delisting\":\"https://list.example/remove\",\"ttl\":300"));

        // Every shipped zone is refused by this server: shown, and no listing.
        var clean = await EngineProcess.RunAsync(["blocklist", "check", "192.0.2.3", "--json", "--config", config], stop);
        Assert.That(clean.Code, Is.Zero, clean.Output);
        Assert.That(clean.Output, Does.Contain("\"list\":\"list.example\",\"weight\":\"major\",\"verdict\":\"notlisted\"").And.Contain("\"list\":\"bl.spamcop.net\",\"weight\":\"major\",\"verdict\":\"noanswer\""));
        Assert.That((await EngineProcess.RunAsync(["blocklist", "check", "no domain", "--config", config], stop)).Code, Is.EqualTo(64));
    }

    private static async Task SkipWithoutEngineAsync(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }
    }
}
