namespace Engine.Routing;

/// <summary>What the choice of a relay says of a recipient.</summary>
internal enum RelayVerdict : byte
{
    /// <summary>No relay: delivered as everything else, or waiting for its sources.</summary>
    None,

    /// <summary>By the relay named.</summary>
    Send,

    /// <summary>For the relay named and no other, which is closed now: look again in a while.</summary>
    Wait,

    /// <summary>Only the relay named may bring it, and the time for that is over.</summary>
    Expired,
}
