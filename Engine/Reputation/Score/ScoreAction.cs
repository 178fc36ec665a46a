namespace Engine.Reputation.Score;

/// <summary>What is to be done about a score.</summary>
internal enum ScoreAction : byte
{
    Alert,

    /// <summary>The account's mail goes by the pool set apart.</summary>
    Isolate,

    /// <summary>It goes by its own pools again.</summary>
    Restore,
    Pause,
}
