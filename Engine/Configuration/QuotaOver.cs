namespace Engine.Configuration;

/// <summary>What becomes of mail over the quota.</summary>
internal enum QuotaOver : byte
{
    /// <summary>452: the client keeps it.</summary>
    Reject,

    /// <summary>Taken, counted in the first window that has room, and sent from its beginning.</summary>
    Hold,
}
