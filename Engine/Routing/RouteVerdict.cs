namespace Engine.Routing;

/// <summary>What routing says of a domain.</summary>
internal enum RouteVerdict : byte
{
    Send,

    /// <summary>A route says to keep it.</summary>
    Hold,

    /// <summary>A route says to throw it away.</summary>
    Discard,

    /// <summary>The domain takes no mail, for certain.</summary>
    Unroutable,

    /// <summary>The resolver gave no answer: trouble of ours, no attempt counted.</summary>
    TryLater,
}
