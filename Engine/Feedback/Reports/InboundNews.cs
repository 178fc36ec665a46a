namespace Engine.Feedback.Reports;

/// <summary>What became of a mail that came back, for one recipient; label <c>kind</c> of <c>engine_feedback_heard_total</c>, lower case.</summary>
internal enum InboundNews : byte
{
    Hard,
    Soft,
    Delay,
    AutoReply,
    Complaint,

    /// <summary>A provider says that mail it had taken for spam is none.</summary>
    NotSpam,

    /// <summary>A complaint without a good token: kept, never acted on.</summary>
    Tokenless,
    Unsubscribe,

    /// <summary>Known already.</summary>
    Repeated,

    /// <summary>Nothing could be read from it.</summary>
    Unparsed,
    Forwarded,

    /// <summary>To postmaster or abuse, and kept instead of forwarded: no address is configured, it loops, or there were too many.</summary>
    Kept,
}
