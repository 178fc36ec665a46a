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
/// <c>queue-victim --dir DIR</c>: loads a queue until it is killed, and compacts it all the time. Every line it prints is a promise:
/// <c>A id</c> after an accept came back, <c>T id</c> before a settlement, <c>S id</c> after it came back, <c>D id</c> after a deferral
/// was stable, <c>H id</c> after a hold, <c>R id</c> before a release. A line is written to the pipe before the next step, so what was
/// read was promised.
/// </summary>
internal static class QueueVictim
{
    private const int Writers = 16;

    // One recipient in so many is deferred, held or let go again.
    private const int Rarely = 40;

    private static readonly TimeSpan CompactEvery = TimeSpan.FromMilliseconds(100);

    private static readonly RecipientSelector Nobody = new() { Ids = [default] };

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
        await Task.WhenAll([.. writing, Task.Run(() => DeliverAsync(queue, Tell)), Task.Run(() => CompactAsync(queue))]);
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

            // Now and then one in parts, and one that does not fit the log's memory at once.
            var content = new byte[random.Next(200) switch { 0 => 5_000_000, < 10 => 300_000, _ => random.Next(100, 20_000) }];
            random.NextBytes(content);
            var head = new MessageHead(Encoding.ASCII.GetBytes($"X-Id: {id}\r\n\r\n"), [], default);
            await queue.AcceptAsync(new NewMessage(envelope, [head], new ReadOnlySequence<byte>(content)), CancellationToken.None);
            tell("A", id);
        }
    }

    private static async Task CompactAsync(MailQueue queue)
    {
        using var timer = new PeriodicTimer(CompactEvery, TimeProvider.System);
        while (await timer.WaitForNextTickAsync())
        {
            await queue.CompactAsync(CancellationToken.None);
        }
    }

    // Ends most, defers and holds some, so that files fall and some stay.
    private static async Task DeliverAsync(MailQueue queue, Action<string, MessageId> tell)
    {
        var count = 0;
        var held = new Queue<MessageId>();
        await foreach (var slot in queue.Due.ReadAllAsync())
        {
            if (!queue.TryBegin(slot))
            {
                continue;
            }

            var id = queue.Look(slot).Id;
            (await queue.ReadAsync(slot, CancellationToken.None)).Dispose();
            switch (++count % Rarely)
            {
                case 0:
                    await DeferAsync(queue, slot, id, tell);
                    break;
                case 1:
                    await HoldAsync(queue, slot, id, tell);
                    held.Enqueue(id);
                    break;
                case 2 when held.Count > 3:
                    tell("R", held.Peek());
                    (await queue.Operators.ReleaseAsync(Only(held.Dequeue()), CancellationToken.None)).Dispose();
                    queue.PutBack(slot, TimeProvider.System.GetUtcNow());
                    break;
                default:
                    tell("T", id);
                    _ = SettleAsync(queue, slot, id, tell);
                    break;
            }
        }
    }

    // Every other one comes again at once.
    private static async Task DeferAsync(MailQueue queue, int slot, MessageId id, Action<string, MessageId> tell)
    {
        queue.Defer(slot, new Deferral(TimeProvider.System.GetUtcNow().AddDays(1), new Category("rate"), 421, default, "later", IsUncertain: false));
        (await queue.Operators.RetryNowAsync(Nobody, CancellationToken.None)).Dispose();
        tell("D", id);
        if (id.Value % 2 == 0)
        {
            queue.Operators.Wake(slot);
        }
    }

    private static async Task HoldAsync(MailQueue queue, int slot, MessageId id, Action<string, MessageId> tell)
    {
        (await queue.Operators.HoldAsync(Only(id), CancellationToken.None)).Dispose();
        queue.PutBack(slot, TimeProvider.System.GetUtcNow());
        tell("H", id);
    }

    private static RecipientSelector Only(MessageId id) => new() { Ids = [id] };

    private static async Task SettleAsync(MailQueue queue, int slot, MessageId id, Action<string, MessageId> tell)
    {
        await queue.SettleAsync(slot, EndKind.Delivered, 250);
        tell("S", id);
    }
}
