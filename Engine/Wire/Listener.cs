using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

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
    private SafeFileHandle? _spare = OpenSpare();

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
    /// <param name="exhausted">
    /// Gets a socket when there was no descriptor for it but one kept back: it must say its word without waiting, and dispose of the
    /// socket. Null: clients wait until there are descriptors.
    /// </param>
    public void Start(Action<Socket> accepted, Action<Socket>? exhausted = null) => Loop = RunAsync(accepted, exhausted, _stop.Token);

    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _spare?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Action<Socket> accepted, Action<Socket>? exhausted, CancellationToken stop)
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
                    TurnAway(exhausted);
                    await Task.Delay(Pause, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
    // A client that waits in the backlog hears nothing for minutes. The descriptor kept back serves to tell those that wait now.
    private void TurnAway(Action<Socket>? exhausted)
    {
        try
        {
            while (exhausted is not null && _spare is not null && _socket.Poll(0, SelectMode.SelectRead))
            {
                _spare.Dispose();
                _spare = null;
                exhausted(_socket.Accept());
                _spare = OpenSpare();
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Somebody else took the descriptor, or the client has gone.
        }

        _spare ??= OpenSpare();
    }

    private static SafeFileHandle? OpenSpare()
    {
        try
        {
            return File.OpenHandle("/dev/null");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
