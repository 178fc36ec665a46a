namespace Engine.Preflight;

/// <summary>What a check says about sending.</summary>
internal enum GateEvidence : byte
{
    Good,

    /// <summary>Something required is missing or another, by an answer of DNS that counts.</summary>
    Contradiction,

    /// <summary>DNS could not be asked: it says nothing, either way.</summary>
    Unknown,
}
