using Engine.Configuration;
using Engine.Daemon;
using Engine.Suppression;
using Engine.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Suppression;

/// <summary>A list that went away whole.</summary>
internal sealed class ListMarkTests
{
    [Test]
    public async Task An_engine_whose_list_is_gone_does_not_start_until_told_to_begin_anew()
    {
        using var directory = new TemporaryDirectory();
        await StartAsync(directory);
        await StartAsync(directory);
        var (list, mark) = (directory["suppression"], directory["suppression.id"]);
        Directory.Move(list, directory["moved"]);

        await Assert.ThatAsync(
            () => StartAsync(directory),
            Throws.TypeOf<SuppressionDamagedException>().With.Message.Contains($"{list}: holds no suppression list").And.Message.Contains($"delete {mark} to begin an empty list"));
        Assert.That(Directory.Exists(list), Is.False, "no other key was made");

        Directory.Move(directory["moved"], list);
        await StartAsync(directory);
        Directory.Delete(list, recursive: true);
        File.Delete(mark);
        await StartAsync(directory);
        Assert.That(File.Exists(mark), Is.True);
    }

    [Test]
    public void A_list_from_before_there_were_marks_gets_one()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["suppression"]);
        directory.Write("suppression/manifest", "x");
        var mark = new ListMark(directory["suppression"]);
        mark.Check();
        mark.Keep(0xAB);
        mark.Check();

        Assert.That(File.ReadAllText(directory["suppression.id"]), Is.EqualTo("00000000000000ab\n"));
    }

    private static async Task StartAsync(TemporaryDirectory directory)
    {
        var options = new EngineOptions
        {
            Hostname = "engine.test",
            State = directory.Path,
            Queue = new QueueOptions { Memory = ByteSize.MiB(16), MinFreeDisk = ByteSize.MiB(64) },
            Listeners = new Dictionary<string, ListenerOptions> { ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Off } },
            Dns = new DnsOptions { Servers = ["127.0.0.1:9"] },
            Admin = new AdminOptions { Socket = directory["admin.sock"] },
        };
        await using var host = await EngineHost.StartAsync(new Snapshot(options, directory.Path), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
    }
}
