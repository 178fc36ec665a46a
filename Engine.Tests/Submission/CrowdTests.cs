using System.Text;
using Engine.Tests.Dns;
using Engine.Wire;

namespace Engine.Tests.Submission;

/// <summary>More connections than there is room for, and connections that only stand about.</summary>
[CancelAfter(30_000)]
internal sealed class CrowdTests
{
    [Test]
    public async Task When_descriptors_run_short_new_clients_are_told_and_old_ones_go_on(CancellationToken stop)
    {
        var open = 0L;
        var clock = new ManualClock();
        var logs = new LineLogger();
        await using var rig = await ServerRig.StartAsync(clock: clock, descriptors: new DescriptorBudget(100_000, () => Volatile.Read(ref open), clock), log: logs);
        await using var old = await rig.ConnectAsync(stop, "local");
        Volatile.Write(ref open, 95_000);
        clock.Advance(TimeSpan.FromSeconds(1));

        for (var late = 0; late < 3; late++)
        {
            await using var client = await ScriptedClient.ConnectAsync(rig.EndPoint("local"), stop);
            Assert.That(await client.ReadToEndAsync(), Is.EqualTo("421 4.3.2 Too many connections in all: try again later\r\n"));
        }

        Assert.That(logs.Lines.Where(static line => line.Contains("421", StringComparison.Ordinal)), Is.EqualTo(["Error connections are answered 421: 5000 of 100000 file descriptors are free, and 10000 are kept for delivery and the queue. Raise LimitNOFILE, or lower maxConnections of the listeners"]));
        Assert.That(await old.AskAsync("EHLO client.example"), Does.StartWith("250"));
        Volatile.Write(ref open, 50_000);
        clock.Advance(TimeSpan.FromSeconds(1));
        await using var next = await rig.ConnectAsync(stop, "local");
        Assert.That(await next.AskAsync("QUIT"), Does.StartWith("221"));
    }

    [Test]
    public async Task Before_a_login_there_are_sixty_seconds_whatever_is_said(CancellationToken stop)
    {
        var clock = new ManualClock();
        await using var rig = await ServerRig.StartAsync(clock: clock);
        await using var client = await rig.ConnectAsync(stop);
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await client.AskAsync("EHLO client.example"), Does.StartWith("250"));
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.That(await client.ReplyAsync(), Is.EqualTo("421 4.4.2 Nothing was said for too long"));
    }

    [Test]
    public async Task Behind_a_login_silence_may_last_five_minutes(CancellationToken stop)
    {
        var clock = new ManualClock();
        await using var rig = await ServerRig.StartAsync(clock: clock);
        await using var client = await rig.ConnectAsync(stop);
        _ = await client.AskAsync("EHLO client.example");
        Assert.That(await client.AskAsync($"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0acme/app\0{Sample.Password}"))}"), Does.StartWith("235"));

        await clock.WaitForTimerAsync(TimeSpan.FromMinutes(5));
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.That(await client.AskAsync("NOOP"), Does.StartWith("250"));
    }
}
