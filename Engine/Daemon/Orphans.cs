using Engine.Configuration;
using Engine.Queue;

namespace Engine.Daemon;

/// <summary>Mail that a reload would leave without its account or pool.</summary>
internal static class Orphans
{
    public static IEnumerable<Finding> Find(MailQueue queue, Snapshot next, SnapshotDiff diff) =>
        Find(queue, next, diff.RemovedAccounts, QueueDimension.Account, "accounts").Concat(Find(queue, next, diff.RemovedPools, QueueDimension.Pool, "pools"));

    private static IEnumerable<Finding> Find(MailQueue queue, Snapshot next, IReadOnlyList<string> removed, QueueDimension dimension, string section)
    {
        if (removed.Count == 0)
        {
            return [];
        }

        var counts = queue.Census.CountBy(dimension).ToDictionary(count => count.Key, count => count.Value);
        return from name in removed
               where counts.GetValueOrDefault(name) > 0
               select new Finding(next.File, 0, $"$.{section}.{name}", $"is gone, but {counts[name]} queued recipients belong to it; keep it until they are through, or reload --orphans hold");
    }
}
