namespace Engine.Mail;

/// <summary>How an attempt ended for one recipient, before anybody judges the reply.</summary>
internal enum OutcomeKind : byte
{
    /// <summary>2xx after the dot: the receiver has it.</summary>
    Delivered,

    /// <summary>4xx or 5xx: see code and text.</summary>
    Refused,

    /// <summary>The dot was sent, no answer came. RFC 5321 §4.5.3.2.6.</summary>
    Uncertain,

    /// <summary>No server could be reached, or the connection broke before the dot.</summary>
    Unreachable,

    /// <summary>DNS says for certain that the domain takes no mail.</summary>
    Unroutable,

    /// <summary>No exchanger offers what the message needs (SMTPUTF8, its size): permanent.</summary>
    NotOffered,

    /// <summary>Its time is over; no attempt was made.</summary>
    Expired,

    /// <summary>An operator ended it with a notice.</summary>
    Failed,

    /// <summary>Configuration says to throw it away; counts as delivered, and the event says so.</summary>
    Discarded,

    /// <summary>The recipient is suppressed: nothing was sent. The text says why.</summary>
    Suppressed,

    /// <summary>Trouble of our own (no source, no resolver, a limit): no attempt is counted, nobody is blamed.</summary>
    Local,
}
