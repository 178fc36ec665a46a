namespace Engine.Reputation.Blocklists;

/// <summary>Where a listing stands.</summary>
internal enum ListingState : byte
{
    /// <summary>Seen once: asked again in a few seconds.</summary>
    Suspected,

    /// <summary>Seen twice in a row. On an allow list: the place is held.</summary>
    Listed,

    /// <summary>Gone; the source it had quarantined comes back step by step.</summary>
    Returning,
}
