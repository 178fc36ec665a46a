namespace Engine.Configuration;

/// <summary>What a limit can match and count by.</summary>
internal enum LimitDimension : byte
{
    Destination,
    Source,
    Pool,
    Account,
    SenderDomain,
    Campaign,
    Stream,
    Class,
}
