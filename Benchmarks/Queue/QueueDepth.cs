using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Queue;

/// <summary>
/// <c>queue-depth --depth 0,1000000,10000000</c>: fills a queue with waiting messages of one recipient each, then measures accept and
/// delivery at that depth, memory, disk, and the time from the start of a process to its first delivery (<c>--reopen DIR</c>, run as a
/// process of its own).
/// </summary>
internal static class QueueDepth
{
    private const int Domains = 10_000;

    public static async Task<int> RunAsync(string[] args)
    {
        if (LoadOptions.Value(args, "--reopen") is { } kept)
        {
            return await ReopenAsync(kept);
        }

        var root = LoadOptions.Value(args, "--dir") ?? Path.GetTempPath();
        var size = int.Parse(LoadOptions.Value(args, "--size") ?? "512", CultureInfo.InvariantCulture);
        foreach (var depth in (LoadOptions.Value(args, "--depth") ?? "0,1000000").Split(','))
        {
            var directory = Path.Join(root, "queue-depth-" + Guid.NewGuid().ToString("N"));
            try
            {
                await RunOneAsync(directory, int.Parse(depth, CultureInfo.InvariantCulture), size);
            }
            finally
            {
                if (LoadOptions.Value(args, "--keep") != "yes")
                {
                    Directory.Delete(directory, recursive: true);
                }
            }
        }

        return 0;
    }

    private static QueueSettings Settings(string directory, Durability durability) =>
        new(directory, 1, durability, ByteSize.MiB(256), ByteSize.MiB(64));

    private static async Task RunOneAsync(string directory, int depth, int size)
    {
        // Not on the device while it fills: only the depth is wanted.
        await using (var queue = await OpenAsync(directory, Durability.Memory))
        {
            var start = Stopwatch.GetTimestamp();
            await FillAsync(queue, depth, size);
            Say($"depth {depth}: filled in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, RSS {Rss()} MiB, managed {GC.GetTotalMemory(true) >> 20} MiB, RSS after a collection {Rss()} MiB");
        }

        await using (var queue = await OpenAsync(directory, Durability.Disk))
        {
            foreach (var writers in new[] { 1, 64, 256 })
            {
                Say($"depth {depth}: {writers} writers of 10 KiB, delivered at once: {await QueueLoad.RateAsync(queue, writers, 10_240, TimeSpan.FromSeconds(4))}");
            }

            await queue.CompactAsync(CancellationToken.None);
            Say($"depth {depth}: live {queue.Bytes >> 20} MiB, disk {Disk(directory) >> 20} MiB, RSS {Rss()} MiB");
        }

        var own = Environment.ProcessPath!;
        var arguments = own.EndsWith("dotnet", StringComparison.Ordinal) ? new[] { typeof(QueueDepth).Assembly.Location } : [];
        using var process = Process.Start(own, [.. arguments, "queue-depth", "--reopen", directory]);
        await process.WaitForExitAsync();
    }

    // A process of its own: the time counts from its start, runtime and all.
    private static async Task<int> ReopenAsync(string directory)
    {
        var before = DateTime.UtcNow;
        await using var queue = await OpenAsync(directory, Durability.Disk);
        var opened = DateTime.UtcNow;
        var envelope = EnvelopeFor(queue, 0, TimeProvider.System.GetUtcNow(), default);
        await queue.AcceptAsync(new NewMessage(envelope, [Head()], new ReadOnlySequence<byte>(new byte[1_024])), CancellationToken.None);
        var slot = await queue.Due.ReadAsync();
        queue.TryBegin(slot);
        (await queue.ReadAsync(slot, CancellationToken.None)).Dispose();
        var started = Process.GetCurrentProcess().StartTime.ToUniversalTime();
        var counts = queue.Counts;
        var rss = Rss();
        GC.Collect();
        Say($"reopened with {counts.Queued} recipients: open {(opened - before).TotalSeconds:F2} s, first delivery {(DateTime.UtcNow - started).TotalSeconds:F2} s after the process began, RSS {rss} MiB, managed {GC.GetTotalMemory(false) >> 20} MiB, after a collection {Rss()} MiB, {(counts.Queued > 1 ? (Rss() << 20) / counts.Queued : 0)} octets a recipient all in");
        return 0;
    }

    private static Task<MailQueue> OpenAsync(string directory, Durability durability) =>
        MailQueue.OpenAsync(Settings(directory, durability), TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    private static MessageHead Head() => new(Encoding.ASCII.GetBytes("Subject: waiting\r\nFrom: news@sender.example\r\n\r\n"), [], default);

    private static Envelope EnvelopeFor(MailQueue queue, int number, DateTimeOffset now, DateTimeOffset due) => new()
    {
        Id = queue.Ids.Next(),
        Sender = Mailbox.Parse("bounce@sender.example"),
        Recipients = [new Recipient(Mailbox.Parse(string.Create(CultureInfo.InvariantCulture, $"someone{number}@receiver{number % Domains}.example")))],
        Account = "acme",
        Campaign = "winter",
        HeaderFrom = DomainName.Parse("sender.example"),
        Accepted = now,
        NotBefore = due,
    };

    private static Task FillAsync(MailQueue queue, int depth, int size)
    {
        var head = Head();
        var content = new ReadOnlySequence<byte>(new byte[size]);
        const int Writers = 64;
        return Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var now = TimeProvider.System.GetUtcNow();
            for (var number = writer; number < depth; number += Writers)
            {
                var due = now.AddHours(2).AddSeconds(number % 36_000);
                await queue.AcceptAsync(new NewMessage(EnvelopeFor(queue, number, now, due), [head], content), CancellationToken.None);
            }
        })));
    }

    private static long Rss() => Environment.WorkingSet >> 20;

    private static long Disk(string directory) =>
        Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
