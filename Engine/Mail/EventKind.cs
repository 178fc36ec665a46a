namespace Engine.Mail;

/// <summary>The <c>event</c> of the event log; written lower case with hyphens. Later rooms add theirs.</summary>
internal enum EventKind : byte
{
    Accepted,
    Rejected,
    Scheduled,
    Held,
    Released,
    Delivered,
    Deferred,
    Bounced,
    Expired,
    Cancelled,
    Uncertain,
    Alert,
    Admin,
    ConfigReloaded,

    /// <summary>A recipient was handed to a relay.</summary>
    Relayed,

    /// <summary>A recipient was not sent to: it is suppressed.</summary>
    Suppressed,

    /// <summary>A limit changed; the rule says why.</summary>
    Throttled,
    SourceQuarantined,
    SourceRestored,

    /// <summary>An address or domain appeared on a block list.</summary>
    Listed,
    Delisted,
    WarmupAdvanced,
    WarmupHeld,
    CampaignPaused,
    AccountPaused,

    /// <summary>A complaint (ARF) about a message of ours.</summary>
    Complained,
    Unsubscribed,
    SuppressionAdded,
    SuppressionRemoved,

    /// <summary>A bounce that came by mail, after a server had taken the message.</summary>
    BounceReport,
    AutoReply,
}
