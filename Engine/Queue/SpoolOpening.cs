using Engine.Queue.Logs;
using Engine.Queue.Snapshots;
using Engine.Queue.Waiting;

namespace Engine.Queue;

/// <summary>Builds the index from the newest snapshot and what the logs tell behind it.</summary>
internal static class SpoolOpening
{
    /// <summary>Fills the empty index. Under the lock.</summary>
    /// <exception cref="QueueDamagedException">Something acknowledged is missing or damaged; the message names the file.</exception>
    public static void Recover(
        Generations spool,
        SnapshotShelf shelf,
        MessageReader reader,
        QueueIndex index,
        SegmentLedger ledger,
        RecentIds recent,
        BulkMarks marks,
        (DateTimeOffset Now, int Node) incarnation,
        ILogger logger)
    {
        var starts = shelf.Load(ledger, (name, fault) => QueueLog.SnapshotDamaged(logger, name, fault));
        var copies = new CopyFinder(spool.Layout);
        for (var generation = 1; generation < Generations.Count; generation++)
        {
            spool[generation].Recover(copies.In(generation), starts?[generation], incarnation.Now, incarnation.Node);
        }

        spool[0].Recover(
            new Recovery(spool, reader, index, ledger, recent, copies, marks), starts?[0], incarnation.Now, incarnation.Node);
        if (starts is null && copies.Count > 0 && spool[0].Begin > LogScan.FirstAddress)
        {
            // What the settle records in files long deleted said of these copies nobody knows.
            throw new QueueDamagedException(
                $"{shelf.Where}: no snapshot of the index can be read, and the older generations hold mail that may have ended long ago. "
                + "Restore index.* from where they were kept, or take out what is whole with 'engine spool salvage'; mail may be sent again then.");
        }
    }
}
