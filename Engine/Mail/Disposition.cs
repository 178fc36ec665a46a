namespace Engine.Mail;

/// <summary>What is done with a recipient after a reply. Names as in <c>classify --json</c>.</summary>
internal enum Disposition : byte
{
    /// <summary>Try again on the schedule named beside it.</summary>
    Retry,

    /// <summary>Try again, from another source if there is one.</summary>
    RetryOtherSource,

    /// <summary>Try the next MX now, then the schedule.</summary>
    RetryOtherMx,

    /// <summary>Try again with TLS required.</summary>
    RetryTls,

    /// <summary>Back to the head of its flow, new connection; no attempt counted.</summary>
    Reconnect,

    /// <summary>Again, alone, no attempt counted: the server takes fewer recipients at once.</summary>
    Split,

    /// <summary>Permanent for this message.</summary>
    Fail,

    /// <summary>Permanent, and the recipient is to be suppressed.</summary>
    Suppress,
}
