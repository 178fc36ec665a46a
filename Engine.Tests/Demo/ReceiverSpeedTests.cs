using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Engine.Demo;

namespace Engine.Tests.Demo;

/// <summary>A receiver must not be what bounds a measurement. Not part of the usual run: a busy machine makes it fail.</summary>
[Explicit("a measurement")]
[NonParallelizable]
internal sealed class ReceiverSpeedTests
{
    private const int Connections = 4;
    private const int Rounds = 100;
    private const int PerRound = 100;
    private const string Digits = "000000000";

    [TestCase(1_000, true)]
    [TestCase(10_000, true)]
    [TestCase(10_000, false)]
    [CancelAfter(120_000)]
    public async Task Twenty_thousand_messages_a_second_are_taken(int size, bool forgets, CancellationToken guard)
    {
        var ledger = new Ledger(TimeProvider.System);
        await using var receiver = new DemoReceiver(new ReceiverScript { Forgets = forgets }, new IPEndPoint(IPAddress.Loopback, 0), ledger, TimeProvider.System);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => BlastAsync(receiver.EndPoint, connection, size, guard)));

        var elapsed = Stopwatch.GetElapsedTime(started);
        var rate = receiver.Contents / elapsed.TotalSeconds;
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;
        await TestContext.Out.WriteLineAsync(
            $"{receiver.Contents} messages of {size} octets in {elapsed.TotalSeconds:F2} s: {rate:F0}/s, {receiver.Contents / cpu.TotalSeconds:F0} a CPU second, client included");
        Assert.That(receiver.Contents, Is.EqualTo(Connections * Rounds * PerRound));
        Assert.That(ledger.Counts.Delivered, Is.EqualTo(forgets ? 0 : receiver.Contents));
        Assert.That(rate, Is.GreaterThan(20_000));
    }

    // Whole sessions in one go, content behind DATA without a look at the answer: the client costs next to nothing.
    private static async Task BlastAsync(IPEndPoint server, int connection, int size, CancellationToken guard)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server, guard);
        var stream = client.GetStream();
        await Task.WhenAll(SendAsync(stream, connection, size, guard), DrainAsync(stream, guard));
    }

    private static async Task SendAsync(NetworkStream stream, int connection, int size, CancellationToken guard)
    {
        await stream.WriteAsync("EHLO me\r\n"u8.ToArray(), guard);
        var body = string.Concat(Enumerable.Repeat("0123456789012345678901234567890123456789012345678901234567890123456789012345\r\n", size / 78));
        var envelope = $"MAIL FROM:<s@x.test>\r\nRCPT TO:<{Digits}@y.test>\r\nDATA\r\nX-Demo-Number: {Digits}\r\n\r\n{body}.\r\n";
        var first = envelope.IndexOf(Digits, StringComparison.Ordinal);
        var second = envelope.LastIndexOf(Digits, StringComparison.Ordinal);
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(envelope, PerRound)));
        for (var round = 0; round < Rounds; round++)
        {
            for (var at = 0; at < PerRound; at++)
            {
                var number = ((((connection * Rounds) + round) * PerRound) + at) + 1;
                Utf8Formatter.TryFormat(number, block.AsSpan((at * envelope.Length) + first), out _, new StandardFormat('D', 9));
                Utf8Formatter.TryFormat(number, block.AsSpan((at * envelope.Length) + second), out _, new StandardFormat('D', 9));
            }

            await stream.WriteAsync(block, guard);
        }

        await stream.WriteAsync("QUIT\r\n"u8.ToArray(), guard);
    }

    private static async Task DrainAsync(NetworkStream stream, CancellationToken guard)
    {
        var buffer = new byte[65_536];
        while (await stream.ReadAsync(buffer, guard) > 0)
        {
        }
    }
}
