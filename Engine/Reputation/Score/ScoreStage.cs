namespace Engine.Reputation.Score;

/// <summary>What followed from a score.</summary>
internal enum ScoreStage : byte
{
    None,

    /// <summary>An alert was raised; no pool is set apart, or it is a domain.</summary>
    Low,
    Isolated,
    Paused,
}
