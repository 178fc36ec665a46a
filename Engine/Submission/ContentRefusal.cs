namespace Engine.Submission;

/// <summary>What the client is told of content that cannot be taken; the same on every listener.</summary>
internal static class ContentRefusal
{
    /// <returns>Null for no fault, and for those that have words of their own.</returns>
    public static Refusal? Of(ContentFault fault) => fault switch
    {
        ContentFault.BareLineEnd => new Refusal(RejectReason.Content, Replies.ContentBareLineEnd),
        ContentFault.Nul => new Refusal(RejectReason.Content, Replies.ContentNul),
        ContentFault.LineTooLong => new Refusal(RejectReason.Content, Replies.ContentLineTooLong),
        ContentFault.HeaderTooBig => new Refusal(RejectReason.Size, Replies.HeaderTooBig),
        ContentFault.TooBig => new Refusal(RejectReason.Size, Replies.TooBig),
        ContentFault.NoMemory => new Refusal(RejectReason.Busy, Replies.NoMemory),
        _ => null,
    };
}
