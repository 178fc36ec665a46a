namespace Engine.Reports.Seeds;

/// <summary>How a seed stands, for the operator.</summary>
/// <param name="Seed">Its name.</param>
/// <param name="Provider">Whose mailbox.</param>
/// <param name="Address">Where probes go.</param>
/// <param name="Open">Probes looked for.</param>
/// <param name="NextProbe">When the next ones are sent; null while the mailbox cannot be read.</param>
/// <param name="Trouble">Why it cannot; empty.</param>
/// <param name="Last">The newest result; null for none.</param>
internal sealed record SeedView(string Seed, string Provider, string Address, int Open, DateTimeOffset? NextProbe, string Trouble, SeedResult? Last);
