using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Engine.Admin;
using Engine.Cli;
using Engine.Daemon;
using Engine.Demo;
using Engine.Dns;
using Engine.Tests.Failures;
using Engine.Tests.Journeys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Cli;

/// <summary>The way of an operator whose signing key was stolen: verbs of a process of their own against a running engine.</summary>
[CancelAfter(240_000)]
internal sealed class DkimVerbsTests
{
    private string _socket = string.Empty;

    [Test]
    public async Task An_operator_replaces_a_stolen_key(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        EngineHost? host = null;
        await using var world = await JourneyWorld.StartAsync(async (snapshot, clock, loggers, guard) => new HostedEngine(host = await EngineHost.StartAsync(snapshot, clock, loggers, guard)));
        host!.Parts.Keys.NameServerPort = IPEndPoint.Parse(world.Snapshot.Options.Dns.Servers[0]).Port;
        _socket = world.Snapshot.Options.Admin.Socket;
        await using var admin = await AdminServer.StartAsync(host, NullLoggerFactory.Instance, stop);
        world.Names.Add("demo.test", new DnsRecord.Name(RecordType.Ns, "ns.demo.test")).Add("ns.demo.test", new DnsRecord.Address(IPAddress.Loopback));

        Assert.That(Standings(await RowsAsync(stop, "dkim", "ls")), Is.EqualTo("e1 signing, r1 signing"));
        var (code, text) = await EngineProcess.RunAsync(["dkim", "rotate", "demo.test", "--emergency", "--revoke", "r1", "--reason", "stolen", "--socket", _socket, "--json"], stop);
        Assert.That(code, Is.EqualTo(ExitCode.Usage), text);
        Assert.That(Standings((await RowsAsync(stop, "dkim", "rotate", "demo.test", "--emergency", "--revoke", "r1", "--reason", "stolen", "--dry-run"))[0]["keys"]!.AsArray()), Does.Contain("r1 revoked"));
        Assert.That(Standings(await RowsAsync(stop, "dkim", "ls", "demo.test")), Is.EqualTo("e1 signing, r1 signing"));

        var answer = (await RowsAsync(stop, "dkim", "rotate", "demo.test", "--emergency", "--revoke", "r1", "--selector", "r2", "--reason", "stolen", "--yes"))[0];
        Assert.That(Standings(answer["keys"]!.AsArray()), Is.EqualTo("e1 signing, r1 revoked, r2 next"));
        Assert.That(answer["withheld"]!.GetValue<bool>(), Is.False, "Ed25519 still signs.");
        var record = answer["keys"]!.AsArray().Single(key => key!["selector"]!.ToString() == "r2")!;
        world.Names.Add(record["name"]!.ToString(), new DnsRecord.Text(record["record"]!.ToString()));
        Assert.That(Standings((await RowsAsync(stop, "dkim", "rotate", "demo.test", "--type", "rsa2048"))[0]["keys"]!.AsArray()), Is.EqualTo("e1 signing, r1 revoked, r2 signing"));

        var number = await world.SubmitAsync("reader@strict.demo.test");
        await world.DeliveredAsync(number);
        await VerifyAsync(world, world.Content(number), stop);
        await world.StopEngineAsync();
    }

    private static string Standings(IEnumerable<JsonNode?> rows) => string.Join(", ", rows.Select(static row => $"{row!["selector"]} {row["standing"]}"));

    private static async Task VerifyAsync(JourneyWorld world, string content, CancellationToken stop)
    {
        var folder = Path.GetDirectoryName(world.Snapshot.Options.Admin.Socket)!;
        var (configuration, mail, changed) = (Path.Join(folder, "verify.json"), Path.Join(folder, "mail.eml"), Path.Join(folder, "changed.eml"));
        await File.WriteAllTextAsync(configuration, $$"""
            { "hostname": "engine.demo.test", "dkim": { "directory": "dkim" }, "dns": { "servers": ["{{world.Snapshot.Options.Dns.Servers[0]}}"] },
              "listeners": { "local": { "bind": ["127.0.0.1:2525"], "auth": "none" } } }
            """, stop);
        await File.WriteAllBytesAsync(mail, Encoding.UTF8.GetBytes(content), stop);
        await File.WriteAllBytesAsync(changed, Encoding.UTF8.GetBytes(content + "more\r\n"), stop);

        var (code, text) = await EngineProcess.RunAsync(["dkim", "verify", mail, "--config", configuration, "--json"], stop);
        Assert.That(code, Is.EqualTo(ExitCode.Good), text);
        Assert.That(text, Does.Contain("\"selector\":\"r2\",\"verdict\":\"pass\"").And.Contain("\"selector\":\"e1\"").And.Not.Contain("\"r1\""));
        (code, text) = await EngineProcess.RunAsync(["dkim", "verify", changed, "--config", configuration, "--json"], stop);
        Assert.That((code, text), Is.EqualTo((ExitCode.BadData, text)));
        Assert.That(text, Does.Contain("the body hash does not match"));

        // Name servers of zones listen on port 53, and that of this test does not: the verb says so, and what the resolver shows.
        (code, text) = await EngineProcess.RunAsync(["dkim", "verify", "demo.test", "--selector", "r2", "--config", configuration, "--json"], stop);
        Assert.That(code, Is.EqualTo(ExitCode.TryAgain), text);
        Assert.That(text, Does.Contain("\"verdict\":\"shown\"").And.Contain("\"verdict\":\"silent\""));
    }

    private async Task<JsonNode[]> RowsAsync(CancellationToken stop, params string[] arguments)
    {
        var (code, text) = await EngineProcess.RunAsync([.. arguments, "--socket", _socket, "--json"], stop);
        Assert.That(code, Is.EqualTo(ExitCode.Good), text);
        return [.. text.Split('\n').Where(static line => line.StartsWith('{')).Select(static line => JsonNode.Parse(line)!)];
    }
}
