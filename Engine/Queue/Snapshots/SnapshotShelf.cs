using Engine.Mail;
using Engine.Queue.Logs;
using Engine.Queue.Waiting;

namespace Engine.Queue.Snapshots;

/// <summary>
/// The newest two snapshots. While they stand, nothing they would need for a replay is given up: <see cref="Floor"/>. Loaded once at
/// recovery, written by one thread afterwards; floors are read by any.
/// </summary>
/// <param name="disk">Their files.</param>
/// <param name="index">What they keep.</param>
/// <param name="gate">The queue's lock.</param>
/// <param name="recent">Kept too.</param>
internal sealed class SnapshotShelf(ISpoolDisk disk, QueueIndex index, Lock gate, RecentIds recent)
{
    /// <summary>Snapshots kept: should one be damaged, the other and the log behind it tell the same.</summary>
    public const int Kept = 2;

    private readonly long[] _floors = new long[Generations.Count];
    private IReadOnlyList<KeptSnapshot> _kept = [];

    /// <summary>Ascending; at most <see cref="Kept"/>.</summary>
    public IReadOnlyList<KeptSnapshot> All => Volatile.Read(ref _kept);

    /// <summary>The files that are there, or where they should lie, for messages.</summary>
    public string Where => disk.Snapshots() is { Count: > 0 } numbers
        ? string.Join(", ", numbers.Select(disk.NameOfSnapshot))
        : Path.GetDirectoryName(disk.NameOfSnapshot(0)) ?? string.Empty;

    public KeptSnapshot? Newest => All is [.., var newest] ? newest : null;

    /// <summary>No segment at or behind this address of a generation's log may be given up.</summary>
    public long Floor(int generation) => Volatile.Read(ref _floors[generation]);

    /// <summary>Fills the index from the newest whole snapshot, and says where the logs' replay begins; null when there is none. Under the lock.</summary>
    /// <param name="ledger">Gets the segments of what is loaded.</param>
    /// <param name="damaged">Told of each that cannot be used.</param>
    /// <exception cref="QueueDamagedException">Its octets are whole, and yet it cannot be loaded.</exception>
    public LogStart[]? Load(SegmentLedger ledger, Action<string, Exception> damaged)
    {
        var numbers = disk.Snapshots();
        for (var at = numbers.Count - 1; at >= 0; at--)
        {
            if (IsWhole(numbers[at], damaged))
            {
                var start = Load(numbers[at], ledger);
                TakeOlder(numbers, at, damaged);
                return start;
            }
        }

        return null;
    }

    /// <summary>Writes a snapshot and forgets the oldest.</summary>
    /// <param name="now">Written into it.</param>
    /// <param name="positions">Asked under the lock: what of each log the index has taken in; null when it has not come to rest.</param>
    /// <param name="settle">Makes stable whatever the snapshot may tell of, and says up to where that is in each log.</param>
    /// <returns>False when it did not begin.</returns>
    /// <exception cref="IOException">The disk is full or broken; nothing has changed.</exception>
    public bool TryWrite(DateTimeOffset now, Func<LogPosition[]?> positions, Func<long[]> settle)
    {
        LogPosition[] from;
        MessageId[] ids;
        lock (gate)
        {
            if (positions() is not { } known)
            {
                return false;
            }

            from = known;
            ids = recent.All;
        }

        var number = disk.Snapshots() is [.., var last] ? last + 1 : 1;
        var length = 0L;
        disk.WriteSnapshot(number, target =>
        {
            using var writer = new SnapshotWriter(index, gate, target);
            writer.WriteHeader(number, now, from);
            writer.WriteMessages();
            writer.WriteRecent(ids);
            writer.WriteEnd(settle());
            length = writer.Length;
        });
        Keep([.. All, new KeptSnapshot(number, now, from, length)]);
        return true;
    }

    private bool IsWhole(int number, Action<string, Exception> damaged)
    {
        try
        {
            using var file = disk.OpenSnapshot(number);
            using var reader = new SnapshotReader(file);
            reader.Check();
            return true;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            damaged(disk.NameOfSnapshot(number), fault);
            return false;
        }
    }

    private LogStart[] Load(int number, SegmentLedger ledger)
    {
        try
        {
            using var file = disk.OpenSnapshot(number);
            using var reader = new SnapshotReader(file);
            var positions = reader.ReadHeader();
            reader.Load(index, ledger);
            reader.Recent.ForEach(recent.Add);
            Keep([new KeptSnapshot(number, reader.Taken, positions, reader.Length)]);
            return [.. positions.Select((position, generation) => new LogStart(position.From, position.Sequence, reader.Until[generation]))];
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or ArgumentException or OverflowException)
        {
            throw new QueueDamagedException($"{disk.NameOfSnapshot(number)} cannot be loaded: {fault.Message}", fault);
        }
    }

    // The one before is kept as well if it is whole; it bounds what may be given up. All others go.
    private void TakeOlder(IReadOnlyList<int> numbers, int loaded, Action<string, Exception> damaged)
    {
        var kept = All;
        for (var at = loaded - 1; at >= 0 && kept.Count < Kept; at--)
        {
            if (IsWhole(numbers[at], damaged))
            {
                using var file = disk.OpenSnapshot(numbers[at]);
                using var reader = new SnapshotReader(file);
                var positions = reader.ReadHeader();
                kept = [new KeptSnapshot(numbers[at], reader.Taken, positions, file.Length), .. kept];
            }
        }

        Keep(kept);
        foreach (var number in numbers)
        {
            if (All.All(snapshot => snapshot.Number != number))
            {
                disk.RemoveSnapshot(number);
            }
        }
    }

    private void Keep(IReadOnlyList<KeptSnapshot> snapshots)
    {
        var kept = snapshots.TakeLast(Kept).ToArray();
        Volatile.Write(ref _kept, kept);
        foreach (var fallen in snapshots.SkipLast(Kept))
        {
            disk.RemoveSnapshot(fallen.Number);
        }

        for (var generation = 0; kept.Length == Kept && generation < _floors.Length; generation++)
        {
            Volatile.Write(ref _floors[generation], kept[0].Positions[generation].From);
        }
    }
}
