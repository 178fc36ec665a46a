namespace Engine.Reputation.Score;

/// <summary>Who has a score.</summary>
internal enum ScoreKind : byte
{
    Account,

    /// <summary>Domain of the From header.</summary>
    SenderDomain,
}
