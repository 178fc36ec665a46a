namespace Engine.Reports.Seeds;

/// <summary>What became of one probe.</summary>
/// <param name="Seed">Which mailbox.</param>
/// <param name="Provider">Whose.</param>
/// <param name="Pool">The pool it left by; <c>default</c> without pools.</param>
/// <param name="Source">The source it left from, as far as its Received fields tell; empty when unknown.</param>
/// <param name="Sent">When our intake took it.</param>
/// <param name="Place">Where it ended.</param>
/// <param name="Seconds">From there to the mailbox; 0 for a missing one.</param>
/// <param name="Verdict">What the receiver says of it, as <c>spf=pass dkim=pass dmarc=pass</c>; empty when it says nothing.</param>
internal sealed record SeedResult(string Seed, string Provider, string Pool, string Source, DateTimeOffset Sent, SeedPlace Place, double Seconds, string Verdict);
