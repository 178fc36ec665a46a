namespace Engine.Scheduling;

/// <summary>One lane as it stands now.</summary>
/// <param name="Source">Name of the source.</param>
/// <param name="Workers">With at most one connection each.</param>
/// <param name="Connecting">Of those, not through yet.</param>
/// <param name="Weight">Its share; 0 takes no mail.</param>
/// <param name="IsWarming">It takes lively recipients first.</param>
/// <param name="Trouble">Why it is paused; null when it is not.</param>
/// <param name="PausedUntil">Wall clock; null when it is not paused.</param>
/// <param name="Limits">Those of the lane, and those of the flow by this source: of every waiting flow when none was asked for.</param>
internal sealed record LaneState(string Source, int Workers, int Connecting, int Weight, bool IsWarming, string? Trouble, DateTimeOffset? PausedUntil, IReadOnlyList<BindingLimit> Limits);
