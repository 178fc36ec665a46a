namespace Engine.Submission;

/// <summary>Why mail was refused; label <c>reason</c> of <c>engine_rejected_total</c>, lower case.</summary>
internal enum RejectReason : byte
{
    None,

    /// <summary>The sender's address or domain.</summary>
    Sender,

    /// <summary>A recipient's address, or too many of them.</summary>
    Recipient,

    /// <summary>Message or header too big.</summary>
    Size,

    /// <summary>A header field is missing, doubled or malformed; an X-Engine field too.</summary>
    Header,

    /// <summary>Bare line ends, NUL, endless lines.</summary>
    Content,

    /// <summary>Too many Received fields.</summary>
    Loop,

    /// <summary>The account is paused, disabled or broken.</summary>
    Account,

    /// <summary>The account's injectRate or quota.</summary>
    Rate,

    /// <summary>The queue takes nothing, or memory for content is used up.</summary>
    Busy,

    /// <summary>The recipient is on the suppression list, and <c>suppression.answer</c> is <c>reject</c>.</summary>
    Suppressed,
}
