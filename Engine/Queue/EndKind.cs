namespace Engine.Queue;

/// <summary>How a recipient ended. Each ends exactly once. Numbers stand in the log.</summary>
internal enum EndKind : byte
{
    Delivered = 1,
    Bounced = 2,
    Expired = 3,
    Suppressed = 4,
    Cancelled = 5,
}
