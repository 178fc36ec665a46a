using System.Text.Json.Nodes;
using Engine.Admin;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Mail;
using Engine.Queue;
using Engine.Tests.Failures;
using Engine.Tests.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Cli;

/// <summary>The way of an operator whose queue does not start, and of one who moves mail: real processes on real files.</summary>
[CancelAfter(240_000)]
internal sealed class SpoolVerbsTests
{
    private string _directory = string.Empty;

    private string State => Path.Join(_directory, "state");

    private string LogFile => Path.Join(State, "queue", "shard-0", "generation-0", "log.0");

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("engine-spool-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Mail_is_rescued_from_a_damaged_queue_and_moved_on(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        var ids = await FillAsync(20, stop);
        var clean = await RunAsync(0, stop, "spool", "verify", "--state", State, "--json");
        Assert.That((bool)clean["damaged"]!, Is.False);
        Assert.That((long)clean["queuedRecipients"]!, Is.EqualTo(20));
        Assert.That((long)(await RunAsync(0, stop, "spool", "stats", "--state", State, "--json"))["livingMessages"]!, Is.EqualTo(20));

        await DamageAsync(stop);
        Assert.That((bool)(await RunAsync(65, stop, "spool", "verify", "--state", State, "--json"))["damaged"]!, Is.True);
        await Assert.ThatAsync(OpenAsync, Throws.TypeOf<QueueDamagedException>().With.Message.Contains("engine spool salvage"));
        var file = Path.Join(_directory, "mail.tar");
        var salvaged = await RunAsync(65, stop, "spool", "salvage", "--state", State, "--to", file, "--json");
        Assert.That((long)salvaged["messages"]!, Is.EqualTo(19));
        Assert.That(salvaged["lost"]![0]!["id"]!.ToString(), Is.EqualTo(ids[7].ToString()));
        await RefuseAsync(64, "is there already", ["spool", "salvage", "--state", State, "--to", file], stop);

        Directory.Move(Path.Join(State, "queue"), Path.Join(State, "queue.damaged"));
        await ImportAndMoveAsync(file, stop);
    }

    [Test]
    public async Task What_is_no_spool_or_no_export_is_said(CancellationToken stop)
    {
        if (await EngineProcess.MissingAsync(stop) is { } reason)
        {
            Assert.Ignore(reason);
        }

        var file = Path.Join(_directory, "mail.tar");
        await File.WriteAllBytesAsync(file, new byte[700], stop);
        await RefuseAsync(65, "octet 512", ["queue", "import", file, "--dry-run"], stop);
        await RefuseAsync(65, "holds no queue", ["spool", "verify", "--state", _directory], stop);
        await RefuseAsync(69, "no daemon answers", ["spool", "compact", "--socket", Path.Join(_directory, "none.sock")], stop);
    }

    private async Task ImportAndMoveAsync(string file, CancellationToken stop)
    {
        var options = new EngineOptions
        {
            Hostname = "engine.test",
            State = State,
            Queue = new QueueOptions { Memory = ByteSize.MiB(16), MinFreeDisk = ByteSize.MiB(64) },
            Listeners = new Dictionary<string, ListenerOptions> { ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Off } },
            Dns = new DnsOptions { Servers = ["127.0.0.1:9"] },
            Admin = new AdminOptions { Socket = Path.Join(_directory, "admin.sock") },
        };
        await using var host = await EngineHost.StartAsync(new Snapshot(options, _directory), TimeProvider.System, NullLoggerFactory.Instance, stop);
        await using var admin = await AdminServer.StartAsync(host, NullLoggerFactory.Instance, stop);
        string[] socket = ["--socket", options.Admin.Socket, "--json"];
        Assert.That((long)(await RunAsync(0, stop, "queue", "import", file, "--dry-run", "--json"))["messages"]!, Is.EqualTo(19));
        var first = await RunAsync(0, stop, ["queue", "import", file, "--held", .. socket]);
        Assert.That(((long)first["messages"]!, (long)first["held"]!), Is.EqualTo((19L, 19L)));
        Assert.That((long)(await RunAsync(0, stop, ["queue", "import", file, .. socket]))["known"]!, Is.EqualTo(19));
        Assert.That((long)(await RunAsync(0, stop, ["spool", "stats", .. socket]))["queue"]!["held"]!, Is.EqualTo(19));
        Assert.That((bool)(await RunAsync(0, stop, "spool", "verify", "--state", State, "--json"))["running"]!, Is.True);
        await RefuseAsync(75, "stop it first", ["spool", "salvage", "--state", State, "--to", Path.Join(_directory, "x.tar")], stop);
        var compacted = await RunAsync(0, stop, ["spool", "compact", .. socket]);
        Assert.That((long)compacted["after"]!, Is.LessThanOrEqualTo((long)compacted["before"]!));

