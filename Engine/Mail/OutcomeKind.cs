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

    /// <summary>Trouble of our own (no source, no resolver, a limit): no attempt is counted, nobody is blamed.</summary>
    Local,
}
