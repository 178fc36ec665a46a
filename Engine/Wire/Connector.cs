using System.Net;
using System.Net.Sockets;

namespace Engine.Wire;

/// <summary>Opens outbound connections from a given source address. Thread-safe.</summary>
/// <param name="rule">Checked on the very address that is connected to.</param>
/// <param name="clock">Measures the limit.</param>
internal sealed class Connector(AddressRule rule, TimeProvider clock)
{
    // linux/in.h. Works on IPv6 sockets as well, whose SOL_IP options the kernel hands on.
    private const int SolIp = 0;
    private const int IpBindAddressNoPort = 24;

    private static readonly byte[] One = [1, 0, 0, 0];

    /// <summary>In force with this connector.</summary>
    public AddressRule Rule => rule;

    /// <summary>Whether an address may be connected to now; for connections that are open already.</summary>
    public bool Allows(IPEndPoint target, AddressOrigin origin) => rule.Allows(target, origin);

    /// <summary>Connects.</summary>
    /// <param name="source">Address to leave from; null leaves it to the host.</param>
    /// <param name="target">Where to.</param>
    /// <param name="origin">Who named the target.</param>
    /// <param name="limit">Time to connect.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public async ValueTask<ConnectResult> ConnectAsync(IPAddress? source, IPEndPoint target, AddressOrigin origin, TimeSpan limit, CancellationToken stop)
    {
        if (!rule.Allows(target, origin))
        {
            return new ConnectResult(null, ConnectFault.Forbidden);
        }

        if (source is not null && source.AddressFamily != target.AddressFamily)
        {
            return new ConnectResult(null, ConnectFault.NoSource);
        }

        Socket? socket = null;
        var isBound = false;
        try
        {
            socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            Bind(socket, source);
            isBound = true;
            using var timer = new CancellationTokenSource(limit, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
            await socket.ConnectAsync(target, either.Token).ConfigureAwait(false);
#pragma warning disable CA2000 // The result carries the connection, which owns the socket from here on.
            var result = new ConnectResult(new Connection(socket, clock), ConnectFault.None);
#pragma warning restore CA2000
            socket = null;
            return result;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new ConnectResult(null, ConnectFault.TimedOut);
        }
        catch (SocketException fault)
        {
            return new ConnectResult(null, FaultOf(fault.SocketErrorCode, isBound));
        }
        finally
        {
            socket?.Dispose();
        }
    }

    /// <summary>Connects over a proxy: to the proxy itself, which hears in a <see cref="ProxyHeader"/> where from and where to.</summary>
    /// <remarks>
    /// When the proxy cannot reach the target it closes the connection: that looks as if the target had. Only what happens up to
    /// the header is the proxy's own trouble, <see cref="ConnectFault.Proxy"/>.
    /// </remarks>
    /// <param name="route">The proxy, and the address it is to leave from.</param>
    /// <param name="target">Where to; the rule is held against it, not against the proxy, which the operator wrote.</param>
    /// <param name="origin">Who named the target.</param>
    /// <param name="limit">Time to connect to the proxy, and again to hand it the header.</param>
    /// <param name="stop">Throws when cancelled.</param>
    public async ValueTask<ConnectResult> ConnectOverAsync(ProxyRoute route, IPEndPoint target, AddressOrigin origin, TimeSpan limit, CancellationToken stop)
    {
        if (!rule.Allows(target, origin))
        {
            return new ConnectResult(null, ConnectFault.Forbidden);
        }

        if (route.Source.AddressFamily != target.AddressFamily)
        {
            return new ConnectResult(null, ConnectFault.NoSource);
        }

        var reached = await ConnectAsync(source: null, route.Server, AddressOrigin.Written, limit, stop).ConfigureAwait(false);
        if (!reached.IsConnected)
        {
            return new ConnectResult(null, ConnectFault.Proxy);
        }

        var header = new byte[ProxyHeader.MaxLength];
        var length = ProxyHeader.Write(header, new IPEndPoint(route.Source, 0), target);
        var connection = reached.Connection;
        try
        {
            var sent = await connection.SendAsync(header.AsMemory(0, length), limit, stop).ConfigureAwait(false);
            var result = sent is WireFault.None ? new ConnectResult(connection, ConnectFault.None) : new ConnectResult(null, ConnectFault.Proxy);
            connection = result.IsConnected ? null : connection;
            return result;
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    // The kernel picks the port at connect, for the pair of addresses: otherwise one source has 28,000 ports for the whole world.
    internal static void Bind(Socket socket, IPAddress? source)
    {
        if (source is null)
        {
            return;
        }

        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(SolIp, IpBindAddressNoPort, One);
        }

        socket.Bind(new IPEndPoint(source, 0));
    }

    private static ConnectFault FaultOf(SocketError error, bool isBound) => error switch
    {
        SocketError.ConnectionRefused => ConnectFault.Refused,
        SocketError.TimedOut => ConnectFault.TimedOut,

        // At connect it means that no port is left; before, that the address is not ours.
        SocketError.AddressNotAvailable => isBound ? ConnectFault.Exhausted : ConnectFault.NoSource,
        SocketError.AddressAlreadyInUse or SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable
            or SocketError.AccessDenied or SocketError.AddressFamilyNotSupported => ConnectFault.Exhausted,
        _ => ConnectFault.Unreachable,
    };
}
