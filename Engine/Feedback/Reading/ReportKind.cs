namespace Engine.Feedback.Reading;

/// <summary>What a mail that came back says of one recipient; <c>kind</c> of <c>feedback read --json</c>.</summary>
internal enum ReportKind : byte
{
    /// <summary>Nothing: it is a mail like any other.</summary>
    None,

    /// <summary>The recipient did not get it.</summary>
    Bounce,

    /// <summary>It is late and still tried.</summary>
    Delay,

    /// <summary>A machine answered: out of office, a vacation, a ticket. RFC 3834.</summary>
    AutoReply,

    /// <summary>The recipient, or who speaks for it, complains. RFC 5965.</summary>
    Complaint,
}
