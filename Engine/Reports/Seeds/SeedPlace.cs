namespace Engine.Reports.Seeds;

/// <summary>Where a probe ended.</summary>
internal enum SeedPlace : byte
{
    Inbox,
    Spam,

    /// <summary>In neither within <c>missingAfter</c>, while the mailbox could be read and the message was not in our queue any more.</summary>
    Missing,
}
