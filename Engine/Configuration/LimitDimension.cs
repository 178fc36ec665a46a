namespace Engine.Configuration;

/// <summary>What a limit can match and count by.</summary>
internal enum LimitDimension : byte
{
    /// <summary>Id of the provider data; a destination of no provider matches none, and counts by its own name.</summary>
    Provider,
    Destination,
    Source,
    Pool,
    Account,
    SenderDomain,
    Campaign,
    Stream,
    Class,
}
