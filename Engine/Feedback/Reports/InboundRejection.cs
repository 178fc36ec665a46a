namespace Engine.Feedback.Reports;

/// <summary>Why something was not taken at the feedback listener; label <c>reason</c> of <c>engine_feedback_rejected_total</c>, lower case.</summary>
internal enum InboundRejection : byte
{
    None,

    /// <summary>A domain that is not ours: somebody looks for a relay.</summary>
    Relay,

    /// <summary>A domain of ours, and nobody there.</summary>
    Unknown,

    /// <summary>The form of a token that none of our keys signed.</summary>
    Forged,

    /// <summary>A token older than is believed.</summary>
    Expired,

    /// <summary>An address that cannot be read.</summary>
    Syntax,

    /// <summary>Too many recipients in one transaction.</summary>
    Recipients,

    /// <summary>One client wrote too often to addresses that are open to everybody.</summary>
    Rate,

    /// <summary>Message or header too big.</summary>
    Size,

    /// <summary>Bare line ends, NUL, endless lines.</summary>
    Content,

    /// <summary>Memory for content is used up.</summary>
    Busy,

    /// <summary>The suppression list, the queue or a disk failed: the client was told to come again.</summary>
    Fault,
}
