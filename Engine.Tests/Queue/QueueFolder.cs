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

    public QueueFolder() => Directory.CreateDirectory(Path);

    /// <summary>Of the log's files.</summary>
    public string Path => Settings().LogDirectory;

    /// <summary>A disk that fails when told to, for <see cref="OpenOnDiskAsync"/>.</summary>
    public FailingDisk Disk => _disk ??= new FailingDisk(Path);

    public ManualClock Clock { get; } = new(Letters.Noon);

    public string[] Segments => [.. Directory.GetFiles(Path, "log.*").Order(StringComparer.Ordinal)];

    public string Marks => System.IO.Path.Join(Path, "commits");

    public QueueSettings Settings() =>
        new(_root, 1, Durability.Memory, ByteSize.MiB(16), ByteSize.MiB(1)) { Layout = Small };

    /// <summary>Opens it with this folder's clock. Memory durability: tests ask what is in the files, not on the device.</summary>
    public Task<MailQueue> OpenAsync(TimeProvider? clock = null) =>
        MailQueue.OpenAsync(Settings(), clock ?? Clock, NullLogger.Instance, CancellationToken.None);

    public Task<MailQueue> OpenOnDiskAsync() =>
        MailQueue.OpenAsync(Settings(), Disk, Clock, NullLogger.Instance, CancellationToken.None);

    /// <summary>What a crash now would leave: a copy of the files of an open queue.</summary>
    public QueueFolder Crash()
    {
        var copy = new QueueFolder();
        foreach (var file in Directory.GetFiles(Path).Where(static file => !file.EndsWith("lock", StringComparison.Ordinal)))
        {
            File.Copy(file, System.IO.Path.Join(copy.Path, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    /// <summary>Where the log ends by its newest commit mark.</summary>
    public async Task<long> TailAsync() => CommitMark.Newest(await File.ReadAllBytesAsync(Marks))!.Value.Until;

    public void Dispose()
    {
        _disk?.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
