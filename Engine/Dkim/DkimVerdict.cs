namespace Engine.Dkim;

/// <summary>What became of one signature. Words of RFC 8601 §2.7.1.</summary>
internal enum DkimVerdict : byte
{
    Pass,

    /// <summary>The signature or the body hash does not match, or the signature has expired.</summary>
    Fail,

    /// <summary>Nobody here could look: this machine has no library for the algorithm.</summary>
    Neutral,

    /// <summary>The signature or its key record is malformed, missing or not meant for this.</summary>
    PermanentError,

    /// <summary>The key could not be looked up for now.</summary>
    TemporaryError,
}
