using System.Buffers;
using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Queue;
using Engine.Queue.Logs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Queue;

/// <summary>
/// <c>queue-victim --dir DIR</c>: loads a queue until it is killed. Every line it prints is a promise: <c>A id</c> after an accept came
/// back, <c>T id</c> before a settlement, <c>S id</c> after it came back. A line is written to the pipe before the next step, so what was read was promised.
/// </summary>
internal static class QueueVictim
{
    private const int Writers = 16;

    public static async Task<int> RunAsync(string[] args)
    {
        var settings = new QueueSettings(LoadOptions.Value(args, "--dir")!, 1, Durability.Disk, ByteSize.MiB(16), ByteSize.MiB(1))
        {
            // Small files, so that segments are given up while it runs.
            Layout = new LogLayout(18, 20, 22),
        };
        await using var queue = await MailQueue.OpenAsync(settings, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var output = Console.OpenStandardOutput();
        var gate = new Lock();
        Tell("O", default);
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(queue, new Random(writer), Tell)));
        await Task.WhenAll([.. writing, Task.Run(() => DeliverAsync(queue, Tell))]);
        return 0;

        void Tell(string what, MessageId id)
        {
            var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {id}\n"));
            lock (gate)
            {
                output.Write(line);
            }
        }
    }

    private static async Task WriteAsync(MailQueue queue, Random random, Action<string, MessageId> tell)
    {
        while (true)
        {
            var id = queue.Ids.Next();
            var envelope = new Envelope
            {
                Id = id,
                Sender = Mailbox.Parse("bounce@sender.example"),
                Recipients = [new Recipient(Mailbox.Parse($"r{random.Next(1_000)}@receiver{random.Next(50)}.example"))],
                Account = "acme",
                Accepted = TimeProvider.System.GetUtcNow(),
            };

            // Now and then one in parts.
            var content = new byte[random.Next(20) == 0 ? 300_000 : random.Next(100, 20_000)];
            random.NextBytes(content);
            var head = new MessageHead(Encoding.ASCII.GetBytes($"X-Id: {id}\r\n\r\n"), [], default);
            await queue.AcceptAsync(new NewMessage(envelope, [head], new ReadOnlySequence<byte>(content)), CancellationToken.None);
            tell("A", id);
        }
    }

    // Ends most, defers some for ever, so that files fall and some stay.
    private static async Task DeliverAsync(MailQueue queue, Action<string, MessageId> tell)
    {
        var count = 0;
        await foreach (var slot in queue.Due.ReadAllAsync())
        {
            if (!queue.TryBegin(slot))
            {
                continue;
            }

            var id = queue.Look(slot).Id;
            (await queue.ReadAsync(slot, CancellationToken.None)).Dispose();
            if (++count % 400 == 0)
            {
                queue.Defer(slot, new Deferral(TimeProvider.System.GetUtcNow().AddDays(1), new Category("rate"), 421, default, "later", IsUncertain: false));
            }
            else
            {
                tell("T", id);
                _ = SettleAsync(queue, slot, id, tell);
            }
        }
    }

    private static async Task SettleAsync(MailQueue queue, int slot, MessageId id, Action<string, MessageId> tell)
    {
        await queue.SettleAsync(slot, EndKind.Delivered, 250);
        tell("S", id);
    }
}
