using System.Net;
using System.Net.Sockets;

namespace Engine.Wire;

/// <summary>One bound TCP port and the loop that accepts from it. Owns the listening socket.</summary>
internal sealed class Listener : IDisposable
{
    // SOL_SOCKET and SO_REUSEADDR of Linux: a restart must not wait for TIME_WAIT. .NET's ReuseAddress would also set SO_REUSEPORT.
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();

    private Listener(Socket socket, TimeProvider clock)
    {
        _socket = socket;
        _clock = clock;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>What it is bound to, with the port the system chose when 0 was asked for.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Binds and listens. An IPv6 address takes IPv6 only, so that <c>0.0.0.0</c> and <c>[::]</c> can stand side by side.</summary>
    /// <exception cref="SocketException">The address is in use, not of this host, or the port is not allowed.</exception>
    public static Listener Bind(IPEndPoint endPoint, TimeProvider clock, int backlog = 1_024)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily is AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.SetRawSocketOption(SocketLevel, ReuseAddress, [1, 0, 0, 0]);
            socket.Bind(endPoint);
            socket.Listen(backlog);
            return new Listener(socket, clock);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Completes when no connection is accepted any more.</summary>
    public Task Loop { get; private set; } = Task.CompletedTask;

    /// <summary>Accepts until disposed. Once.</summary>
    /// <param name="accepted">Gets the socket and owns it. Runs on the accepting loop: it must not block or throw.</param>
    public void Start(Action<Socket> accepted) => Loop = RunAsync(accepted, _stop.Token);

    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Action<Socket> accepted, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                accepted(await _socket.AcceptAsync(stop).ConfigureAwait(false));
            }
            catch (SocketException fault) when (fault.SocketErrorCode is not (SocketError.OperationAborted or SocketError.NotSocket or SocketError.InvalidArgument))
            {
                // The peer was gone before it was accepted, or descriptors ran out: those come back as connections end.
                if (fault.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                {
                    await Task.Delay(Pause, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
}
