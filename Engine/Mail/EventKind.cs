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
}
