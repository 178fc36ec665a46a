namespace Engine.Reputation.Blocklists;

/// <summary>What changed.</summary>
internal enum ListingChangeKind : byte
{
    /// <summary>A listing was confirmed.</summary>
    Listed,

    /// <summary>It has gone, or does not count any more.</summary>
    Delisted,

    /// <summary>A source's mail moves away.</summary>
    Quarantined,

    /// <summary>A source is listed and stays, since its pool may not shrink further.</summary>
    Kept,

    /// <summary>A source comes back by one more step.</summary>
    Returning,

    /// <summary>A source is back in full.</summary>
    Restored,

    /// <summary>A place on an allow list was found.</summary>
    PlaceHeld,

    /// <summary>A place on an allow list was lost.</summary>
    PlaceLost,

    /// <summary>A list failed its self-test and does not count.</summary>
    ZoneSuspended,

    /// <summary>A list passed its self-test again.</summary>
    ZoneRestored,
}
