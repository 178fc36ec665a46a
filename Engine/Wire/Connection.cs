using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Engine.Mail;

namespace Engine.Wire;

/// <summary>One TCP connection, plain or TLS, with a time limit on every transfer. Owns the socket.</summary>
/// <remarks>
/// One receive and one send may run at a time. After any fault the connection is spent: dispose it.
/// Cancelling <c>stop</c> throws <see cref="OperationCanceledException"/>; everything else the network does comes back as a <see cref="WireFault"/>.
/// </remarks>
internal sealed class Connection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _receiveLimit;
    private readonly CancellationTokenSource _sendLimit;
    private SslStream? _tls;

    /// <param name="socket">Connected; owned from now on. Nagle is switched off.</param>
    /// <param name="clock">Measures the limits.</param>
    public Connection(Socket socket, TimeProvider clock)
    {
        _socket = socket;
        if (socket.ProtocolType is ProtocolType.Tcp)
        {
            socket.NoDelay = true;
        }

        _receiveLimit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _sendLimit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        Local = socket.LocalEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        Remote = socket.RemoteEndPoint as IPEndPoint ?? new IPEndPoint(IPAddress.None, 0);
    }

    public IPEndPoint Local { get; }

    public IPEndPoint Remote { get; }

    /// <summary>What the handshake agreed on; null in the clear.</summary>
    public TlsSession? Tls { get; private set; }

    /// <summary>True when octets can be read at once: for a server, the peer pipelined; for an idle client, the peer spoke out of turn or left.</summary>
    public bool HasPending => _socket.Available > 0 || _socket.Poll(0, SelectMode.SelectRead);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Received> ReceiveAsync(Memory<byte> buffer, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            _receiveLimit.CancelAfter(limit);
            await using var registration = Link(_receiveLimit, stop);
            var count = _tls is null
                ? await _socket.ReceiveAsync(buffer, _receiveLimit.Token).ConfigureAwait(false)
                : await _tls.ReadAsync(buffer, _receiveLimit.Token).ConfigureAwait(false);
            _receiveLimit.CancelAfter(Timeout.InfiniteTimeSpan);
            return count > 0 ? new Received(count, WireFault.None) : new Received(0, WireFault.Closed);
        }
        catch (Exception fault) when (IsWire(fault))
        {
            stop.ThrowIfCancellationRequested();
            return new Received(0, FaultOf(fault));
        }
    }

    /// <summary>Sends all of it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<WireFault> SendAsync(ReadOnlyMemory<byte> octets, TimeSpan limit, CancellationToken stop)
    {
        try
        {
            _sendLimit.CancelAfter(limit);
            await using var registration = Link(_sendLimit, stop);
            if (_tls is not null)
            {
                await _tls.WriteAsync(octets, _sendLimit.Token).ConfigureAwait(false);
            }
            else
            {
                while (!octets.IsEmpty)
                {
                    octets = octets[await _socket.SendAsync(octets, _sendLimit.Token).ConfigureAwait(false)..];
                }
            }

            _sendLimit.CancelAfter(Timeout.InfiniteTimeSpan);
            return WireFault.None;
        }
        catch (Exception fault) when (IsWire(fault))
        {
            stop.ThrowIfCancellationRequested();
            return FaultOf(fault);
        }
    }

    /// <summary>Takes the server's side of a handshake. Octets received in the clear before must have been dealt with by the caller.</summary>
    public ValueTask<WireFault> SecureAsServerAsync(SslServerAuthenticationOptions options, TimeSpan limit, CancellationToken stop) =>
        SecureAsync(tls => tls.AuthenticateAsServerAsync(options, _receiveLimit.Token), limit, static () => TlsProof.None, stop);

    /// <summary>Takes the client's side of a handshake.</summary>
    /// <param name="options">Its validation callback decides; <paramref name="proof"/> only says what success then means.</param>
    /// <param name="limit">Time for the handshake.</param>
    /// <param name="proof">What the certificate held against; asked after success.</param>
    /// <param name="stop">Ends it.</param>
    public ValueTask<WireFault> SecureAsClientAsync(SslClientAuthenticationOptions options, TimeSpan limit, Func<TlsProof> proof, CancellationToken stop) =>
        SecureAsync(tls => tls.AuthenticateAsClientAsync(options, _receiveLimit.Token), limit, proof, stop);

    /// <summary>Says that nothing more will be sent (close_notify, FIN), so that the peer reads the last reply before it sees a reset.</summary>
    public async ValueTask EndSendingAsync()
    {
        try
        {
            if (_tls is not null)
            {
                await _tls.ShutdownAsync().ConfigureAwait(false);
            }

            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (IsWire(fault) || fault is InvalidOperationException)
        {
            // The peer was faster.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
        {
            await _tls.DisposeAsync().ConfigureAwait(false);
        }

        _socket.Dispose();
        _receiveLimit.Dispose();
        _sendLimit.Dispose();
    }

    // Awaited without ConfigureAwait, which would box it.
    private static CancellationTokenRegistration Link(CancellationTokenSource limit, CancellationToken stop) =>
        stop.CanBeCanceled ? stop.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit) : default;

    private static bool IsWire(Exception fault) =>
        fault is SocketException or IOException or OperationCanceledException or ObjectDisposedException or AuthenticationException;

    private static WireFault FaultOf(Exception fault) => fault switch
    {
        OperationCanceledException => WireFault.TimedOut,
        AuthenticationException => WireFault.Tls,
        IOException { InnerException: AuthenticationException } => WireFault.Tls,
        _ => WireFault.Reset,
    };

    private async ValueTask<WireFault> SecureAsync(Func<SslStream, Task> handshake, TimeSpan limit, Func<TlsProof> proof, CancellationToken stop)
    {
        try
        {
            _receiveLimit.CancelAfter(limit);
            await using var registration = Link(_receiveLimit, stop);
            _tls = new SslStream(new NetworkStream(_socket, ownsSocket: false), leaveInnerStreamOpen: false);
            await handshake(_tls).ConfigureAwait(false);
            _receiveLimit.CancelAfter(Timeout.InfiniteTimeSpan);
            var version = _tls.SslProtocol is SslProtocols.Tls13 ? "1.3" : "1.2";
            Tls = new TlsSession(version, _tls.NegotiatedCipherSuite.ToString(), proof());
            return WireFault.None;
        }
        catch (Exception fault) when (IsWire(fault))
        {
            stop.ThrowIfCancellationRequested();
            return fault is OperationCanceledException ? WireFault.TimedOut : WireFault.Tls;
        }
    }
}
