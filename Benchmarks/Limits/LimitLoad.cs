using System.Diagnostics;
using System.Globalization;
using Engine.Configuration;
using Engine.Limits;
using Engine.Mail;

namespace Benchmarks.Limits;

/// <summary>Bucket decisions a second: on one core, on two with a limit each, on two with one limit.</summary>
internal static class LimitLoad
{
    private const int Rounds = 20_000_000;

    public static int Run()
    {
        var tree = new LimitTree(TimeProvider.System);
        var options = new LimitOptions { Per = [LimitDimension.Source], Rate = new Rate(1_000_000_000, TimeSpan.FromSeconds(1), 1_000_000_000) };
        tree.Load(new Dictionary<string, LimitOptions> { ["a"] = options, ["refusing"] = options with { Rate = new Rate(1, TimeSpan.FromDays(1), 1) } });
        var granting = tree.Find(new LimitSubject { Source = "1" }, LimitScope.Lane).Single(limit => limit.Name == "a");
        var other = tree.Find(new LimitSubject { Source = "2" }, LimitScope.Lane).Single(limit => limit.Name == "a");
        var refusing = tree.Find(new LimitSubject { Source = "1" }, LimitScope.Lane).Single(limit => limit.Name == "refusing");
        for (var round = 0; round < 2; round++)
        {
            Tell("bucket alone, granted", Measure(now => Buckets(granting.Bucket!, now)));
            Tell("limit, granted", Measure(now => Limits(granting, now)));
            Tell("limit, refused", Measure(now => Limits(refusing, now)));
            Tell("two threads, a limit each", Measure(now => Limits(granting, now), now => Limits(other, now)));
            Tell("two threads, one limit", Measure(now => Limits(granting, now), now => Limits(granting, now)));
        }

        return 0;
    }

    private static void Tell(string what, double perSecond) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} {perSecond / 1e6,6:N1} M/s in all"));

    private static double Measure(params Action<long>[] threads)
    {
        var now = TimeProvider.System.GetTimestamp();
        var watch = Stopwatch.StartNew();
        var running = threads.Select(work =>
        {
            var thread = new Thread(() => work(now));
            thread.Start();
            return thread;
        }).ToArray();
        Array.ForEach(running, thread => thread.Join());
        return threads.Length * (double)Rounds / watch.Elapsed.TotalSeconds;
    }

    private static void Buckets(TokenBucket bucket, long now)
    {
        for (var round = 0; round < Rounds; round++)
        {
            bucket.TryTake(now + round, 0, out _);
        }
    }

    private static void Limits(Limit limit, long now)
    {
        for (var round = 0; round < Rounds; round++)
        {
            limit.TryTake(now + round, StreamClass.Marketing, holdsBack: false, hasTurn: false);
        }
    }
}
