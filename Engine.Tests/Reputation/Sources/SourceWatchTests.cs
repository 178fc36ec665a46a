using System.Net;
using System.Threading.Channels;
using Engine.Mail;
using Engine.Reputation;
using Engine.Reputation.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Reputation.Sources;

internal sealed class SourceWatchTests
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.1");
    private static readonly Source One = new(new SourceId(0), "a1", Address, Address, "a1.example");

    private readonly ManualClock _clock = new();
    private readonly ListedAddresses _host = new() { Here = { [Address] = AddressPresence.Present } };
    private readonly Channel<SourceChange> _changes = Channel.CreateUnbounded<SourceChange>();

    [Test]
    public async Task It_looks_when_it_is_woken_and_when_a_bind_fails_and_ends_when_it_is_stopped()
    {
        var monitor = new SourceMonitor(_host);
        monitor.Load([One]);
        using var watch = new SourceWatch(monitor, Take, _clock, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        _host.Here[Address] = AddressPresence.Missing;
        var run = watch.RunAsync(stop.Token);
        Assert.That((await _changes.Reader.ReadAsync()).Presence, Is.EqualTo(AddressPresence.Missing), "the first look is at once");

        _host.Here[Address] = AddressPresence.Present;
        watch.Wake();
        Assert.That((await _changes.Reader.ReadAsync()).Presence, Is.EqualTo(AddressPresence.Present));

        _host.Here[Address] = AddressPresence.InterfaceDown;
        _clock.Advance(SourceMonitor.LeastInterval);
        watch.Report(One.Id, SourceFault.NetworkUnreachable);
        Assert.That((await _changes.Reader.ReadAsync()).Presence, Is.EqualTo(AddressPresence.InterfaceDown));

        await stop.CancelAsync();
        await run;
    }

    [Test]
    public async Task A_system_that_does_not_say_ends_nothing()
    {
        var monitor = new SourceMonitor(_host);
        monitor.Load([One]);
        using var watch = new SourceWatch(monitor, Take, _clock, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        _host.IsSilent = true;
        var run = watch.RunAsync(stop.Token);
        _host.IsSilent = false;
        _host.Here[Address] = AddressPresence.Missing;
        watch.Wake();

        Assert.That((await _changes.Reader.ReadAsync()).Presence, Is.EqualTo(AddressPresence.Missing));
        await stop.CancelAsync();
        await run;
    }

    private void Take(IReadOnlyList<SourceChange> changes)
    {
        foreach (var change in changes)
        {
            Assert.That(_changes.Writer.TryWrite(change));
        }
    }
}
