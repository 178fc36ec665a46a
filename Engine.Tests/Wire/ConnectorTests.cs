using System.Net;
using System.Net.Sockets;
using Engine.Wire;

namespace Engine.Tests.Wire;

internal sealed class ConnectorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly AddressRule Loopback = new([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")], [], []);

    [TestCase("127.0.0.1", "127.0.0.77")]
    [TestCase("127.0.0.1", null)]
    [TestCase("::1", "::1")]
    public async Task It_leaves_from_the_source_asked_for(string target, string? source)
    {
        using var listener = Listen(IPAddress.Parse(target));
        var connected = await new Connector(Loopback, TimeProvider.System).ConnectAsync(
            source is null ? null : IPAddress.Parse(source), (IPEndPoint)listener.LocalEndpoint, AddressOrigin.Resolved, Limit, CancellationToken.None);
        await using var connection = connected.Connection!;
        using var accepted = await listener.AcceptSocketAsync(CancellationToken.None);

        Assert.That(connected.IsConnected, Is.True);
        Assert.That(((IPEndPoint)accepted.RemoteEndPoint!).Address, Is.EqualTo(IPAddress.Parse(source ?? target)));
        Assert.That(connection.Local, Is.EqualTo(accepted.RemoteEndPoint));
    }

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    public void The_kernel_keeps_the_port_free_until_the_connect(string address)
    {
        Assume.That(OperatingSystem.IsLinux());
        var source = IPAddress.Parse(address);
        using var socket = new Socket(source.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

        Connector.Bind(socket, source);

        Assert.That(((IPEndPoint)socket.LocalEndPoint!).Port, Is.Zero);
    }

    [Test]
    public async Task Over_a_proxy_it_leaves_from_the_address_that_the_proxy_has()
    {
        using var listener = Listen(IPAddress.Loopback);
        var target = (IPEndPoint)listener.LocalEndpoint;
        await using var proxy = ForwardProxy.Start();
        var source = IPAddress.Parse("127.0.0.88");

        var result = await new Connector(Loopback, TimeProvider.System).ConnectOverAsync(new ProxyRoute(proxy.Address, source), target, AddressOrigin.Resolved, Limit, CancellationToken.None);
        await using var connection = result.Connection!;
        using var accepted = await listener.AcceptSocketAsync(CancellationToken.None);

        Assert.That(((IPEndPoint)accepted.RemoteEndPoint!).Address, Is.EqualTo(source));
        Assert.That(proxy.Heard, Is.EqualTo([(new IPEndPoint(source, 0), target)]));
        await accepted.SendAsync("220 hi"u8.ToArray(), CancellationToken.None);
        var buffer = new byte[64];
        Assert.That((await connection.ReceiveAsync(buffer, Limit, CancellationToken.None)).Count, Is.EqualTo(6), "nothing but what the far side said");
    }

    [Test]
    public async Task A_proxy_that_is_not_there_is_our_own_trouble()
    {
        var listener = Listen(IPAddress.Loopback);
        var gone = (IPEndPoint)listener.LocalEndpoint;
        listener.Dispose();
        var connector = new Connector(Loopback, TimeProvider.System);

        var result = await connector.ConnectOverAsync(new ProxyRoute(gone, IPAddress.Loopback), new IPEndPoint(IPAddress.Loopback, 25), AddressOrigin.Resolved, Limit, CancellationToken.None);

        Assert.That((result.Fault, result.IsLocal), Is.EqualTo((ConnectFault.Proxy, true)));
    }

    [Test]
    public async Task A_proxy_is_no_way_round_the_rule()
    {
        await using var proxy = ForwardProxy.Start();
        var connector = new Connector(new AddressRule([], [], []), TimeProvider.System);
        var route = new ProxyRoute(proxy.Address, IPAddress.Parse("192.0.2.1"));

        var forbidden = await connector.ConnectOverAsync(route, new IPEndPoint(IPAddress.Loopback, 25), AddressOrigin.Resolved, Limit, CancellationToken.None);
        var family = await connector.ConnectOverAsync(route, new IPEndPoint(IPAddress.Parse("2606:4700::1"), 25), AddressOrigin.Resolved, Limit, CancellationToken.None);

        Assert.That((forbidden.Fault, family.Fault), Is.EqualTo((ConnectFault.Forbidden, ConnectFault.NoSource)));
        Assert.That(proxy.Heard, Is.Empty);
    }

    [Test]
    public async Task A_closed_port_is_refused()
    {
        var listener = Listen(IPAddress.Loopback);
        var target = (IPEndPoint)listener.LocalEndpoint;
        listener.Dispose();

        Assert.That(await FaultAsync(null, target), Is.EqualTo(ConnectFault.Refused));
    }

    [Test]
    public async Task A_source_that_is_not_on_this_host_is_our_own_trouble()
    {
        using var listener = Listen(IPAddress.Loopback);
        var target = (IPEndPoint)listener.LocalEndpoint;

        Assert.That(await FaultAsync(IPAddress.Parse("192.0.2.1"), target), Is.EqualTo(ConnectFault.NoSource));
        Assert.That(await FaultAsync(IPAddress.IPv6Loopback, target), Is.EqualTo(ConnectFault.NoSource), "another family");
        Assert.That(new ConnectResult(null, ConnectFault.NoSource).IsLocal, Is.True);
        Assert.That(new ConnectResult(null, ConnectFault.Refused).IsLocal, Is.False);
    }

    [Test]
    public async Task A_forbidden_address_is_never_asked()
    {
        using var listener = Listen(IPAddress.Loopback);
        var target = (IPEndPoint)listener.LocalEndpoint;
        var strict = new Connector(new AddressRule([], [], []), TimeProvider.System);

        var result = await strict.ConnectAsync(null, target, AddressOrigin.Resolved, Limit, CancellationToken.None);

        Assert.That(result.Fault, Is.EqualTo(ConnectFault.Forbidden));
        Assert.That(listener.Pending(), Is.False);
    }

    [Test]
    public async Task A_connect_that_is_not_answered_times_out()
    {
        // A listener whose backlog is full drops what comes: the connect hangs until the clock ends it.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var target = (IPEndPoint)full.LocalEndPoint!;
        var clock = new ManualClock();
        var connector = new Connector(Loopback, clock);

        // The backlog takes one or two of them.
        var waiting = Enumerable.Range(0, 6)
            .Select(_ => connector.ConnectAsync(null, target, AddressOrigin.Resolved, Limit, CancellationToken.None).AsTask())
            .ToArray();
        clock.Advance(Limit);
        var results = await Task.WhenAll(waiting).WaitAsync(Limit);

        Assert.That(results.Select(result => result.Fault), Has.Some.EqualTo(ConnectFault.TimedOut));
        Assert.That(results.Select(result => result.Fault), Is.All.AnyOf(ConnectFault.TimedOut, ConnectFault.None));
        foreach (var result in results.Where(result => result.IsConnected))
        {
            await result.Connection!.DisposeAsync();
        }
    }

    [Test]
    public void A_stop_is_no_result()
    {
        Assert.That(
            async () => await new Connector(Loopback, TimeProvider.System).ConnectAsync(null, new IPEndPoint(IPAddress.Loopback, 9), AddressOrigin.Resolved, Limit, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<ConnectFault> FaultAsync(IPAddress? source, IPEndPoint target) =>
        (await new Connector(Loopback, TimeProvider.System).ConnectAsync(source, target, AddressOrigin.Resolved, Limit, CancellationToken.None)).Fault;

    private static TcpListener Listen(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        listener.Start();
        return listener;
    }
}
