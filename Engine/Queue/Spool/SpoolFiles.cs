using Engine.Queue.Logs;

namespace Engine.Queue.Spool;

/// <summary>What of a queue lies on disk: the logs of every shard and generation, and the index snapshots beside them. Opened for reading only.</summary>
internal sealed class SpoolFiles : IDisposable
{
    private const string ShardPrefix = "shard-";
    private const string GenerationPrefix = "generation-";
    private const string SnapshotPrefix = "index.";

    private SpoolFiles(string directory, List<SpoolLogFiles> logs) => (Path, Logs) = (directory, logs);

    public string Path { get; }

    /// <summary>By shard; of a shard the oldest mail first: generation 2, 1, 0.</summary>
    public IReadOnlyList<SpoolLogFiles> Logs { get; }

    /// <summary>Opens the queue of a state directory, or a queue directory that was moved away.</summary>
    /// <param name="directory">Key <c>state</c>, its <c>queue</c>, or a copy of that.</param>
    /// <exception cref="DirectoryNotFoundException">There is no queue.</exception>
    public static SpoolFiles Open(string directory)
    {
        string[] places = [System.IO.Path.Join(directory, "queue"), directory];
        var found = places.FirstOrDefault(place => Numbered(place, ShardPrefix).Any())
            ?? throw new DirectoryNotFoundException($"{System.IO.Path.GetFullPath(directory)} holds no queue: neither queue/shard-0 nor shard-0 is there");
        var logs = new List<SpoolLogFiles>();
        foreach (var (shard, path) in Numbered(found, ShardPrefix))
        {
            logs.AddRange(Numbered(path, GenerationPrefix).OrderByDescending(static one => one.Number).Select(one => new SpoolLogFiles(one.Path, shard, one.Number)));
        }

        return new SpoolFiles(System.IO.Path.GetFullPath(found), logs);
    }

    /// <summary>Whether an engine runs on them.</summary>
    public bool IsInUse() => Logs.Any(static log => log.IsInUse());

    /// <summary>Index snapshots of all shards; unfinished ones are left out.</summary>
    public IEnumerable<FileInfo> Snapshots() =>
        from shard in Numbered(Path, ShardPrefix)
        from snapshot in Numbered(shard.Path, SnapshotPrefix)
        select new FileInfo(snapshot.Path);

    /// <summary>What the newest snapshot of a shard knows; null where none can be read.</summary>
    /// <param name="layout">As the logs were written.</param>
    public Func<int, IQueuedMemory?> Memory(LogLayout layout) =>
        shard => SnapshotMemory.TryOpen(NumberedFiles.Name(Path, ShardPrefix, shard), layout);

    public void Dispose()
    {
        foreach (var log in Logs)
        {
            log.Dispose();
        }
    }

    private static IEnumerable<(int Number, string Path)> Numbered(string directory, string prefix) =>
        NumberedFiles.In(directory, prefix).Select(number => (number, NumberedFiles.Name(directory, prefix, number)));
}
