using System.Net.Sockets;
using System.Text;
using Engine.Daemon;
using Engine.Tests.Observability;

namespace Engine.Tests.Daemon;

internal sealed class SystemdNotifyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(Lines.Noon);
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public void Dispose()
    {
        _systemd.Dispose();
        _directory.Dispose();
    }

    [Test, CancelAfter(30_000)]
    public async Task Messages_arrive_as_systemd_wants_them([Values] bool isAbstract, CancellationToken stop)
    {
        using var notify = new SystemdNotify(Listen(isAbstract), null, null, _clock);
        notify.Ready("3 listeners\nREADY=0");
        Assert.That(await ReceiveAsync(stop), Is.EqualTo("READY=1\nSTATUS=3 listeners READY=0"));

        notify.Status("12 queued");
        Assert.That(await ReceiveAsync(stop), Is.EqualTo("STATUS=12 queued"));

        notify.Reloading();
        Assert.That(await ReceiveAsync(stop), Does.Match(@"^RELOADING=1\nMONOTONIC_USEC=\d+$"));

        notify.Stopping("waiting for 2 replies");
        Assert.That(await ReceiveAsync(stop), Is.EqualTo("STOPPING=1\nSTATUS=waiting for 2 replies"));
    }

    [Test]
    public async Task The_monotonic_time_is_that_of_the_kernel()
    {
        using var notify = new SystemdNotify(Listen(isAbstract: false), null, null, _clock);
        notify.Reloading();
        var sent = long.Parse((await ReceiveAsync(default)).Split('=')[^1], provider: null);
        var kernel = Environment.TickCount64 * 1_000;

        Assert.That(Math.Abs(kernel - sent), Is.LessThan(60_000_000), "microseconds since boot");
    }

    [Test, CancelAfter(30_000)]
    public async Task The_watchdog_is_fed_twice_in_its_time_while_alive(CancellationToken stop)
    {
        using var notify = new SystemdNotify(Listen(isAbstract: false), "30000000", Environment.ProcessId.ToString(provider: null), _clock);
        var isAlive = true;
        Assert.That(notify.WatchdogInterval, Is.EqualTo(TimeSpan.FromSeconds(15)));

        notify.StartWatchdog(() => isAlive);
        _clock.Advance(TimeSpan.Zero);
        Assert.That(await ReceiveAsync(stop), Is.EqualTo("WATCHDOG=1"));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.That(await ReceiveAsync(stop), Is.EqualTo("WATCHDOG=1"));

        isAlive = false;
        _clock.Advance(TimeSpan.FromSeconds(15));
        notify.Status("end");
        Assert.That(await ReceiveAsync(stop), Is.EqualTo("STATUS=end"));
    }

    [TestCase(null, null)]
    [TestCase("0", null)]
    [TestCase("x", null)]
    [TestCase("1000000", "1")]
    public void Without_a_watchdog_of_ours_there_is_no_interval(string? microseconds, string? process)
    {
        using var notify = new SystemdNotify("/run/nowhere", microseconds, process, _clock);

        Assert.That(notify.WatchdogInterval, Is.Null);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("relative")]
    [TestCase("@")]
    [TestCase("/run/there/is/nobody")]
    public void Where_nobody_listens_nothing_happens(string? path)
    {
        using var notify = new SystemdNotify(path, null, null, _clock);

        Assert.That(() => notify.Ready("up"), Throws.Nothing);
    }

    private string Listen(bool isAbstract)
    {
        var name = isAbstract ? $"@engine-{Guid.NewGuid():N}" : _directory.Of("notify");
        _systemd.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{name[1..]}" : name));
        return name;
    }

    private async Task<string> ReceiveAsync(CancellationToken stop)
    {
        var buffer = new byte[4_096];
        var count = await _systemd.ReceiveAsync(buffer, stop);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }
}
