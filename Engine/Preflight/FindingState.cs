namespace Engine.Preflight;

/// <summary>How a check stands.</summary>
internal enum FindingState : byte
{
    Good,

    /// <summary>It could be better; nothing is held for it.</summary>
    Advice,

    /// <summary>DNS said, with authority, something else than is needed.</summary>
    Wrong,

    /// <summary>DNS could not be asked: neither good nor wrong.</summary>
    Unknown,
}
