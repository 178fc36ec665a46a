namespace Engine.Reports.Seeds;

/// <summary>A line of the table: a provider reached by a pool.</summary>
/// <param name="Provider">Whose mailboxes.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Day">The last 24 h.</param>
/// <param name="Week">The last 7 days.</param>
/// <param name="Drift">What is wrong now, in words; empty for nothing.</param>
internal sealed record SeedRow(string Provider, string Pool, SeedShare Day, SeedShare Week, string Drift);
