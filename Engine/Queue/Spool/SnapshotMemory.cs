using Engine.Mail;
using Engine.Queue.Logs;
using Engine.Queue.Snapshots;
using Engine.Queue.Waiting;

namespace Engine.Queue.Spool;

/// <summary>The newest whole index snapshot of a shard, for reading a spool without the queue.</summary>
internal sealed class SnapshotMemory : IQueuedMemory
{
    // An id is given out before its message is accepted, a large one's long before.
    private static readonly TimeSpan Slowest = TimeSpan.FromMinutes(30);

    private readonly QueueIndex _index;
    private readonly DateTimeOffset _taken;

    private SnapshotMemory(QueueIndex index, DateTimeOffset taken) => (_index, _taken) = (index, taken);

    /// <summary>Null when there is none that can be read.</summary>
    /// <param name="directory">Of the shard.</param>
    /// <param name="layout">As the logs were written.</param>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The using does.")]
    public static SnapshotMemory? TryOpen(string directory, LogLayout layout)
    {
        using var disk = new SpoolDisk(directory, durable: false);
        foreach (var number in disk.Snapshots().Reverse())
        {
            try
            {
                using var file = disk.OpenSnapshot(number);
                return Read(file, layout);
            }
            catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or OverflowException)
            {
                // The one before tells as much, with the log behind it.
            }
        }

        return null;
    }

    private static SnapshotMemory Read(Stream file, LogLayout layout)
    {
        using var reader = new SnapshotReader(file);
        var index = new QueueIndex(new SegmentLedger(), layout.SegmentBits, 0);
        reader.ReadHeader();
        reader.Load(index, new SegmentLedger());
        return new SnapshotMemory(index, reader.Taken);
    }

    public bool? IsQueued(MessageId id, int recipient)
    {
        if (_index.TryFind(id, out var first, out var count))
        {
            return recipient < count && _index.IsQueued(first + recipient);
        }

        return id.Given > _taken - Slowest ? null : false;
    }
}
