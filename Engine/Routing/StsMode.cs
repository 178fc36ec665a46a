namespace Engine.Routing;

/// <summary>What an MTA-STS policy asks of who sends. RFC 8461 §5.</summary>
internal enum StsMode : byte
{
    /// <summary>No policy, or one that says <c>none</c>.</summary>
    None,

    /// <summary>Held against it and reported; mail goes as if there were none.</summary>
    Testing,

    /// <summary>No delivery to a host that the policy does not name or whose certificate does not hold.</summary>
    Enforce,
}
