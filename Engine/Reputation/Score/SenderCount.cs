namespace Engine.Reputation.Score;

/// <summary>What is counted of a sender within the window.</summary>
internal enum SenderCount : byte
{
    Delivered,
    Hard,
    Complaints,
    Blocked,
    Engaged,

    /// <summary>Messages that a filter looked at.</summary>
    Filtered,

    /// <summary>Sum of their spam scores, in thousandths of the one that rejects.</summary>
    Spam,
}
