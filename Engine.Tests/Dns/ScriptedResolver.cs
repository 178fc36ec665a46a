using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Engine.Dns;

namespace Engine.Tests.Dns;

/// <summary>A name server on loopback, UDP and TCP on one port, that answers as its script says: any number of messages to a question.</summary>
internal sealed class ScriptedResolver : IAsyncDisposable
{
    private readonly Func<Asked, IEnumerable<byte[]>> _script;
    private readonly Socket _datagrams;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<Asked> _questions = Channel.CreateUnbounded<Asked>();
    private readonly Task _serving;
    private int _count;

    public ScriptedResolver(Func<Asked, IEnumerable<byte[]>> script)
    {
        _script = script;
        (_datagrams, _listener) = Bind();
        _serving = Task.WhenAll(ServeDatagramsAsync(), ServeStreamsAsync());
    }

    public ScriptedResolver(Func<Asked, byte[]> script)
        : this(asked => [script(asked)])
    {
    }

    /// <summary>Each question as it comes, before its reply is sent.</summary>
    public ChannelReader<Asked> Questions => _questions.Reader;

    /// <summary>Whether a connection ends after its replies, or stays open until the client leaves. Default true.</summary>
    public bool ClosesStreams { get; init; } = true;

    public int Count => Volatile.Read(ref _count);

    public string Address => _datagrams.LocalEndPoint!.ToString()!;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _datagrams.Dispose();
        _listener.Dispose();
        await _serving;
        _closing.Dispose();
    }

    private static (Socket Datagrams, Socket Listener) Bind()
    {
        for (var tries = 0; ; tries++)
        {
            var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            try
            {
                listener.Bind(datagrams.LocalEndPoint!);
                listener.Listen();
                return (datagrams, listener);
            }
            catch (SocketException) when (tries < 50)
            {
                datagrams.Dispose();
                listener.Dispose();
            }
        }
    }

    private async Task ServeDatagramsAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _closing.Token);
                foreach (var reply in Answer(buffer.AsSpan(0, received.ReceivedBytes), overTcp: false, received.RemoteEndPoint))
                {
                    await _datagrams.SendToAsync(reply, received.RemoteEndPoint, _closing.Token);
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeStreamsAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                using var socket = await _listener.AcceptAsync(_closing.Token);
                await ServeStreamAsync(socket);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeStreamAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket);
            var head = new byte[2];
            await stream.ReadExactlyAsync(head, _closing.Token);
            var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
            await stream.ReadExactlyAsync(query, _closing.Token);
            foreach (var reply in Answer(query, overTcp: true, socket.RemoteEndPoint!))
            {
                // In two pieces, so that the client must put them together.
                BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)reply.Length);
                await stream.WriteAsync((byte[])[.. head, .. reply[..(reply.Length / 2)]], _closing.Token);
                await stream.WriteAsync(reply.AsMemory(reply.Length / 2), _closing.Token);
            }

            // A peer that is awaited says nothing more; it leaves when it has had enough.
            var left = ClosesStreams ? 0 : await stream.ReadAsync(head, _closing.Token);
            Assert.That(left, Is.Zero);
        }
        catch (IOException)
        {
            return;
        }
    }

    private IEnumerable<byte[]> Answer(ReadOnlySpan<byte> octets, bool overTcp, EndPoint from)
    {
        Assert.That(DnsQuery.TryRead(octets, out var query), Is.True);
        var asked = new Asked(query, octets.ToArray(), overTcp, (IPEndPoint)from, _count);
        Interlocked.Increment(ref _count);
        _questions.Writer.TryWrite(asked);
        return _script(asked);
    }
}
