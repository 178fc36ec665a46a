using Engine.Configuration;
using Engine.Queue;
using Engine.Queue.Logs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Queue;

/// <summary>A directory for one test's queue, deleted at the end.</summary>
internal sealed class QueueFolder : IDisposable
{
    /// <summary>64 KiB pages, 256 KiB files, 1 MiB of memory: everything happens soon.</summary>
    public static readonly LogLayout Small = new(16, 18, 20);

    private readonly string _root = Directory.CreateTempSubdirectory("engine-queue-").FullName;

    private FailingDisk? _disk;
    private FailingSpool? _spool;

    public QueueFolder() => Directory.CreateDirectory(Path);

    /// <summary>Of the log's files.</summary>
    public string Path => Settings().LogDirectory;

    /// <summary>A disk that fails when told to, for <see cref="OpenOnDiskAsync"/>.</summary>
    public FailingDisk Disk => _disk ??= new FailingDisk(Path);

    /// <summary>How often a failed log is opened anew.</summary>
    public int ReopenAttempts { get; set; }

    /// <summary>The spool around <see cref="Disk"/>.</summary>
    public FailingSpool Spool => _spool ??= new FailingSpool(Settings().ShardDirectory, Disk);

    public ManualClock Clock { get; } = new(Letters.Noon);

    public string[] Segments => [.. Directory.GetFiles(Path, "log.*").Order(StringComparer.Ordinal)];

    /// <summary>Octets of all files of the shard but the reserve; a file may vanish while it is looked at.</summary>
    public long Octets => new DirectoryInfo(Settings().ShardDirectory)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(static file => file.Name != "reserve" && file.Exists)
        .Sum(static file => file.Length);

    public string Marks => System.IO.Path.Join(Path, "commits");

    public QueueSettings Settings() =>
        new(_root, 1, Durability.Memory, ByteSize.MiB(16), ByteSize.MiB(1)) { Layout = Small, ReopenAttempts = ReopenAttempts, Reserve = 1 << 20 };

    /// <summary>Opens it with this folder's clock. Memory durability: tests ask what is in the files, not on the device.</summary>
    public Task<MailQueue> OpenAsync(TimeProvider? clock = null) =>
        MailQueue.OpenAsync(Settings(), clock ?? Clock, NullLogger.Instance, CancellationToken.None);

    public Task<MailQueue> OpenOnDiskAsync() =>
        MailQueue.OpenAsync(Settings(), Spool, Clock, NullLogger.Instance, CancellationToken.None);

    /// <summary>What a crash now would leave: a copy of the files of an open queue.</summary>
    public QueueFolder Crash()
    {
        var copy = new QueueFolder();
        var shard = Settings().ShardDirectory;
        foreach (var file in Directory.GetFiles(shard, "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith("lock", StringComparison.Ordinal) && !file.EndsWith(".new", StringComparison.Ordinal)))
        {
            var target = System.IO.Path.Join(copy.Settings().ShardDirectory, System.IO.Path.GetRelativePath(shard, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    /// <summary>Files of another generation.</summary>
    public string[] SegmentsOf(int generation) => Directory.GetFiles(System.IO.Path.Join(Settings().ShardDirectory, $"generation-{generation}"), "log.*");

    /// <summary>Delivers all that is due, and returns when that is stable.</summary>
    public async Task SettleAllAsync(MailQueue queue, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var settled = new List<Task<bool>>();
        while (queue.Due.TryRead(out var slot))
        {
            Assert.That(queue.TryBegin(slot), Is.True);
            settled.Add(queue.SettleAsync(slot, EndKind.Delivered, 250).AsTask());
        }

        Clock.Advance(GroupCommit.SettleDelay);
        Assert.That(await Task.WhenAll(settled), Is.All.True);
    }

    /// <summary>Files are deleted behind the commit, by another thread: waits for the system to say so.</summary>
    public async Task WhenAsync(Func<bool> holds, CancellationToken stop)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path, "log.*");
        watcher.Deleted += (_, _) => Look();
        watcher.EnableRaisingEvents = true;
        Look();
        await gone.Task.WaitAsync(stop);

        void Look()
        {
            if (holds())
            {
                gone.TrySetResult();
            }
        }
    }

    /// <summary>Where the log ends by its newest commit mark.</summary>
    public async Task<long> TailAsync() => CommitMark.Newest(await File.ReadAllBytesAsync(Marks))!.Value.Until;

    public void Dispose()
    {
        _disk?.Dispose();
        _spool?.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
