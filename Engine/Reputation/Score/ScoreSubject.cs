namespace Engine.Reputation.Score;

/// <summary>Who has a score.</summary>
/// <param name="Kind">What the name names.</param>
/// <param name="Name">An account, or a domain.</param>
internal readonly record struct ScoreSubject(ScoreKind Kind, string Name);
