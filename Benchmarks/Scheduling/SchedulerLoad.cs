using System.Diagnostics;
using System.Globalization;
using System.Net;
using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;
using Engine.Reputation;
using Engine.Scheduling;

namespace Benchmarks.Scheduling;

/// <summary>
/// The scheduler under a backlog: many sources, every lane at its bound, a million recipients waiting at one destination. Then how long a
/// transactional message waits beside it, by the real clock.
/// </summary>
internal static class SchedulerLoad
{
    private static readonly Flow News = new(StreamClass.Marketing, "acme", "news", "spring", DomainName.Parse("acme.example"), "");
    private static readonly Flow Receipts = new(StreamClass.Transactional, "shop", "receipts", "", DomainName.Parse("shop.example"), "");

    public static Task<int> RunAsync(string[] arguments)
    {
        var sources = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 300;
        var waiting = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 1_000_000;
        Backlog(sources, waiting);
        return TransactionalAsync();
    }

    private static void Backlog(int sources, int waiting)
    {
        var started = new List<Lane>();
        using var scheduler = new Scheduler(new LimitTree(TimeProvider.System), TimeProvider.System, new SchedulerSettings(100_000, 1), started.Add);
        var pool = PoolOf(StreamClass.Marketing, sources);
        for (var slot = 0; slot < sources; slot++)
        {
            Add(scheduler, pool, News, slot);
        }

        var items = new ReadyItem[1];
        foreach (var lane in started.ToArray())
        {
            scheduler.TryPull(lane, PullKind.First, items, out _);
            scheduler.Connected(lane);
        }

        var watch = Stopwatch.StartNew();
        for (var slot = 0; slot < waiting; slot++)
        {
            Add(scheduler, pool, News, sources + slot);
        }

        var added = watch.Elapsed;
        var before = GC.GetAllocatedBytesForCurrentThread();
        watch.Restart();
        for (var slot = 0; slot < waiting; slot++)
        {
            Add(scheduler, pool, News, sources + waiting + slot);
            scheduler.TryPull(started[slot % started.Count], PullKind.Next, items, out _);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sources} sources, {started.Count} workers, {waiting:N0} waiting: Add {added.TotalNanoseconds / waiting:N0} ns; Add and Pull {watch.Elapsed.TotalNanoseconds / waiting:N0} ns, {(GC.GetAllocatedBytesForCurrentThread() - before) / (double)waiting:N2} B"));
    }

    // 500 recipients a second, at most 20 connections, a message takes 5 ms; one transactional message every 20 ms.
    private static async Task<int> TransactionalAsync()
    {
        var limits = new LimitTree(TimeProvider.System);
        limits.Load(new Dictionary<string, LimitOptions>
        {
            ["provider"] = new() { Per = [LimitDimension.Provider], Rate = new Rate(500, TimeSpan.FromSeconds(1), 50), Connections = 20 },
        });
        var waits = new List<double>();
        var begun = new long[1_000];
        var marketing = 0;
        Scheduler scheduler = null!; // its starter needs it before it is made
        using var made = scheduler = new Scheduler(limits, TimeProvider.System, new SchedulerSettings(1_000, 20), lane => _ = Task.Run(() => WorkAsync(lane)));
        var pool = PoolOf(null, 4);
        for (var slot = 0; slot < 1_000_000; slot++)
        {
            Add(scheduler, pool, News, begun.Length + slot);
        }

        await Task.Delay(1_000);
        for (var slot = 0; slot < begun.Length; slot++)
        {
            begun[slot] = Stopwatch.GetTimestamp();
            Add(scheduler, pool, Receipts, slot);
            await Task.Delay(20);
        }

        await Task.Delay(500);
        Tell(waits, marketing, scheduler.Lines.WakeUps);
        return 0;

        async Task WorkAsync(Lane lane)
        {
            var kind = PullKind.First;
            var items = new ReadyItem[1];
            while (scheduler.TryPull(lane, kind, items, out _))
            {
                if (items[0].Slot < begun.Length)
                {
                    var wait = Stopwatch.GetElapsedTime(begun[items[0].Slot]).TotalMilliseconds;
                    lock (waits)
                    {
                        waits.Add(wait);
                    }
                }
                else
                {
                    Interlocked.Increment(ref marketing);
                }

                if (kind is PullKind.First)
                {
                    scheduler.Connected(lane);
                    kind = PullKind.Next;
                }

                await Task.Delay(5);
            }
        }
    }

    private static void Tell(List<double> waits, int marketing, long wakeUps)
    {
        lock (waits)
        {
            waits.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"1,000,000 marketing waiting, {marketing:N0} of them sent: {waits.Count} transactional, pulled after p50 {waits[waits.Count / 2]:N1} p99 {waits[waits.Count * 99 / 100]:N1} max {waits[^1]:N1} ms; {wakeUps:N0} wake-ups"));
        }
    }

    private static void Add(Scheduler scheduler, Pool pool, Flow flow, int slot) =>
        scheduler.Add(new DestinationId(1), "mx", "google", pool, flow, new ReadyItem(slot, new MessageId((ulong)slot + 1)));

    private static Pool PoolOf(StreamClass? streamClass, int sources) => new(
        "default",
        streamClass,
        [.. Enumerable.Range(0, sources).Select(index => (new Source(new SourceId((short)index), $"s{index}", IPAddress.Loopback, null, "mta.example"), 1 + (index % 3)))]);
}
