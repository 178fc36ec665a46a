using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Benchmarks.Delivery;
using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Dkim;
using Engine.Mail;
using Engine.Queue;
using Engine.Submission;
using Engine.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Submission;

/// <summary>
/// Large messages into the queue on disk and out of it: <c>large-load [MiB] [messages] [at once]</c>. In: generator, SMTP server, body
/// hash, log, commit. Out: log, SMTP client, and a sink in a process of its own. Prints MB/s, CPU, allocation, and what was alive at most.
/// </summary>
internal static class LargeLoad
{
    private static readonly byte[] Lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIHRoZSBsYXp5IGRvZyBhbmQgdGhlbiBzb21lLg==\r\n", 800)));

    public static async Task<int> RunAsync(string[] arguments)
    {
        var size = Argument(arguments, 0, 50) << 20;
        var messages = Argument(arguments, 1, 20);
        var parallel = Argument(arguments, 2, 4);
        var directory = Directory.CreateTempSubdirectory("large-load-").FullName;
        try
        {
            var settings = new QueueSettings(directory, 1, Durability.Disk, ByteSize.MiB(16), ByteSize.MiB(64));
            await using var queue = await MailQueue.OpenAsync(settings, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
            await InAsync(queue, size, parallel, parallel, isMeasured: false);
            await OutAsync(queue, parallel, parallel, size, isMeasured: false);
            await InAsync(queue, size, messages, parallel, isMeasured: true);
            await OutAsync(queue, messages, parallel, size, isMeasured: true);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        return 0;
    }

    private static async Task InAsync(MailQueue queue, int size, int messages, int parallel, bool isMeasured)
    {
        var options = new EngineOptions
        {
            Hostname = "mta.bench.test",
            Queue = new QueueOptions { MaxMessageSize = new ByteSize(size + (1L << 20)) },
            Listeners = new Dictionary<string, ListenerOptions> { ["local"] = new() { Bind = ["127.0.0.1:0"], Auth = ListenerAuth.None, Tls = ListenerTls.Off } },
        };
        var current = new CurrentSnapshot(new Snapshot(options));
        var rules = new RulesInForce(current);
        using var logins = new Authenticator(rules, TimeProvider.System, 2);
        using var metrics = new SubmissionMetrics();
        var limits = new SubmissionLimits();
        await using var server = new SubmissionServer(current, new SessionParts(
            rules, logins, new BlockPool(limits.ContentMemory), new QueueStore(queue), () => new HashingSealer(), new IntakeLedger(new NoEvents(), metrics, TimeProvider.System), limits, TimeProvider.System, NullLogger.Instance));
        await server.StartAsync();
        var target = server.BoundEndPoints[0].EndPoint;
        await MeasureAsync("in", isMeasured, size, messages, parallel, (_, count) => SubmitAsync(target, size, count));
    }

    private static async Task OutAsync(MailQueue queue, int messages, int parallel, int size, bool isMeasured)
    {
        using var sink = ClientLoad.StartSink();
        var port = int.Parse((await sink.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await MeasureAsync("out", isMeasured, size, messages, parallel, (_, count) => DeliverAsync(queue, new IPEndPoint(IPAddress.Loopback, port), count));
        sink.StandardInput.Close();
        await sink.WaitForExitAsync();
    }

    private static async Task MeasureAsync(string name, bool isMeasured, int size, int messages, int parallel, Func<int, int, Task> work)
    {
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        using var stop = new CancellationTokenSource();
        var alive = WatchAsync(isMeasured, stop.Token);
        var (cpu, allocated, watch) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(line => Task.Run(() => work(line, messages / parallel))));
        var seconds = watch.Elapsed.TotalSeconds;
        (cpu, allocated) = (Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
        await stop.CancelAsync();
        var held = await alive - idle;
        if (isMeasured)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {(double)size * messages / seconds / 1e6:N0} MB/s, {messages} messages of {size >> 20} MiB, {parallel} at once; CPU {cpu.TotalMilliseconds / messages:N0} ms, {(double)allocated / messages / 1024:N0} KiB allocated a message; alive at most {held / 1024.0 / 1024:N1} MiB"));
        }
    }

    // Collects every half second, which costs some of the speed.
    private static async Task<long> WatchAsync(bool isMeasured, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        var most = 0L;
        while (isMeasured && !stop.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        return most;
    }

    private static async Task SubmitAsync(IPEndPoint target, int size, int count)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target);
        await AskAsync(socket, [], '2');
        await AskAsync(socket, "HELO client.bench.test\r\n"u8.ToArray(), '2');
        for (var message = 0; message < count; message++)
        {
            await AskAsync(socket, "MAIL FROM:<sender@sender.test>\r\n"u8.ToArray(), '2');
            await AskAsync(socket, "RCPT TO:<user@d0001.test>\r\n"u8.ToArray(), '2');
            await AskAsync(socket, "DATA\r\n"u8.ToArray(), '3');
            await SendAsync(socket, "From: sender@sender.test\r\nSubject: large\r\n\r\n"u8.ToArray());
            for (var sent = 0; sent < size; sent += Lines.Length)
            {
                await SendAsync(socket, Lines);
            }

            await AskAsync(socket, ".\r\n"u8.ToArray(), '2');
        }
    }

    private static async Task AskAsync(Socket socket, byte[] line, char expected)
    {
        await SendAsync(socket, line);
        var buffer = new byte[1_024];
        var count = await socket.ReceiveAsync(buffer);
        if (count == 0 || buffer[0] != expected)
        {
            throw new InvalidOperationException(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            octets = octets[await socket.SendAsync(octets)..];
        }
    }

    private static async Task DeliverAsync(MailQueue queue, IPEndPoint target, int count)
    {
        var rule = new AddressRule([IPNetwork.Parse("127.0.0.0/8")], [], []);
        var connected = await new Connector(rule, TimeProvider.System).ConnectAsync(null, target, AddressOrigin.Resolved, TimeSpan.FromSeconds(10), CancellationToken.None);
        var memory = new HostMemory(TimeProvider.System, TimeSpan.FromHours(1));
        await using var session = new SmtpSession(connected.Connection!, new SessionSettings("load.test", "sink", TlsPolicy.Off, new TimeoutOptions()), memory, TimeProvider.System);
        await session.OpenAsync(CancellationToken.None);
        var verdicts = new Verdict[1];
        for (var message = 0; message < count; message++)
        {
            var slot = await queue.Due.ReadAsync();
            _ = queue.TryBegin(slot);
            using var stored = await queue.ReadAsync(slot, CancellationToken.None);
            var job = new SmtpJob { Sender = stored.Sender, Recipients = new One(stored), Head = stored.Head(0), Content = stored.Content };
            var result = await session.SendAsync(job, verdicts, next: null, CancellationToken.None);
            if (result.State is not SessionState.Reusable || !verdicts[0].IsDelivered)
            {
                throw new InvalidOperationException($"{result} {verdicts[0]}");
            }

            End(queue, slot);
        }
    }

    // Nobody waits for the settlement: the next message goes on at once.
    private static void End(MailQueue queue, int slot) => queue.Settle(slot, EndKind.Delivered, 250);

    private static int Argument(string[] arguments, int at, int usual) =>
        arguments.Length > at ? int.Parse(arguments[at], CultureInfo.InvariantCulture) : usual;

    private sealed class One(StoredMessage message) : ISmtpRecipients
    {
        public int Count => 1;

        public ReadOnlyMemory<byte> AddressOf(int position) => message.AddressOf(0);

        public Notify NotifyOf(int position) => Notify.None;

        public ReadOnlyMemory<byte> OriginalRecipientOf(int position) => default;
    }

    private sealed class HashingSealer : IHeadSealer
    {
        private readonly BodyHash _body = new();

        public Sealing Begin(DomainName headerFrom) => Sealing.Signed;

        public void AppendBody(ReadOnlySpan<byte> octets) => _body.Append(octets);

        public ValueTask<MessageHead> SealAsync(ReadOnlyMemory<byte> head, SigningTime time, CancellationToken stop)
        {
            var hash = new byte[BodyHash.Length];
            _body.Finish(hash);
            return new(new MessageHead(head, [], hash));
        }

        public void Dispose() => _body.Dispose();
    }

    private sealed class NoEvents : IEvents
    {
        public void Write(in Event line)
        {
        }
    }
}
