using Engine.Queue.Logs;

namespace Engine.Queue.Spool;

/// <summary>Reads a whole spool once, from end to end. Constant memory but for what is alive, and a few octets for each record of a message that is not met.</summary>
internal sealed class SpoolReading
{
    // A running engine that gives up files faster than they are read is not caught up with.
    private const int MostRounds = 5;

    private readonly Dictionary<int, SpoolLedger> _ledgers = [];

    private SpoolReading(SpoolReport report) => Report = report;

    public SpoolReport Report { get; }

    /// <summary>By shard.</summary>
    public IReadOnlyDictionary<int, SpoolLedger> Ledgers => _ledgers;

    /// <param name="files">Stay open as long as messages are read from the result.</param>
    /// <param name="layout">As the logs were written; the default is the engine's.</param>
    /// <param name="memory">What the newest index snapshot of a shard knows; null for none.</param>
    /// <param name="stop">Heard between two pages.</param>
    public static SpoolReading Run(SpoolFiles files, LogLayout layout, Func<int, IQueuedMemory?>? memory, CancellationToken stop)
    {
        var reading = RunOnce(files, layout, memory, stop);
        for (var again = 1; again < MostRounds && reading.Report is { IsRunning: true, IsDamaged: true } && HasMoved(files, reading.Report); again++)
        {
            reading = RunOnce(files, layout, memory, stop);
        }

        return reading;
    }

    // A running engine deletes files at the head of a log, also while they are read.
    private static bool HasMoved(SpoolFiles files, SpoolReport report) =>
        files.Logs.Zip(report.Logs).Any(static pair => CommitMark.Newest(pair.First.ReadMarks())?.Begin != pair.Second.Mark?.Begin);

    private static SpoolReading RunOnce(SpoolFiles files, LogLayout layout, Func<int, IQueuedMemory?>? memory, CancellationToken stop)
    {
        var isRunning = files.IsInUse();
        var ledgers = new Dictionary<int, SpoolLedger>();
        var logs = new List<LogReport>();
        var hasMemory = false;
        foreach (var log in files.Logs)
        {
            if (!ledgers.TryGetValue(log.Shard, out var ledger))
            {
                var known = memory?.Invoke(log.Shard);
                hasMemory |= known is not null;
                ledgers[log.Shard] = ledger = new SpoolLedger(known);
            }

            logs.Add(new LogWalk(log, layout, isRunning, ledger).Run(stop));
        }

        var reading = new SpoolReading(new SpoolReport
        {
            Directory = files.Path,
            IsRunning = isRunning,
            Logs = logs,
            Snapshots = [.. files.Snapshots().Select(static file => (file.FullName, file.Length, (DateTimeOffset)file.LastWriteTimeUtc))],
            HasMemory = hasMemory,
        });
        foreach (var (shard, ledger) in ledgers)
        {
            reading._ledgers[shard] = ledger;
            reading.Count(ledger);
        }

        return reading;
    }

    private void Count(SpoolLedger ledger)
    {
        Report.Messages += ledger.Met;
        Report.OrphanParts += ledger.OrphanParts;
        Report.UnknownFrames += ledger.Unknown;
        Report.Lost.AddRange(ledger.Lost);
        foreach (var message in ledger.Living)
        {
            Count(ledger, message);
        }
    }

    private void Count(SpoolLedger ledger, LedgerMessage message)
    {
        Report.Living++;
        Report.Uncertain += message.Accepted == 0 && !Report.HasMemory ? 1 : 0;
        Report.LivingOctets += message.Size;
        message.Segment!.Living += message.Octets;
        var accepted = message.Id.Given;
        Report.Oldest = Report.Oldest < accepted ? Report.Oldest : accepted;
        for (var recipient = 0; recipient < message.Recipients; recipient++)
        {
            if (ledger.IsQueued(message, recipient))
            {
                Report.QueuedRecipients++;
                Report.HeldRecipients += message.IsHeld(recipient) ? 1 : 0;
            }
        }
    }
}
