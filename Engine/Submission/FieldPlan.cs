using Engine.Configuration;
using Engine.Mail;

namespace Engine.Submission;

/// <summary>Which fields for feedback a message gets, and for whom. Pure.</summary>
/// <param name="HasUnsubscribe">List-Unsubscribe, whose token names the recipient; with a URL the https variant, and List-Unsubscribe-Post where the message is signed.</param>
/// <param name="HasComplaints">CFBL-Address and CFBL-Feedback-ID, whose token names the recipient where the head is his alone.</param>
/// <param name="HasFeedbackId">Feedback-ID.</param>
/// <param name="IsSigned">Whether a signature of ours covers them.</param>
/// <param name="IsPerRecipient">Each recipient gets a head of his own.</param>
internal readonly record struct FieldPlan(bool HasUnsubscribe, bool HasComplaints, bool HasFeedbackId, bool IsSigned, bool IsPerRecipient)
{
    /// <param name="terms">In force.</param>
    /// <param name="placement">Whose message it is.</param>
    /// <param name="present">What stands there already.</param>
    /// <param name="isSigned">Whether a signature of ours will cover what is added: without one nobody believes Feedback-ID, CFBL fields or one-click.</param>
    /// <param name="recipients">How many.</param>
    /// <param name="canName">Whether recipients have digests here.</param>
    public static FieldPlan Of(FeedbackTerms terms, in Placement placement, FieldsPresent present, bool isSigned, int recipients, bool canName)
    {
        var hasTokens = terms.Tokens is not null && canName;
        var unsubscribes = hasTokens && placement.Stream.Class is StreamClass.Marketing && (present & FieldsPresent.Unsubscribe) == 0;
        var complaints = hasTokens && isSigned && terms.ComplaintAddress is not null && (present & FieldsPresent.Complaints) == 0;
        var isPerRecipient = recipients > 1 && placement.Account.PerRecipient switch
        {
            PerRecipient.Always => true,
            PerRecipient.Never => false,
            _ => unsubscribes || complaints,
        };

        // A link in a head that several get would let each unsubscribe the others.
        return new FieldPlan(
            unsubscribes && (recipients == 1 || isPerRecipient),
            complaints,
            terms.Tokens is not null && isSigned && (present & FieldsPresent.FeedbackId) == 0,
            isSigned,
            isPerRecipient);
    }
}
