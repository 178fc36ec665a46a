namespace Engine.Reputation.Score;

/// <summary>What became of an import.</summary>
/// <param name="Taken">Marks counted.</param>
/// <param name="Refused">Lines that said nothing that can be used.</param>
/// <param name="First">What was wrong with the first of them, with its line; null for none.</param>
internal readonly record struct EngagementTally(long Taken, long Refused, string? First);
