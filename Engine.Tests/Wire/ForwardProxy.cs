using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Engine.Tests.Wire;

/// <summary>A small forward proxy as a source's <c>proxy</c> must be: reads a PROXY v2 header, binds the source it names, connects to the destination it names, and passes octets.</summary>
internal sealed class ForwardProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _carried = [];
    private readonly Task _running;

    private ForwardProxy()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _running = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    /// <summary>What the headers named, in order.</summary>
    public List<(IPEndPoint Source, IPEndPoint Destination)> Heard { get; } = [];

    public static ForwardProxy Start() => new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        await Task.WhenAll(_carried);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _carried.Add(CarryAsync(await _listener.AcceptAsync(_stop.Token)));
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await using var near = new NetworkStream(client);
                var start = new byte[16];
                await near.ReadExactlyAsync(start, _stop.Token);
                Assert.That(Convert.ToHexString(start, 0, 14), Is.EqualTo("0D0A0D0A000D0A515549540A2111"), "PROXY v2, PROXY, TCP over IPv4");
                var rest = new byte[BinaryPrimitives.ReadUInt16BigEndian(start.AsSpan(14))];
                await near.ReadExactlyAsync(rest, _stop.Token);
                var from = new IPEndPoint(new IPAddress(rest.AsSpan(0, 4)), BinaryPrimitives.ReadUInt16BigEndian(rest.AsSpan(8)));
                var to = new IPEndPoint(new IPAddress(rest.AsSpan(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(rest.AsSpan(10)));
                lock (Heard)
                {
                    Heard.Add((from, to));
                }

                using var onward = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                onward.Bind(from);
                await onward.ConnectAsync(to, _stop.Token);
                await using var far = new NetworkStream(onward);
                await Task.WhenAny(near.CopyToAsync(far, _stop.Token), far.CopyToAsync(near, _stop.Token));
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
            {
                // One side has gone, or the test has ended.
            }
        }
    }
}
