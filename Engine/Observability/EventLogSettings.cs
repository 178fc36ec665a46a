using Engine.Configuration;

namespace Engine.Observability;

/// <summary>What an event log is opened with.</summary>
internal sealed record EventLogSettings
{
    /// <summary>Where the files stand; made if it is missing.</summary>
    public required string Directory { get; init; }

    /// <summary>Number of this engine, field <c>node</c>.</summary>
    public required int Node { get; init; }

    /// <summary>Asked before each look for files to remove, so a reload counts at once.</summary>
    public required Func<EventsOptions> Options { get; init; }

    /// <summary>Octets that may wait for the disk; beyond it <see cref="EventLog.Write"/> waits. Default 64 MiB, some 130 000 events.</summary>
    public int MaxPending { get; init; } = 64 << 20;

    /// <summary>Longest time an event waits to be written. Default 50 ms: what a crash of the process may lose.</summary>
    public TimeSpan FlushAfter { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Pause after a fault of the disk. Default 1 s.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
