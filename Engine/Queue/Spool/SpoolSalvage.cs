using Engine.Queue.Logs;
using Engine.Queue.Transfer;

namespace Engine.Queue.Spool;

/// <summary>Takes every whole message that has not ended, as far as is known, out of a spool and writes it as an export. The spool is not changed.</summary>
internal static class SpoolSalvage
{
    /// <param name="files">Of a stopped engine.</param>
    /// <param name="layout">As the logs were written.</param>
    /// <param name="memory">What the newest index snapshot of a shard knows; null for none.</param>
    /// <param name="target">Where the export goes.</param>
    /// <param name="stop">The export is then of no use.</param>
    /// <returns>What was found, its list of lost messages complete, and what was written.</returns>
    public static async Task<(SpoolReport Report, TransferManifest Manifest)> RunAsync(
        SpoolFiles files, LogLayout layout, Func<int, IQueuedMemory?>? memory, TransferWriter target, CancellationToken stop)
    {
        var reading = SpoolReading.Run(files, layout, memory, stop);
        var unreadable = (long)reading.Report.Lost.Count;
        await target.BeginAsync(stop).ConfigureAwait(false);
        foreach (var (shard, ledger) in reading.Ledgers)
        {
            var reader = new SpoolMessageReader(files, shard, layout);
            foreach (var message in ledger.Living.OrderBy(static one => one.Generation).ThenBy(static one => one.Address))
            {
                if (await WriteAsync(reader, ledger, message, target, stop).ConfigureAwait(false) is { } lost)
                {
                    reading.Report.Lost.Add(lost);
                    unreadable++;
                }
            }
        }

        return (reading.Report, await target.FinishAsync(0, unreadable, stop).ConfigureAwait(false));
    }

    private static async ValueTask<LostMessage?> WriteAsync(SpoolMessageReader reader, SpoolLedger ledger, LedgerMessage message, TransferWriter target, CancellationToken stop)
    {
        try
        {
            var (told, content) = reader.Read(ledger, message);
            if (told.States.Count > 0)
            {
                await target.AddAsync(told, content, stop).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            return new LostMessage(message.Id, [], $"{message.Segment!.File}, address {message.Address}", fault.Message);
        }
    }
}
