namespace Engine.Dns;

/// <summary>What was understood of a reply.</summary>
/// <param name="Outcome">How the try ended.</param>
/// <param name="Answer">Set when answered.</param>
/// <param name="Onward">The reply ended at an alias without its target's records and without a word that there are none: ask for this name.</param>
internal readonly record struct Reading(TryOutcome Outcome, DnsAnswer? Answer = null, string? Onward = null);
