using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Engine.Wire;

namespace Engine.Tests.Wire;

[CancelAfter(30_000)]
internal sealed class ListenerTests
{
    [Test]
    public async Task Connections_arrive_and_the_port_can_be_bound_again_at_once(CancellationToken stop)
    {
        var sockets = Channel.CreateUnbounded<Socket>();
        var listener = Listener.Bind(new IPEndPoint(IPAddress.Loopback, 0), TimeProvider.System);
        listener.Start(socket => sockets.Writer.TryWrite(socket));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint, stop);
        var accepted = await sockets.Reader.ReadAsync(stop);
        accepted.Dispose();
        listener.Dispose();
        await listener.Loop.WaitAsync(stop);

        using var again = Listener.Bind(listener.EndPoint, TimeProvider.System);

        Assert.That(again.EndPoint, Is.EqualTo(listener.EndPoint));
    }

    [Test]
    public void A_port_in_use_is_refused()
    {
        using var first = Listener.Bind(new IPEndPoint(IPAddress.Loopback, 0), TimeProvider.System);

        Assert.That(() => Listener.Bind(first.EndPoint, TimeProvider.System).Dispose(), Throws.TypeOf<SocketException>());
    }
}
