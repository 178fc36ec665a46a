using Engine.Queue.Logs;

namespace Engine.Queue.Snapshots;

/// <summary>A snapshot on the disk.</summary>
/// <param name="Number">In its name.</param>
/// <param name="Taken">When it was begun.</param>
/// <param name="Positions">Of each log, where a replay begins.</param>
/// <param name="Length">Octets.</param>
internal sealed record KeptSnapshot(int Number, DateTimeOffset Taken, IReadOnlyList<LogPosition> Positions, long Length);
