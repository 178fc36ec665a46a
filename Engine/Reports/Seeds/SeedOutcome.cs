namespace Engine.Reports.Seeds;

/// <summary>What a visit settled.</summary>
/// <param name="Ended">Probes with what became of them; null for one that is missing.</param>
/// <param name="News">About the seed itself, for the operator; null for none.</param>
internal sealed record SeedOutcome(IReadOnlyList<(SeedProbe Probe, SeedSighting? Sighting)> Ended, string? News);
