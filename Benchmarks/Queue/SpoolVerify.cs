using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Logs;
using Engine.Queue.Spool;
using Engine.Queue.Transfer;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Queue;

/// <summary><c>spool-verify --dir DIR --mb 1000 --size 10240</c>: fills a queue, closes it, and measures how fast its files are verified and salvaged.</summary>
internal static class SpoolVerify
{
    private const int Rounds = 3;
    private const int Writers = 256;

    public static async Task<int> RunAsync(string[] args)
    {
        var octets = long.Parse(LoadOptions.Value(args, "--mb") ?? "1000", CultureInfo.InvariantCulture) * 1_000_000;
        var size = int.Parse(LoadOptions.Value(args, "--size") ?? "10240", CultureInfo.InvariantCulture);
        var directory = Path.Join(LoadOptions.Value(args, "--dir") ?? Path.GetTempPath(), "spool-verify-" + Guid.NewGuid().ToString("N"));
        try
        {
            await FillAsync(directory, octets / size / Writers, size);
            using var files = SpoolFiles.Open(directory);
            for (var round = 0; round < Rounds; round++)
            {
                await MeasureAsync(files);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task FillAsync(string directory, long each, int size)
    {
        var settings = new QueueSettings(directory, 1, Durability.Memory, ByteSize.MiB(256), ByteSize.MiB(64));
        await using var queue = await MailQueue.OpenAsync(settings, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var heads = new[] { new MessageHead(Encoding.ASCII.GetBytes("Subject: a message\r\n\r\n"), [], default) };
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var content = new byte[size];
            new Random(writer).NextBytes(content);
            var recipients = new[] { new Recipient(Mailbox.Parse($"someone@receiver{writer}.example")) };
            for (var message = 0L; message < each; message++)
            {
                var envelope = new Envelope { Id = queue.Ids.Next(), Sender = default, Recipients = recipients, Account = "acme", Accepted = TimeProvider.System.GetUtcNow() };
                await queue.AcceptAsync(new NewMessage(envelope, heads, new ReadOnlySequence<byte>(content)), CancellationToken.None);
            }
        })));
    }

    private static async Task MeasureAsync(SpoolFiles files)
    {
        var layout = LogLayout.For(0);
        var start = Stopwatch.GetTimestamp();
        var report = SpoolReading.Run(files, layout, memory: null, CancellationToken.None).Report;
        Tell("verify", report, Stopwatch.GetElapsedTime(start));
        start = Stopwatch.GetTimestamp();
        var origin = TransferOrigin.Here(Guid.Empty, "benchmark", TimeProvider.System.GetUtcNow());
        await SpoolSalvage.RunAsync(files, layout, memory: null, new TransferWriter(Stream.Null, origin), CancellationToken.None);
        Tell("verify and salvage", report, Stopwatch.GetElapsedTime(start));
    }

    private static void Tell(string what, SpoolReport report, TimeSpan time)
    {
        var octets = report.Logs.Sum(static log => log.Octets) / 1e6;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-20} {octets,8:F0} MB {report.Living,9} living messages {time.TotalSeconds,7:F2} s {octets / time.TotalSeconds,7:F0} MB/s"));
    }
}
