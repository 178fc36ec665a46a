namespace Engine.Reputation.Score;

/// <summary>One share of a score.</summary>
/// <param name="Name">For example <c>complaints</c>.</param>
/// <param name="Points">Added to 100: below 0 but for engagement.</param>
/// <param name="Count">How many were counted.</param>
/// <param name="Of">What they are a share of.</param>
/// <param name="Rate">The share that is reckoned with: drawn to the mean of all senders while there is little of it.</param>
internal readonly record struct ScoreComponent(string Name, double Points, double Count, long Of, double Rate);
