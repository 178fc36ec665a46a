namespace Engine.Configuration;

/// <summary>What came of reading a configuration.</summary>
/// <param name="Snapshot">The configuration; null when a finding spoils the core.</param>
/// <param name="Findings">Everything that is wrong, file by file and line by line; empty when nothing is.</param>
internal sealed record LoadResult(Snapshot? Snapshot, Findings Findings);
