using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Mail;
using Engine.Queue;
using Engine.Submission;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Submission;

/// <summary>Messages a second into a store that drops them, with the generator in the same process: <c>submission-load [messages] [octets] [sessions]</c>.</summary>
/// <remarks>
/// The generator sends a whole transaction in one write (envelope behind the dot of the message before, as PIPELINING allows) and
/// only counts replies, so nearly all of the time is the server's and the kernel's.
/// </remarks>
internal static class SubmissionLoad
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var messages = Argument(arguments, 0, 200_000);
        var size = Argument(arguments, 1, 10_240);
        var sessions = Argument(arguments, 2, 100);
        var options = new EngineOptions
        {
            Hostname = "mta.bench.test",
            Listeners = new Dictionary<string, ListenerOptions> { ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Off } },
        };
        var current = new CurrentSnapshot(new Snapshot(options));
        var rules = new RulesInForce(current);
        using var logins = new Authenticator(rules, TimeProvider.System, 2);
        using var metrics = new SubmissionMetrics();
        var store = new NullStore();
        var ledger = new IntakeLedger(new NoEvents(), metrics, TimeProvider.System);
        var limits = new SubmissionLimits();
        await using var server = new SubmissionServer(current, new SessionParts(
            rules, logins, new BlockPool(limits.ContentMemory), store, () => new NoSealer(), ledger, limits, TimeProvider.System, NullLogger.Instance));
        await server.StartAsync();
        var target = server.BoundEndPoints[0].EndPoint;
        foreach (var pipelined in new[] { true, false })
        {
            await MeasureAsync("warm-up", target, Math.Min(messages, 20_000), size, sessions, pipelined);
            await MeasureAsync(pipelined ? "pipelined" : "one command at a time", target, messages, size, sessions, pipelined);
        }

        Console.WriteLine($"stored {store.Count}");
        return 0;
    }

    private static async Task MeasureAsync(string name, IPEndPoint target, int messages, int size, int sessions, bool pipelined)
    {
        var (cpu, allocated) = (Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
        var watch = Stopwatch.StartNew();
        var each = messages / sessions;
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(_ => pipelined ? GluedAsync(target, each, size) : PlainAsync(target, each, size)));
        var count = each * sessions;
        var seconds = watch.Elapsed.TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {count / seconds:N0}/s, {size} octets, {sessions} sessions; CPU of server and generator {cpu.TotalMicroseconds / count:N1} us, allocated by both {(double)allocated / count:N0} octets a message"));
    }

    // MAIL, RCPT, DATA and content in one write; the replies of the whole message are awaited by counting lines.
    private static async Task GluedAsync(IPEndPoint target, int messages, int size)
    {
        using var socket = await ConnectAsync(target);
        var buffer = new byte[4_096];
        await ExpectAsync(socket, buffer, 1);
        _ = await socket.SendAsync("HELO client.bench.test\r\n"u8.ToArray());
        await ExpectAsync(socket, buffer, 1);
        var octets = Encoding.ASCII.GetBytes($"{Envelope}{Content(size)}");
        for (var sent = 0; sent < messages; sent++)
        {
            await SendAllAsync(socket, octets);
            await ExpectAsync(socket, buffer, 4);
        }
    }

    private static async Task PlainAsync(IPEndPoint target, int messages, int size)
    {
        using var socket = await ConnectAsync(target);
        var buffer = new byte[4_096];
        await ExpectAsync(socket, buffer, 1);
        _ = await socket.SendAsync("HELO client.bench.test\r\n"u8.ToArray());
        await ExpectAsync(socket, buffer, 1);
        var commands = Envelope.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => Encoding.ASCII.GetBytes(line + "\r\n")).ToArray();
        var content = Encoding.ASCII.GetBytes(Content(size));
        for (var sent = 0; sent < messages; sent++)
        {
            foreach (var command in commands)
            {
                _ = await socket.SendAsync(command);
                await ExpectAsync(socket, buffer, 1);
            }

            await SendAllAsync(socket, content);
            await ExpectAsync(socket, buffer, 1);
        }
    }

    private const string Envelope = "MAIL FROM:<sender@sender.test>\r\nRCPT TO:<user@d0001.test>\r\nDATA\r\n";

    private static string Content(int size)
    {
        var text = new StringBuilder("From: Sender <sender@sender.test>\r\nTo: user@d0001.test\r\nSubject: load\r\nDate: Sun, 22 Nov 2026 08:00:00 +0000\r\nMessage-ID: <1@sender.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n");
        while (text.Length < size)
        {
            _ = text.Append("The quick brown fox jumps over the lazy dog, and then it does it again.\r\n");
        }

        return text.Append(".\r\n").ToString();
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint target)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target);
        return socket;
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            octets = octets[await socket.SendAsync(octets)..];
        }
    }

    private static async Task ExpectAsync(Socket socket, byte[] buffer, int lines)
    {
        while (lines > 0)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory());
            var text = buffer.AsSpan(0, count);
            if (count == 0 || text.Contains((byte)'5') && text.IndexOf("\n5"u8) >= 0)
            {
                throw new InvalidOperationException(Encoding.ASCII.GetString(text));
            }

            lines -= text.Count((byte)'\n');
        }
    }

    private static int Argument(string[] arguments, int at, int otherwise) =>
        arguments.Length > at ? int.Parse(arguments[at], CultureInfo.InvariantCulture) : otherwise;

    private sealed class NullStore : IMessageStore
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        public MessageIdSource Ids { get; } = new(1, TimeProvider.System);

        public string? Refusal => null;

        public IIncomingContent Begin(MessageId id) => new NullContent();

        public ValueTask AcceptAsync(Admitted message, CancellationToken stop)
        {
            _ = Interlocked.Increment(ref _count);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class NullContent : IIncomingContent
    {
        public long Length { get; private set; }

        public ValueTask AppendAsync(ReadOnlySequence<byte> octets, CancellationToken stop)
        {
            Length += octets.Length;
            return ValueTask.CompletedTask;
        }

        public void Dispose()
        {
        }
    }

    private sealed class NoSealer : IHeadSealer
    {
        public Sealing Begin(DomainName headerFrom) => Sealing.Unsigned;

        public void AppendBody(ReadOnlySpan<byte> octets)
        {
        }

        public ValueTask<MessageHead> SealAsync(ReadOnlyMemory<byte> head, SigningTime time, CancellationToken stop) => new(new MessageHead(head, [], default));

        public void Dispose()
        {
        }
    }

    private sealed class NoEvents : IEvents
    {
        public void Write(in Event line)
        {
        }
    }
}
