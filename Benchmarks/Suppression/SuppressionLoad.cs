using System.Diagnostics;
using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Mail;
using Engine.Suppression;
using Engine.Suppression.Bulk;
using Engine.Suppression.Storing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Suppression;

/// <summary>
/// <c>suppression-load fill DIR MILLIONS</c> writes runs of chance keys as merges leave them; <c>open DIR</c> opens such a list in a process of its own and measures look-ups, also while all runs merge;
/// <c>import DIR THOUSANDS</c> imports a file of addresses. The directory is kept: delete it by hand.
/// </summary>
internal static class SuppressionLoad
{
    private static readonly StreamKey Acme = new(7, 3);

    private static readonly SuppressionScope[] Scopes =
    [
        SuppressionScope.Global,
        SuppressionScope.OfAccount(Acme),
        SuppressionScope.OfAccount(Acme, StreamClass.Marketing),
        SuppressionScope.OfStream(Acme),
        SuppressionScope.Global with { Class = StreamClass.Marketing },
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["fill", var directory, var millions]:
                await FillAsync(directory, long.Parse(millions, CultureInfo.InvariantCulture) * 1_000_000);
                return 0;
            case ["open", var directory]:
                await LookUpAsync(directory);
                return 0;
            case ["import", var directory, var thousands]:
                await ImportAsync(directory, int.Parse(thousands, CultureInfo.InvariantCulture) * 1_000);
                return 0;
            default:
                await Console.Error.WriteLineAsync("suppression-load fill DIR MILLIONS | open DIR | import DIR THOUSANDS");
                return 64;
        }
    }

    // One entry of each scope first, so that all five are asked for. Then a large run and one of a thousandth.
    private static async Task FillAsync(string directory, long count)
    {
        var key = Key();
        await using (var store = await OpenAsync(directory))
        {
            for (var index = 0; index < Scopes.Length; index++)
            {
                await store.AddAsync(new SuppressionEntry(key.DigestOf(Mailbox.Parse($"first{index}@example.com")), Scopes[index], SuppressionReason.Manual, SuppressionOrigin.Operator, DateTimeOffset.UnixEpoch), default, CancellationToken.None);
            }

            await store.FlushAsync();
        }

        var start = Stopwatch.GetTimestamp();
        var small = Written(directory, 101, key.Id, count / 1_000, count, 7);
        var large = Written(directory, 100, key.Id, count, count, 3);
        var manifest = Manifest.Read(directory)!;
        (manifest with { Runs = [small.Number, large.Number, .. manifest.Runs], Entries = manifest.Entries + small.Records + large.Records }).Write(directory);
        Say($"{count} entries written in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s; {large.FileLength / (double)count:F2} octets of disk and {large.Memory / (double)count:F3} of memory an entry");
    }

    // Keys in order without a sort: steps of even mean, as sorted chance has them.
    private static Run Written(string directory, long number, ulong key, long count, long all, int seed)
    {
        var random = new Random(seed);
        using var writer = new RunWriter(directory, number, key, count, BlockFilter.BitsFor(count, all, new SuppressionOptions().Memory));
        var step = ulong.MaxValue / (ulong)count / 2;
        for (var (high, index) = (0UL, 0L); index < count; index++)
        {
            high += (ulong)(random.NextDouble() * 2 * step * 0.999) + 1;
            writer.Add(new StoredRecord(high, Low(high), 1, 0, (byte)SuppressionReason.Hard, 0));
        }

        return writer.Finish();
    }

    private static ulong Low(ulong high) => StoredKey.Of(new AddressDigest(high, 5), 5).Low;

    private static async Task LookUpAsync(string directory)
    {
        var start = Stopwatch.GetTimestamp();
        await using var store = await OpenAsync(directory);
        Say($"open in {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s; {store.Figures()}; RSS {Rss()} MiB");
        var mailboxes = Enumerable.Range(0, 1 << 18).Select(index => Mailbox.Parse($"some.person{index * 7919}@mail{index % 1_000}.example.com")).ToArray();
        foreach (var seconds in new[] { 2, 5 })
        {
            var (rate, maybe) = await NegativesAsync(store, mailboxes, TimeSpan.FromSeconds(seconds));
            Say($"absent, digest and five scopes, one thread: {rate:N0}/s of CPU time, {maybe:P2} had to read");
        }

        Digests(store, mailboxes);
        await PositivesAsync(directory);
        Say($"a list at rest: {await LatencyAsync(store, mailboxes, Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System))}");
        var merge = store.CompactAsync();
        start = Stopwatch.GetTimestamp();
        Say($"while all runs merge: {await LatencyAsync(store, mailboxes, merge)}; RSS {Rss()} MiB");
        await merge;
        Say($"merged in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s; {store.Figures()}");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Say($"RSS after it {Rss()} MiB, at most {Peak()} MiB");
    }

    private static async Task<(double Rate, double Maybe)> NegativesAsync(SuppressionStore store, Mailbox[] mailboxes, TimeSpan time)
    {
        var (cpu, end, count, maybe) = (ThreadTime(), Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency), 0L, 0L);
        while (Stopwatch.GetTimestamp() < end)
        {
            for (var index = 0; index < 4_096; index++, count++)
            {
                var found = store.FindAsync(store.DigestOf(mailboxes[count & (mailboxes.Length - 1)]), Acme, StreamClass.Marketing, CancellationToken.None);
                if (!found.IsCompletedSuccessfully)
                {
                    maybe++;
                    await found;
                }
            }
        }

        return (count / (ThreadTime() - cpu).TotalSeconds, maybe / (double)count);
    }

    // Of the whole process: whoever reads for a maybe is counted, and so is whatever else ran.
    private static TimeSpan ThreadTime() => Process.GetCurrentProcess().TotalProcessorTime;

    // Keys that are there, out of order.
    private static async Task PositivesAsync(string directory)
    {
        var run = Run.Open(directory, 100, Key().Id);
        var random = new Random(1);
        var keys = new List<StoredKey>();
        for (var cursor = run.Read(); keys.Count < 20_000 && cursor.MoveNext();)
        {
            keys.Add(cursor.Current.Key);
        }

        var times = new List<double>();
        foreach (var key in keys.OrderBy(_ => random.Next()))
        {
            var start = Stopwatch.GetTimestamp();
            _ = await run.ReadAsync(key, CancellationToken.None) ?? throw new InvalidOperationException("not there");
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        times.Sort();
        Say($"present, one read: p50 {times[times.Count / 2]:F1} µs, p99 {times[times.Count * 99 / 100]:F1} µs, from the system's cache");
    }

    private static void Digests(SuppressionStore store, Mailbox[] mailboxes)
    {
        var cpu = ThreadTime();
        var sum = 0UL;
        for (var index = 0; index < 2_000_000; index++)
        {
            sum += store.DigestOf(mailboxes[index & (mailboxes.Length - 1)]).High;
        }

        Say($"digest alone: {(ThreadTime() - cpu).TotalNanoseconds / 2_000_000:F0} ns ({sum & 7})");
    }

    private static async Task<string> LatencyAsync(SuppressionStore store, Mailbox[] mailboxes, Task until)
    {
        var times = new List<double>();
        for (var index = 0; !until.IsCompleted; index++)
        {
            var start = Stopwatch.GetTimestamp();
            await store.FindAsync(store.DigestOf(mailboxes[index & (mailboxes.Length - 1)]), Acme, StreamClass.Marketing, CancellationToken.None);
            if (index % 16 == 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }

        times.Sort();
        return $"p50 {times[times.Count / 2]:F2} µs, p99 {times[times.Count * 99 / 100]:F2} µs, p99.9 {times[(int)(times.Count * 0.999)]:F1} µs, max {times[^1]:F0} µs";
    }

    private static async Task ImportAsync(string directory, int count)
    {
        Directory.CreateDirectory(directory);
        var file = Path.Join(directory, "import.csv");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, count).Select(index => $"some.person{index}@mail{index % 1_000}.example.com,account,#7,,,hard,365d"));
        await using var store = await OpenAsync(Path.Join(directory, "list"));
        foreach (var round in new[] { "new", "known" })
        {
            using var source = File.OpenRead(file);
            var names = new AccountNames(new Snapshot(new EngineOptions()));
            var import = new SuppressionImport(store, names, new ImportPreset(SuppressionScope.Global), TimeProvider.System);
            var (start, cpu) = (Stopwatch.GetTimestamp(), ThreadTime());
            var result = await import.RunAsync(source, _ => { }, null, CancellationToken.None);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Say($"import, all {round}: {count / seconds:N0} durable additions/s, {(ThreadTime() - cpu).TotalMicroseconds / count:F2} µs CPU each; {result}; RSS {Rss()} MiB");
        }

        var exporting = Stopwatch.GetTimestamp();
        var exported = await new SuppressionExport(store, new AccountNames(new Snapshot(new EngineOptions())), TimeProvider.System).WriteAsync(Stream.Null, new ExportFilter(), null, CancellationToken.None);
        Say($"export: {exported / Stopwatch.GetElapsedTime(exporting).TotalSeconds:N0}/s; {store.Figures()}");
    }

    private static SuppressionKey Key() => new(Encoding.ASCII.GetBytes(new string('k', 32)));

    private static Task<SuppressionStore> OpenAsync(string directory) => SuppressionStore.OpenAsync(directory, Key(), new SuppressionOptions(), TimeProvider.System, NullLogger.Instance);

    private static long Rss() => Environment.WorkingSet >> 20;

    private static long Peak() => Process.GetCurrentProcess().PeakWorkingSet64 >> 20;

    private static void Say(string line) => Console.WriteLine(line);
}
