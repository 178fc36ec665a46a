namespace Engine.Submission;

/// <summary>What becomes of a message's head.</summary>
internal enum Sealing : byte
{
    /// <summary>Nobody has a key for it.</summary>
    Unsigned,

    Signed,

    /// <summary>A key that should sign it cannot be had: 451, it does not go out unsigned.</summary>
    Refused,
}
