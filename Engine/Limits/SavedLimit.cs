namespace Engine.Limits;

/// <summary>What was saved of one limit.</summary>
/// <param name="Tokens">In the bucket of recipients; null when it was full or there was none.</param>
/// <param name="ConnectTokens">In the bucket of connections; null as before.</param>
/// <param name="Used">Counted in the window.</param>
/// <param name="Start">Wall clock: when that window began.</param>
internal sealed record SavedLimit(double? Tokens, double? ConnectTokens, long Used, DateTimeOffset Start);