        var moved = Path.Join(_directory, "moved.tar");
        await RefuseAsync(64, "--all", ["queue", "export", "--file", moved, "--remove", .. socket], stop);
        await RefuseAsync(64, "--yes", ["queue", "export", "--file", moved, "--remove", "--all", .. socket], stop);
        Assert.That(File.Exists(moved), Is.False);
        var copied = await RunAsync(0, stop, ["queue", "export", "--file", Path.Join(_directory, "copy.tar"), "--domain", "one.example", .. socket]);
        Assert.That(((long)copied["messages"]!, copied["removed"]), Is.EqualTo((10L, (JsonNode?)null)));
        var removed = await RunAsync(0, stop, ["queue", "export", "--file", moved, "--remove", "--all", "--yes", .. socket]);
        Assert.That(((long)removed["recipients"]!, (long)removed["removed"]!), Is.EqualTo((19L, 19L)));
        Assert.That(host.Counts.Queued, Is.Zero);
        Assert.That((long)(await RunAsync(0, stop, ["queue", "import", moved, "--held", .. socket]))["messages"]!, Is.EqualTo(19), "another export is another matter");
    }

    private Task<MailQueue> OpenAsync() =>
        MailQueue.OpenAsync(new QueueSettings(Path.Join(State, "queue"), 1, Durability.Memory, ByteSize.MiB(16), ByteSize.MiB(1)), TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    private async Task<List<MessageId>> FillAsync(int count, CancellationToken stop)
    {
        await using var queue = await OpenAsync();
        var ids = new List<MessageId>();
        for (var number = 0; number < count; number++)
        {
            ids.Add(queue.Ids.Next());
            var envelope = Letters.Envelope(ids[^1], number % 2 == 0 ? "a@one.example" : "b@two.example") with { Account = AccountOptions.LocalName, Stream = string.Empty };
            // One is larger than what the admin interface takes by default.
            await queue.AcceptAsync(Letters.Message(envelope, number == 11 ? 35 << 20 : 4_000 + number), stop);
        }

        return ids;
    }

    // In the body of the eighth message, whose size tells it from the others.
    private async Task DamageAsync(CancellationToken stop)
    {
        var octets = await File.ReadAllBytesAsync(LogFile, stop);
        var bodies = Letters.Octets(4_000).AsSpan(2_000, 64).ToArray();
        var at = 0;
        for (var message = 0; message < 8; message++)
        {
            at += octets.AsSpan(at).IndexOf(bodies) + 1;
        }

        octets[at + 5] ^= 2;
        await File.WriteAllBytesAsync(LogFile, octets, stop);
    }

    private static async Task RefuseAsync(int expected, string words, string[] arguments, CancellationToken stop)
    {
        var (code, output) = await EngineProcess.RunAsync(arguments, stop);
        Assert.That(output, Does.Contain(words));
        Assert.That(code, Is.EqualTo(expected), output);
    }

    private static async Task<JsonNode> RunAsync(int expected, CancellationToken stop, params string[] arguments)
    {
        var (code, output) = await EngineProcess.RunAsync(arguments, stop);
        Assert.That(code, Is.EqualTo(expected), output);
        return JsonNode.Parse(output.Split('\n').First(static line => line.StartsWith('{')))!;
    }
}
