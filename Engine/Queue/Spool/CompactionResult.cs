namespace Engine.Queue.Spool;

/// <summary>What a compaction did.</summary>
/// <param name="Before">Octets of all files before.</param>
/// <param name="After">Octets of all files after.</param>
/// <param name="Moved">Living messages that were copied to another generation.</param>
internal sealed record CompactionResult(long Before, long After, long Moved);
