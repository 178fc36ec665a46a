using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Engine.Demo;
using Engine.Dns;
using Engine.Tests.Journeys;
using Engine.Tests.Submission;

namespace Engine.Tests.Failures;

/// <summary>An engine process with few file descriptors, and more clients than that.</summary>
[CancelAfter(120_000)]
internal sealed class CrowdTests
{
    private const int Descriptors = 700;

    [Test]
    public async Task A_crowd_at_the_door_does_not_keep_mail_from_leaving(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        await using var world = await DemoWorld.BuildAsync(houses: null, verify: null, TimeProvider.System);
        world.Names
            .Add("sink.test", new DnsRecord.Mx(10, "mx.sink.test"))
            .Add("mx.sink.test", new DnsRecord.Address(IPAddress.Parse("127.0.0.78")));
        await using var sink = new LargeSink(new IPEndPoint(IPAddress.Parse("127.0.0.78"), world.Street.Port), keeps: false);
        var server = FreePort();
        var configuration = Path.Join(world.Directory.FullName, "engine.json");
        await File.WriteAllTextAsync(configuration, Configuration(world, server), stop);
        await using var engine = EngineProcess.Start(configuration, Descriptors);
        await using var first = await FirstAsync(engine, server, stop);
        Assert.That(await first.ReplyAsync(), Does.StartWith("220"));
        var crowd = new List<ScriptedClient>();
        try
        {
            var (greeted, answer) = (0, string.Empty);
            while (crowd.Count < 2 * Descriptors && !answer.StartsWith("421", StringComparison.Ordinal))
            {
                crowd.Add(await ScriptedClient.ConnectAsync(server, stop));
                answer = await crowd[^1].ReplyAsync();
                greeted += answer.StartsWith("220", StringComparison.Ordinal) ? 1 : 0;
            }

            // Half of what the process has went to delivery's reserve (256), the runtime and the queue's files.
            Assert.That(answer, Is.EqualTo("421 4.3.2 Too many connections in all: try again later"), engine.Output);
            Assert.That(greeted, Is.InRange(100, Descriptors - 256));
            await SubmitAsync(first);
            var taken = await sink.TakeAsync(stop);
            Assert.That(taken.Recipients, Is.EqualTo(["<reader@sink.test>"]));
            Assert.That(engine.Output, Does.Contain("connections are answered 421"));
        }
        finally
        {
            foreach (var client in crowd)
            {
                await client.DisposeAsync();
            }
        }

        // The crowd has gone: whoever comes now is served. The engine may see the ends a moment later.
        for (var answer = "421"; answer.StartsWith("421", StringComparison.Ordinal);)
        {
            await using var next = await ScriptedClient.ConnectAsync(server, stop);
            answer = await next.ReplyAsync();
            Assert.That(answer, Does.StartWith("421").Or.StartsWith("220"));
        }

        Assert.That(engine.HasExited, Is.False, engine.Output);
    }

    // Connects as soon as the process takes connections. It gives no sign but that.
    private static async Task<ScriptedClient> FirstAsync(EngineProcess engine, IPEndPoint server, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stop))
        {
            Assert.That(engine.HasExited, Is.False, engine.Output);
            try
            {
                return await ScriptedClient.ConnectAsync(server, stop);
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new OperationCanceledException(stop);
    }

    private static async Task SubmitAsync(ScriptedClient client)
    {
        Assert.That(await client.AskAsync("EHLO client.test"), Does.StartWith("250"));
        Assert.That(await client.AskAsync("MAIL FROM:<a@demo.test>"), Does.StartWith("250"));
        Assert.That(await client.AskAsync("RCPT TO:<reader@sink.test>"), Does.StartWith("250"));
        Assert.That(await client.AskAsync("DATA"), Does.StartWith("354"));
        Assert.That(await client.AskAsync("From: a@demo.test\r\n\r\nIt leaves.\r\n."), Does.StartWith("250"));
    }

    private static IPEndPoint FreePort()
    {
        using var listener = Loopback.Listen(new IPEndPoint(IPAddress.Loopback, 0), backlog: 1);
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    private static string Configuration(DemoWorld world, IPEndPoint server) => JsonSerializer.Serialize(new
    {
        hostname = "engine.demo.test",
        state = Path.Join(world.Directory.FullName, "state"),
        queue = new { minFreeDisk = "64MiB" },
        listeners = new { local = new { bind = new[] { server.ToString() }, role = "submission", auth = "none", maxConnections = 5_000, maxConnectionsPerClient = 5_000 } },
        delivery = new { allowAddresses = new[] { "127.0.0.0/8" }, port = world.Street.Port },
        dns = new { servers = new[] { world.Responder.EndPoint.ToString() } },
        admin = new { socket = Path.Join(world.Directory.FullName, "admin.sock") },
    });
}
