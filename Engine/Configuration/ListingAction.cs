namespace Engine.Configuration;

/// <summary>What a listing of a source does.</summary>
internal enum ListingAction : byte
{
    /// <summary>Its mail moves to other sources until some time after the listing has gone.</summary>
    Quarantine,

    /// <summary>The operator hears of it.</summary>
    Alert,

    /// <summary>No list is asked.</summary>
    Off,
}
