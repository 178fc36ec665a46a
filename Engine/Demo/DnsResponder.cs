using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Engine.Dns;

namespace Engine.Demo;

/// <summary>A name server on loopback, UDP and TCP on one port, that answers out of a table.</summary>
internal sealed class DnsResponder : IAsyncDisposable
{
    private const int MaxMessage = 65_535;

    private readonly DnsTable _table;
    private readonly Socket _datagrams;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _sessions = new();
    private readonly Task _datagramLoop;
    private readonly Task _acceptLoop;
    private long _questions;

    private DnsResponder(DnsTable table)
    {
        _table = table;
        _datagrams = Loopback.Datagrams(new IPEndPoint(IPAddress.Loopback, 0));
        try
        {
            _listener = Loopback.Listen((IPEndPoint)_datagrams.LocalEndPoint!, backlog: 128);
        }
        catch
        {
            _datagrams.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _datagramLoop = AnswerDatagramsAsync();
        _acceptLoop = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Questions answered, over both transports.</summary>
    public long Questions => Interlocked.Read(ref _questions);

    /// <summary>Starts on a free port of 127.0.0.1.</summary>
    public static DnsResponder Start(DnsTable table)
    {
        const int Tries = 50;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new DnsResponder(table);
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.AddressAlreadyInUse && attempt < Tries)
            {
                // The free UDP port is taken for TCP: another one.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _datagrams.Dispose();
        _listener.Dispose();
        await Task.WhenAll(_datagramLoop, _acceptLoop);
        await Task.WhenAll(_sessions.Keys);
        _stop.Dispose();
    }

    private static bool IsOver(Exception fault) => fault is OperationCanceledException or SocketException or ObjectDisposedException;

    private async Task AnswerDatagramsAsync()
    {
        var question = new byte[MaxMessage];
        var answer = new byte[MaxMessage];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _datagrams.ReceiveFromAsync(question, SocketFlags.None, from, _stop.Token);
                if (TryAnswer(question.AsSpan(0, length), answer, isDatagram: true, out var size))
                {
                    await _datagrams.SendToAsync(answer.AsMemory(0, size), SocketFlags.None, from, _stop.Token);
                }
            }
            catch (Exception fault) when (IsOver(fault))
            {
                // An asker that has gone (ICMP), or the end: the loop's head decides.
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var session = ServeAsync(await _listener.AcceptAsync(_stop.Token));
                _sessions[session] = true;
                _ = session.ContinueWith(done => _sessions.TryRemove(done, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (Exception fault) when (IsOver(fault))
            {
                // As above.
            }
        }
    }

    // Two octets of length before every message. RFC 1035 §4.2.2.
    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var prefix = new byte[2];
        var buffer = new byte[MaxMessage + 2];
        try
        {
            while (await stream.ReadAtLeastAsync(prefix, 2, throwOnEndOfStream: false, _stop.Token) == 2)
            {
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(question, _stop.Token);
                if (!TryAnswer(question, buffer.AsSpan(2), isDatagram: false, out var size))
                {
                    return;
                }

                BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)size);
                await stream.WriteAsync(buffer.AsMemory(0, size + 2), _stop.Token);
            }
        }
        catch (Exception fault) when (IsOver(fault) || fault is IOException)
        {
            // The asker has gone, or the end.
        }
    }

    private bool TryAnswer(ReadOnlySpan<byte> question, Span<byte> answer, bool isDatagram, out int size)
    {
        size = 0;
        if (!DnsQuery.TryRead(question, out var query))
        {
            return false;
        }

        Interlocked.Increment(ref _questions);
        var room = isDatagram ? Math.Max((int)query.UdpSize, 512) : answer.Length;
        size = _table.Answer(query).Write(answer[..Math.Min(room, answer.Length)]);
        return true;
    }
}
