using Engine.Configuration;
using Engine.Queue.Logs;

namespace Engine.Queue;

/// <summary>What the queue needs to open.</summary>
/// <param name="Directory">Its own directory, <c>state/queue</c>; made when absent.</param>
/// <param name="Node">Key <c>node</c>.</param>
/// <param name="Durability">Key <c>queue.durability</c>.</param>
/// <param name="Memory">Key <c>queue.memory</c>: pages of the log kept in memory.</param>
/// <param name="MinFreeDisk">Key <c>queue.minFreeDisk</c>.</param>
internal sealed record QueueSettings(string Directory, int Node, Durability Durability, ByteSize Memory, ByteSize MinFreeDisk)
{
    /// <summary>Sizes of pages and files; null for those that fit the memory. Must stay as they are while the log lives.</summary>
    public LogLayout? Layout { get; init; }

    /// <summary>Between two attempts to open a log that failed.</summary>
    public static readonly TimeSpan ReopenInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often a log that failed is opened anew before the process is to end with 75.</summary>
    public int ReopenAttempts { get; init; } = 15;

    /// <summary>Where everything of the one shard lies. There will be more shards; each has a directory of its own.</summary>
    public string ShardDirectory => Path.Join(Directory, "shard-0");

    /// <summary>Where the log of generation 0 lies.</summary>
    public string LogDirectory => Path.Join(ShardDirectory, "generation-0");
}
