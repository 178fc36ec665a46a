namespace Engine.Suppression;

/// <summary>What the list is like now.</summary>
/// <param name="Entries">Entries; about, for those that expired are counted until a merge drops them.</param>
/// <param name="Recent">Records in memory that no run holds yet.</param>
/// <param name="Runs">Runs on disk.</param>
/// <param name="RunOctets">Their octets.</param>
/// <param name="JournalOctets">Octets that a start would replay.</param>
/// <param name="Memory">Octets of filters and indexes.</param>
/// <param name="Scopes">Scopes that have had entries.</param>
/// <param name="Key">Id of the key.</param>
internal sealed record SuppressionFigures(long Entries, int Recent, int Runs, long RunOctets, long JournalOctets, long Memory, int Scopes, ulong Key);
