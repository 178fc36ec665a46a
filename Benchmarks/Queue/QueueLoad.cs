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
/// <c>queue-load</c>: accepts by writers that each wait for their 250, with or without a reader that delivers. Prints commits and
/// accepts a second, the latency of an accept, and what it allocates.
/// </summary>
internal static class QueueLoad
{
    public static async Task<int> RunAsync(string[] args)
    {
        var options = LoadOptions.Parse(args);
        Console.WriteLine("writers   octets  accepts/s    MB/s  commits/s  commit ms  p50 ms  p99 ms  max ms  alloc/accept  cpu us/accept");
        foreach (var size in options.Sizes)
        {
            foreach (var writers in options.Writers)
            {
                await RunOneAsync(options, writers, size);
            }
        }

        return 0;
    }

    /// <summary>Accepts of a time, each delivered at once, as a line of text.</summary>
    public static async Task<string> RateAsync(MailQueue queue, int writers, int size, TimeSpan time)
    {
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() => DeliverAsync(queue, deliver: true, stop.Token));
        await WriteAsync(queue, [.. Enumerable.Range(0, writers).Select(static _ => new List<long>())], size, TimeSpan.FromSeconds(1));
        var times = Enumerable.Range(0, writers).Select(static _ => new List<long>(60_000)).ToArray();
        var start = Stopwatch.GetTimestamp();
        await WriteAsync(queue, times, size, time);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        List<long> latencies = [.. times.SelectMany(static list => list)];
        latencies.Sort();
        await stop.CancelAsync();
        await reading;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{latencies.Count / seconds:F0}/s, p50 {At(latencies, 0.5):F2} ms, p99 {At(latencies, 0.99):F2} ms, max {At(latencies, 1):F2} ms");
    }

    private static async Task RunOneAsync(LoadOptions options, int writers, int size)
    {
        var directory = Path.Join(options.Directory, "queue-load-" + Guid.NewGuid().ToString("N"));
        try
        {
            using var commits = new CommitCounter();
            var settings = new QueueSettings(directory, 1, options.Durability, options.Memory, ByteSize.MiB(64));
            await using var queue = await MailQueue.OpenAsync(settings, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
            var reading = Task.Run(() => DeliverAsync(queue, options.Deliver, CancellationToken.None));
            await WriteAsync(queue, [.. Enumerable.Range(0, writers).Select(static _ => new List<long>())], size, TimeSpan.FromSeconds(1));
            commits.Reset();
            var times = Enumerable.Range(0, writers).Select(static _ => new List<long>(60_000)).ToArray();
            var (allocated, cpu) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime);
            var start = Stopwatch.GetTimestamp();
            await WriteAsync(queue, times, size, options.Time);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            cpu = Environment.CpuUsage.TotalTime - cpu;
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            List<long> latencies = [.. times.SelectMany(static list => list)];
            latencies.Sort();
            var count = latencies.Count;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{writers,7} {size,8} {count / seconds,10:F0} {count * (double)size / seconds / 1e6,7:F0} {commits.Count / seconds,10:F0} {commits.Mean,10:F2} {At(latencies, 0.5),7:F2} {At(latencies, 0.99),7:F2} {At(latencies, 1),7:F2} {allocated / count,13} {cpu.TotalMicroseconds / count,14:F1}"));
            await queue.DisposeAsync();
            await reading;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static double At(List<long> sorted, double share) =>
        sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)] * 1_000.0 / Stopwatch.Frequency;

    private static async Task WriteAsync(MailQueue queue, List<long>[] times, int size, TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(times.Select((list, writer) => Task.Run(() => WriterAsync(queue, writer, size, end, list))));
    }

    private static async Task WriterAsync(MailQueue queue, int writer, int size, long end, List<long> times)
    {
        var sender = Mailbox.Parse($"bounce{writer}@sender.example");
        var recipients = new[] { new Recipient(Mailbox.Parse($"someone@receiver{writer}.example")) };
        var from = DomainName.Parse("sender.example");
        var heads = new[] { new MessageHead(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("X-Header: some value of a header\r\n", 20)) + "\r\n"), [], default) };
        var content = new byte[size];
        new Random(writer).NextBytes(content);
        var body = new ReadOnlySequence<byte>(content);
        while (Stopwatch.GetTimestamp() < end)
        {
            var envelope = new Envelope
            {
                Id = queue.Ids.Next(),
                Sender = sender,
                Recipients = recipients,
                Account = "acme",
                HeaderFrom = from,
                Accepted = TimeProvider.System.GetUtcNow(),
            };
            var start = Stopwatch.GetTimestamp();
            await queue.AcceptAsync(new NewMessage(envelope, heads, body), CancellationToken.None);
            times.Add(Stopwatch.GetTimestamp() - start);
        }
    }

    private static async Task DeliverAsync(MailQueue queue, bool deliver, CancellationToken stop)
    {
        try
        {
            await foreach (var slot in queue.Due.ReadAllAsync(stop))
            {
                if (deliver && queue.TryBegin(slot))
                {
                    (await queue.ReadAsync(slot, CancellationToken.None)).Dispose();
                    _ = queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
