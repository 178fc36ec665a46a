namespace Engine.Queue.Spool;

/// <summary>What a whole spool holds.</summary>
internal sealed class SpoolReport
{
    public required string Directory { get; init; }

    /// <summary>Then only what is acknowledged was read, and the figures are of the moment.</summary>
    public required bool IsRunning { get; init; }

    public required IReadOnlyList<LogReport> Logs { get; init; }

    /// <summary>Index snapshots: path, octets, when written.</summary>
    public required IReadOnlyList<(string File, long Length, DateTimeOffset Written)> Snapshots { get; init; }

    /// <summary>True when a snapshot told who had ended in old mail.</summary>
    public required bool HasMemory { get; init; }

    /// <summary>Whole messages met.</summary>
    public long Messages { get; set; }

    /// <summary>Of these, with recipients queued.</summary>
    public long Living { get; set; }

    /// <summary>Living messages that are met as a copy only: without a snapshot nobody knows whether they had ended.</summary>
    public long Uncertain { get; set; }

    public long QueuedRecipients { get; set; }

    public long HeldRecipients { get; set; }

    /// <summary>Octets of heads and contents of living messages.</summary>
    public long LivingOctets { get; set; }

    /// <summary>When the oldest living message was accepted, as its id tells; null when there is none.</summary>
    public DateTimeOffset? Oldest { get; set; }

    public long OrphanParts { get; set; }

    public long UnknownFrames { get; set; }

    public List<LostMessage> Lost { get; } = [];

    public bool IsDamaged => Logs.Any(static log => log.DamageCount > 0);
}
