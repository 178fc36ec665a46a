namespace Engine.Feedback.Reports;

/// <summary>What an address of ours is that mail came in for.</summary>
internal enum InboundKind : byte
{
    /// <summary>A token of ours: its purpose says the rest.</summary>
    Token,

    /// <summary>One of <c>feedback.complaints</c>.</summary>
    Complaints,

    Postmaster,

    Abuse,
}
