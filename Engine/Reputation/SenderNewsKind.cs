namespace Engine.Reputation;

/// <summary>What is heard of a sender.</summary>
internal enum SenderNewsKind : byte
{
    /// <summary>A receiver took a recipient's mail.</summary>
    Delivered,

    /// <summary>A recipient does not exist: at RCPT, or by a bounce that came later.</summary>
    HardBounced,

    /// <summary>A recipient complained.</summary>
    Complained,

    /// <summary>A receiver refused for the sender's reputation or for what the message says.</summary>
    Blocked,

    /// <summary>A recipient opened or clicked.</summary>
    Engaged,

    /// <summary>A filter looked at a message; <see cref="SenderNews.Spam"/> says what it found.</summary>
    Filtered,
}
