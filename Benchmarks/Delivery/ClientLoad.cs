using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Engine.Configuration;
using Engine.Delivery.Smtp;
using Engine.Mail;
using Engine.Wire;

namespace Benchmarks.Delivery;

/// <summary>
/// The SMTP client alone against a sink on loopback: <c>client-load [seconds] [connections] [port]</c>. With a port it uses the sink
/// that listens there (smtp-sink), else it starts one of its own as a second process. Prints rate, client CPU and allocation per message.
/// </summary>
internal static class ClientLoad
{
    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 2;
        var connections = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 50;
        using var sink = args.Length > 2 ? null : StartSink();
        var port = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : int.Parse((await sink!.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        var target = new IPEndPoint(IPAddress.Loopback, port);

        Console.WriteLine("way            size   messages/s   client CPU us   bytes/message");
        foreach (var size in (int[])[2_048, 10_240, 75_000])
        {
            foreach (var way in Enum.GetValues<Way>())
            {
                await MeasureAsync(target, way, size, connections, TimeSpan.FromSeconds(0.5));
                var (count, cpu, bytes, span) = await MeasureAsync(target, way, size, connections, TimeSpan.FromSeconds(seconds));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{way,-12}{size,7}{count / span.TotalSeconds,13:F0}{cpu.TotalMicroseconds / count,16:F1}{(double)bytes / count,16:F1}"));
            }
        }

        sink?.StandardInput.Close();
        return 0;
    }

    /// <summary>Starts <c>client-sink</c>; its first line is its port, and it ends with its input.</summary>
    public static Process StartSink()
    {
        var program = Environment.ProcessPath!;
        var self = typeof(ClientLoad).Assembly.Location;
        string[] arguments = program.EndsWith("dotnet", StringComparison.Ordinal) ? [self, "client-sink"] : ["client-sink"];
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private static async Task<(long Count, TimeSpan Cpu, long Bytes, TimeSpan Span)> MeasureAsync(IPEndPoint target, Way way, int size, int connections, TimeSpan span)
    {
        var memory = new HostMemory(TimeProvider.System, TimeSpan.FromHours(1));
        if (way is Way.Data or Way.DataGlued)
        {
            memory.Learn("sink", HostFaults.Chunking);
        }

        var lines = new List<Line>();
        var clock = Stopwatch.StartNew();
        for (var at = 0; at < connections; at++)
        {
            lines.Add(await OpenAsync(target, memory, size, way is Way.DataGlued or Way.BdatGlued));
        }

        var cpu = Environment.CpuUsage.TotalTime;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        clock.Restart();
        await Task.WhenAll(lines.Select(line => Task.Run(() => line.RunAsync(clock, span))));
        var taken = (lines.Sum(line => line.Count), Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - bytes, clock.Elapsed);
        foreach (var line in lines)
        {
            await line.DisposeAsync();
        }

        return taken;
    }

    private static async Task<Line> OpenAsync(IPEndPoint target, HostMemory memory, int size, bool isGlued)
    {
        var rule = new AddressRule([IPNetwork.Parse("127.0.0.0/8")], [], []);
        var connected = await new Connector(rule, TimeProvider.System).ConnectAsync(null, target, AddressOrigin.Resolved, TimeSpan.FromSeconds(10), CancellationToken.None);
        var line = new Line(connected.Connection!, memory, size, isGlued);
        await line.OpenAsync();
        return line;
    }

    private enum Way
    {
        Data,
        DataGlued,
        Bdat,
        BdatGlued,
    }

    /// <summary>One connection and the messages that stand in line for it.</summary>
    private sealed class Line(Connection connection, HostMemory memory, int size, bool isGlued) : INextJob, ISmtpRecipients, IAsyncDisposable
    {
        private readonly SmtpSession _session = new(connection, new SessionSettings("load.test", "sink", TlsPolicy.Off, new TimeoutOptions()), memory, TimeProvider.System);
        private readonly Verdict[] _verdicts = new Verdict[2];
        private readonly byte[] _address = "recipient@destination.test"u8.ToArray();
        private readonly byte[] _head = "Subject: load\r\nFrom: a@load.test\r\n\r\n"u8.ToArray();
        private readonly byte[] _content = MakeContent(size);
        private int _turn;
        private bool _isOver;

        public long Count { get; private set; }

        int ISmtpRecipients.Count => 1;

        public ReadOnlyMemory<byte> AddressOf(int position) => _address;

        public Notify NotifyOf(int position) => Notify.None;

        public ReadOnlyMemory<byte> OriginalRecipientOf(int position) => default;

        public bool TryTake(out SmtpJob job, out Memory<Verdict> verdicts)
        {
            job = new SmtpJob { Sender = _address, Recipients = this, Head = _head, Content = new ReadOnlySequence<byte>(_content) };
            verdicts = _verdicts.AsMemory(_turn ^= 1, 1);
            return !_isOver;
        }

        public async Task OpenAsync()
        {
            var opened = await _session.OpenAsync(CancellationToken.None);
            if (opened.State is not OpenState.Ready)
            {
                throw new InvalidOperationException(opened.ToString());
            }
        }

        public async Task RunAsync(Stopwatch clock, TimeSpan span)
        {
            var provider = isGlued ? this : null;
            while (!_isOver || _session.HasNext)
            {
                var result = _session.HasNext ? await _session.SendNextAsync(provider, CancellationToken.None) : await SendAsync(provider);
                if (result.State is not SessionState.Reusable)
                {
                    throw new InvalidOperationException(result.ToString());
                }

                Count++;
                _isOver = clock.Elapsed > span;
            }

            if (!_verdicts[_turn].IsDelivered)
            {
                throw new InvalidOperationException(_verdicts[_turn].ToString());
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _session.CloseAsync();
            await _session.DisposeAsync();
        }

        private ValueTask<SendResult> SendAsync(Line? provider)
        {
            TryTake(out var job, out var verdicts);
            return _session.SendAsync(job, verdicts, provider, CancellationToken.None);
        }

        private static byte[] MakeContent(int size)
        {
            var content = new byte[size];
            content.AsSpan().Fill((byte)'x');
            for (var at = 76; at + 2 <= size; at += 78)
            {
                "\r\n"u8.CopyTo(content.AsSpan(at));
            }

            "\r\n"u8.CopyTo(content.AsSpan(size - 2));
            content[size - 3] = (byte)'x';
            return content;
        }
    }
}
