namespace Engine.Limits;

/// <summary>What was saved of one limit.</summary>
/// <param name="Tokens">In the bucket of recipients; null when it was full or there was none.</param>
/// <param name="ConnectTokens">In the bucket of connections; null as before.</param>
/// <param name="Used">Counted in the window.</param>
/// <param name="Start">Wall clock: when that window began.</param>
/// <param name="At">Wall clock: when that was so.</param>
/// <param name="Until">Wall clock: from then on it says no more than no row would; the buckets are full, the window is over.</param>
internal sealed record SavedLimit(double? Tokens, double? ConnectTokens, long Used, DateTimeOffset Start, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>Whether everything in it was taken up.</summary>
    public bool IsEmpty => Tokens is null && ConnectTokens is null && Used == 0;
}
