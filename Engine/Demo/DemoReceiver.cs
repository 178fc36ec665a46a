using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Engine.Wire;

namespace Engine.Demo;

/// <summary>A scripted SMTP receiver on loopback: a peer for the demo, for tests and for measuring.</summary>
/// <remarks>Every message taken is in the ledger before it is answered. Disposing it breaks the open connections.</remarks>
internal sealed class DemoReceiver : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly ReceiverScript _script;
    private readonly Ledger _ledger;
    private readonly TakenAsync? _taken;
    private readonly TimeProvider _clock;
    private readonly ReceiverTally _tally;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<long, Task> _sessions = new();
    private readonly Task _accepting;

    /// <param name="script">How it behaves.</param>
    /// <param name="endPoint">A loopback address; port 0 picks a free one.</param>
    /// <param name="ledger">Is told of everything.</param>
    /// <param name="clock">For greylisting and delays.</param>
    /// <param name="taken">Looks at every message taken, before it is answered.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public DemoReceiver(ReceiverScript script, IPEndPoint endPoint, Ledger ledger, TimeProvider clock, TakenAsync? taken = null)
    {
        (_script, _ledger, _clock, _taken) = (script, ledger, clock, taken);
        _tally = new ReceiverTally(new RecipientDesk(script, ledger, clock));
        _listener = Loopback.Listen(endPoint, Backlog);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Messages that came whole, taken or not.</summary>
    public long Contents => _tally.Contents;

    /// <summary>Connections taken so far.</summary>
    public long Connections => _tally.Connections;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_sessions.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                var number = _tally.CountConnection();
                var session = ServeAsync(socket);
                _sessions[number] = session;
                _ = session.ContinueWith(_ => _sessions.TryRemove(number, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A peer that left before it was accepted, or the end: the loop's head decides.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        await using var connection = new Connection(socket, _clock);
        try
        {
            await new ReceiverSession(_script, _tally, _ledger, _taken, _clock).RunAsync(connection, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Disposed while the peer was connected.
        }
    }
}
