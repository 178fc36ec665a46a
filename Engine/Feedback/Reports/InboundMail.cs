using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>One mail that came in for addresses of ours.</summary>
/// <param name="Client">Address of the client.</param>
/// <param name="Sender">Reverse path; null for most reports.</param>
/// <param name="Recipients">At least one.</param>
/// <param name="Content">Our Received field, then the mail. Not all of it where nobody needs more.</param>
internal sealed record InboundMail(string Client, Mailbox Sender, IReadOnlyList<InboundRecipient> Recipients, ReadOnlyMemory<byte> Content)
{
    /// <summary>Whether the end is missing: nobody here needed it.</summary>
    public bool IsCut { get; init; }
}
