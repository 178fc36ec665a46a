namespace Engine.Reputation;

/// <summary>How an attempt ended, as far as the way it took is concerned.</summary>
internal enum ObservationKind : byte
{
    /// <summary>Accepted by the receiver.</summary>
    Delivered,

    /// <summary>4xx, or a 5xx that is tried again.</summary>
    Deferred,

    /// <summary>Refused for good.</summary>
    Failed,

    /// <summary>No server reached, or a connection that broke.</summary>
    Unreachable,
}
