namespace Engine.Dkim.Rotation;

/// <summary>What one place in DNS says about a key record.</summary>
internal enum SightingKind : byte
{
    /// <summary>The record, and it holds this key.</summary>
    Shown,

    /// <summary>There is no such record.</summary>
    Missing,

    /// <summary>A record, but not of this key; or several.</summary>
    Different,

    /// <summary>No answer, or one that says nothing.</summary>
    Silent,
}
