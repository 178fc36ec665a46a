using System.Text.Json.Nodes;
using Engine.Admin;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Engine.Mail;
using Engine.Tests.Failures;
using Engine.Tests.Journeys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Cli;

/// <summary>The way of an operator whose mail does not leave: verbs of a process of their own against a running engine.</summary>
[CancelAfter(240_000)]
internal sealed class WhyVerbsTests
{
    private string _socket = string.Empty;

    [Test]
    public async Task An_operator_finds_out_why_mail_does_not_leave(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        EngineHost? host = null;
        await using var world = await JourneyWorld.StartAsync(
            async (snapshot, clock, loggers, guard) => new HostedEngine(host = await EngineHost.StartAsync(snapshot, clock, loggers, guard)),
            adjust: Adjust);
        _socket = world.Snapshot.Options.Admin.Socket;
        await using var admin = await AdminServer.StartAsync(host!, NullLoggerFactory.Instance, stop);
        host!.Parts.Traffic.Monitor.Check(TimeProvider.System.GetUtcNow(), []);
        await world.DeliveredAsync(await world.SubmitAsync("first@strict.demo.test"));
        var id = (await world.SubmitAsync(world.Write("A second message.\r\n", "second@strict.demo.test"))).Text;
        await world.QueueAsync(static counts => counts is { Queued: 1, Ready: 1 });

        await LimitsAsync(id, stop);
        await SourcesAsync(stop);
        await ProvidersAsync(stop);
        await PausesAsync(id, stop);
        await world.StopEngineAsync();
    }

    private static EngineOptions Adjust(EngineOptions options) => options with
    {
        Limits = new Dictionary<string, LimitOptions> { ["hourly"] = new() { Per = [LimitDimension.Account], Rate = new Rate(1, TimeSpan.FromHours(1), 1) } },
        Sources = new Dictionary<string, SourceOptions> { ["home"] = new() { Address = "127.0.0.1" }, ["gone"] = new() { Address = "192.0.2.9" } },
        Pools = new Dictionary<string, PoolOptions> { ["all"] = new() { Class = StreamClass.Transactional, Sources = new Dictionary<string, int> { ["home"] = 3, ["gone"] = 1 } } },
    };

    private async Task LimitsAsync(string id, CancellationToken stop)
    {
        foreach (var subject in new[] { "strict.demo.test", id })
        {
            var answer = (await RunAsync(stop, "why", subject))[0]["answers"]![0]!;
            Assert.That((answer["binding"]![0]!["name"]!.ToString(), answer["binding"]![0]!["key"]!.ToString()), Is.EqualTo(("hourly", "demo")), answer.ToJsonString());
            Assert.That(answer["flows"]![0]!["account"]!.ToString(), Is.EqualTo("demo"));
            Assert.That(answer["lanes"]!.AsArray().Single(lane => lane!["source"]!.ToString() == "gone")!["state"]!.ToString(), Is.EqualTo("address missing"));
        }

        var steps = (await RunAsync(stop, "route", "explain", "--from", "shop@demo.test", "--to", "second@strict.demo.test", "--account", "demo"))[0]["steps"]!.AsArray();
        Assert.That(steps.Select(step => step!["step"]!.ToString()), Is.SupersetOf(["route", "exchangers", "pool", "verdict", "source", "limit"]));
        var top = await RunAsync(stop, "top");
        Assert.That(top.Select(row => ((int)row["ready"]!, row["source"]!.ToString())), Does.Contain((1, "home")));
    }

    private async Task SourcesAsync(CancellationToken stop)
    {
        var gone = (await RunAsync(stop, "source", "ls")).Single(row => row["source"]!.ToString() == "gone");
        Assert.That((bool)gone["takesMail"]!, Is.False);
        Assert.That(gone["reason"]!.ToString(), Does.Contain("192.0.2.9"));
        Assert.That(gone["since"], Is.Not.Null);
        Assert.That((int)(await RunAsync(stop, "pool", "ls"))[0]["sources"]!["home"]!, Is.EqualTo(3));
        await RefuseAsync("there is no source 'nowhere'", stop, "source", "enable", "nowhere");
        await RefuseAsync("there is no source 'nowhere'", stop, "source", "warmup", "release", "nowhere");
        await RefuseAsync("is not good for", stop, "source", "warmup", "set", "home", "--step", "0");
        Assert.That((await RunAsync(stop, "source", "warmup", "set", "home", "--step", "warm"))[0]["value"]!.ToString(), Is.EqualTo("warm"));
        Assert.That((await RunAsync(stop, "source", "warmup", "release", "home"))[0]["keys"]!.ToString(), Is.EqualTo("warmup.step.home"));
    }

    private async Task ProvidersAsync(CancellationToken stop)
    {
        await RefuseAsync("'nobody.example' is no provider", stop, "provider", "pause", "nobody.example");
        Assert.That((int)(await RunAsync(stop, "provider", "resume", "nobody.example"))[0]["removed"]!, Is.Zero);
        Assert.That((await RunAsync(stop, "provider", "pause", "Gmail.com"))[0]["provider"]!.ToString(), Is.EqualTo("google"));
        var destination = (await RunAsync(stop, "why", "strict.demo.test"))[0]["answers"]![0]!["destination"]!.ToString();
        await RunAsync(stop, "provider", "pause", destination, "--reason", "they asked");
        Assert.That((await RunAsync(stop, "why", "strict.demo.test"))[0]["answers"]![0]!["verdict"]!.ToString(), Does.Contain("paused by operator since").And.Contain("they asked"));
        var shown = (await RunAsync(stop, "provider", "show", destination))[0];
        Assert.That((bool)shown["paused"]!, Is.True);
        Assert.That(shown["sources"]!.AsArray().Select(row => row!["state"]!.ToString()), Is.EquivalentTo(["healthy", "address missing"]));
        Assert.That((int)(await RunAsync(stop, "provider", "resume", destination))[0]["removed"]!, Is.EqualTo(1));
    }

    private async Task PausesAsync(string id, CancellationToken stop)
    {
        await RunAsync(stop, "pause", "--account", "demo", "--reason", "looks odd");
        var answer = (await RunAsync(stop, "why", id))[0]["answers"]![0]!;
        Assert.That(answer["verdict"]!.ToString(), Does.StartWith("is paused: pause.account.demo by operator since").And.Contain("looks odd"));
        Assert.That(answer["pauses"]![0]!["since"], Is.Not.Null);
    }

    private async Task RefuseAsync(string words, CancellationToken stop, params string[] arguments)
    {
        var (code, output) = await EngineProcess.RunAsync([.. arguments, "--socket", _socket], stop);
        Assert.That(output, Does.Contain(words));
        Assert.That(code, Is.EqualTo(64), output);
    }

    private async Task<List<JsonNode>> RunAsync(CancellationToken stop, params string[] arguments)
    {
        var (code, output) = await EngineProcess.RunAsync([.. arguments, "--socket", _socket, "--json"], stop);
        Assert.That(code, Is.Zero, output);
        return [.. output.Split('\n').Where(static line => line.StartsWith('{')).Select(static line => JsonNode.Parse(line)!)];
    }
}
