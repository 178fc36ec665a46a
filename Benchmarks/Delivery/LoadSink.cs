using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Benchmarks.Delivery;

/// <summary>Takes mail as fast as it comes and throws it away. Runs as a process of its own, so that the client's CPU can be told apart.</summary>
internal static class LoadSink
{
    /// <summary>Says its port on standard output and runs until standard input ends.</summary>
    public static async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        var accepting = AcceptAsync(stop.Token);
        await Console.In.ReadToEndAsync();
        await stop.CancelAsync();
        await accepting;
        return 0;
    }

    private static async Task AcceptAsync(CancellationToken stop)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        await Console.Out.WriteLineAsync(((IPEndPoint)listener.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture));
        var serving = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                serving.Add(ServeAsync(await listener.AcceptAsync(stop), stop));
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await Task.WhenAll(serving);
    }

    private static async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        using (socket)
        {
            socket.NoDelay = true;
            var dialogue = new Dialogue();
            var input = new byte[65_536];
            var kept = 0;
            var output = new byte[4_096];
            await socket.SendAsync("220 sink\r\n"u8.ToArray(), stop);
            try
            {
                while (await socket.ReceiveAsync(input.AsMemory(kept), stop) is > 0 and var count)
                {
                    var (used, written) = dialogue.Take(input.AsSpan(0, kept + count), output);
                    kept = kept + count - used;
                    input.AsSpan(used, kept).CopyTo(input);
                    if (written > 0)
                    {
                        await socket.SendAsync(output.AsMemory(0, written), stop);
                    }
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private sealed class Dialogue
    {
        private bool _inData;
        private long _inBdat;

        public (int Used, int Written) Take(Span<byte> input, Span<byte> output)
        {
            var (used, written) = (0, 0);
            while (used < input.Length)
            {
                var rest = input[used..];
                var step = _inBdat > 0 ? SkipBdat(rest, output, ref written) : _inData ? SkipData(rest, output, ref written) : TakeLine(rest, output, ref written);
                used += step;
                if (step == 0)
                {
                    break;
                }
            }

            return (used, written);
        }

        private int SkipBdat(ReadOnlySpan<byte> rest, Span<byte> output, ref int written)
        {
            var step = (int)Math.Min(_inBdat, rest.Length);
            _inBdat -= step;
            if (_inBdat == 0)
            {
                Say("250 2.0.0 Ok: queued\r\n"u8, output, ref written);
            }

            return step;
        }

        // Keeps the last four octets, in case the end is cut.
        private int SkipData(ReadOnlySpan<byte> rest, Span<byte> output, ref int written)
        {
            var end = rest.IndexOf("\r\n.\r\n"u8);
            if (end < 0)
            {
                return Math.Max(0, rest.Length - 4);
            }

            _inData = false;
            Say("250 2.0.0 Ok: queued\r\n"u8, output, ref written);
            return end + 5;
        }

        private int TakeLine(ReadOnlySpan<byte> rest, Span<byte> output, ref int written)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                return 0;
            }

            switch (rest[0])
            {
                case (byte)'E':
                    Say("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 100000000\r\n250 CHUNKING\r\n"u8, output, ref written);
                    break;
                case (byte)'D':
                    _inData = true;
                    Say("354 Go\r\n"u8, output, ref written);
                    break;
                case (byte)'B':
                    _inBdat = Utf8Parser.TryParse(rest[5..], out long size, out _) ? size : 0;
                    break;
                case (byte)'Q':
                    Say("221 Bye\r\n"u8, output, ref written);
                    break;
                default:
                    Say("250 2.1.0 Ok\r\n"u8, output, ref written);
                    break;
            }

            return end + 1;
        }

        private static void Say(ReadOnlySpan<byte> reply, Span<byte> output, ref int written)
        {
            reply.CopyTo(output[written..]);
            written += reply.Length;
        }
    }
}
