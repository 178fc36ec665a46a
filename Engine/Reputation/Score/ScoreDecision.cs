namespace Engine.Reputation.Score;

/// <summary>One step, and the score it was taken for.</summary>
internal sealed record ScoreDecision(ScoreAction Action, ScoreReport Report, string? Pool);
