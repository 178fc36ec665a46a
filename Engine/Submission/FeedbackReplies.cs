using Engine.Feedback.Reports;

namespace Engine.Submission;

/// <summary>What a feedback listener answers besides <see cref="Replies"/>. RFC 3463.</summary>
internal static class FeedbackReplies
{
    public static readonly Reply Help = Reply.Parse("214 2.0.0 RFC 5321; bounces, complaints, postmaster and abuse only");
    public static readonly Reply Taken = Reply.Parse("250 2.0.0 Taken");
    public static readonly Reply NoRelay = Reply.Parse("550 5.7.1 This port takes reports about our own mail; it relays nothing");

    /// <summary>The same for an address that never was and for a token that is forged: nobody learns what is missing.</summary>
    public static readonly Reply NoSuchAddress = Reply.Parse("550 5.1.1 No such address here");
    public static readonly Reply Expired = Reply.Parse("550 5.7.1 This address has expired");
    public static readonly Reply TooOften = Reply.Parse("451 4.7.1 Too much mail from your network to this address: try again later");
    public static readonly Reply NoChunks = Reply.Parse("502 5.5.1 BDAT is not offered here");

    /// <summary>The reply to a recipient that is not taken.</summary>
    public static Reply For(InboundRejection reason) => reason switch
    {
        InboundRejection.Relay => NoRelay,
        InboundRejection.Expired => Expired,
        InboundRejection.Rate => TooOften,
        InboundRejection.Recipients => Replies.TooManyRecipients,
        InboundRejection.Size => Replies.TooBig,
        _ => NoSuchAddress,
    };
}
