using System.Diagnostics;
using System.Globalization;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Mail;

namespace Benchmarks.Dkim;

/// <summary><c>key-load [domains] [cache]</c>: a key ring with very many domains: loading, look-ups, memory, reload, and the memory under churn.</summary>
internal static class KeyLoad
{
    public static int Run(string[] arguments)
    {
        var domains = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100_000;
        var cache = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : new DkimOptions().Cache;
        var directory = Directory.CreateTempSubdirectory("engine-keys-");
        try
        {
            Write(Path.Join(directory.FullName, "dkim"), domains);
            Measure(new Snapshot(new EngineOptions { Dkim = new DkimOptions { Cache = cache } }, directory.FullName), domains, cache);
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        return 0;
    }

    // One key in all files: parsing one costs what parsing another does, making one costs a second.
    private static void Write(string directory, int domains)
    {
        Directory.CreateDirectory(directory);
        var pem = PrivateKey.NewRsa(2_048);
        for (var at = 0; at < domains; at++)
        {
            var path = Path.Join(directory, $"{NameOf(at)}.s2026.pem");
            File.WriteAllText(path, pem);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    private static void Measure(Snapshot snapshot, int domains, int cache)
    {
        var names = Enumerable.Range(0, domains).Select(at => DomainName.Parse(NameOf(at))).ToArray();
        var below = Enumerable.Range(0, domains).Select(at => DomainName.Parse($"news.mail.{NameOf(at)}")).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var ring = Timed($"load {domains:N0} files", 1, () => KeyRing.Load(snapshot, new Findings()));
        Console.WriteLine($"memory a domain, not parsed: {(GC.GetTotalMemory(forceFullCollection: true) - before) / domains} B");

        var few = Math.Min(Math.Min(1_000, cache), domains);
        Timed("first use (read, parse)", few, () => Ask(ring, names, few));
        Timed("look-up, kept", 1_000_000, () => Ask(ring, names, few, 1_000_000 / few));
        Timed("look-up two labels below, kept", 1_000_000, () => Ask(ring, below, few, 1_000_000 / few));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Ask(ring, names, few, 10);
        Console.WriteLine($"allocated by {few * 10:N0} look-ups: {GC.GetAllocatedBytesForCurrentThread() - allocated} B");
        var other = Timed("the same reading with other standings", 1, () => ring.With(null));
        Timed("first look-up after it", few, () => Ask(other, names, few));
        ring = Timed("reload, nothing changed", 1, () => KeyRing.Load(snapshot, new Findings(), null, ring));
        Console.WriteLine($"keys taken over: {ring.Cached:N0}");

        var resident = Resident();
        var (hash, signature) = (new byte[32], new byte[256]);
        var many = names[..Math.Min(domains, 2 * cache)];
        for (var round = 1; round <= 2; round++)
        {
            Timed($"round {round} through {many.Length:N0} domains, each parsed and signs once", many.Length, () =>
            {
                foreach (var name in many)
                {
                    ring.For(name)[0].SignHash(hash, signature);
                }

                return true;
            });
            Console.WriteLine($"kept {ring.Cached:N0} keys; resident memory {(Resident() - resident) / (1 << 20):+0} MiB");
        }
    }

    private static bool Ask(KeyRing ring, DomainName[] names, int few, int times = 1)
    {
        for (var round = 0; round < times; round++)
        {
            for (var at = 0; at < few; at++)
            {
                if (!ring.TryFind(names[at], out _))
                {
                    throw new InvalidOperationException($"{names[at]} has no key.");
                }
            }
        }

        return true;
    }

    private static T Timed<T>(string what, int times, Func<T> work)
    {
        // Processor time: the machine is seldom quiet.
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var result = work();
        var (spent, cpu) = (Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - used);
        Console.WriteLine(times == 1
            ? $"{what}: {spent.TotalMilliseconds:0.00} ms, {cpu.TotalMilliseconds:0.00} ms CPU"
            : $"{what}: {spent.TotalNanoseconds / times:N0} ns each, {cpu.TotalNanoseconds / times:N0} ns CPU");
        return result;
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string NameOf(int at) => $"customer-{at}.example";
}
