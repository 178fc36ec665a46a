using Engine.Feedback.Reading;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>What a <see cref="ReportDesk"/> works with. All of it is thread-safe.</summary>
/// <param name="Read">Reads a mail; never throws.</param>
/// <param name="Door">Opens tokens that stand inside mails.</param>
/// <param name="Suppressions">Suppresses.</param>
/// <param name="Forwards">Takes mail to postmaster and abuse.</param>
/// <param name="Shelf">Keeps what nothing could be done with.</param>
/// <param name="Names">For events.</param>
/// <param name="Watch">Hears what was proven.</param>
/// <param name="Meter">Counts.</param>
/// <param name="Events">Take what was heard.</param>
internal sealed record ReportParts(
    Func<ReadOnlyMemory<byte>, MailReport> Read, InboundDoor Door, SuppressionWriter Suppressions, ForwardDesk Forwards, UnparsedShelf Shelf, StreamNames Names, IReportWatch Watch, InboundMeter Meter, IEvents Events)
{
    /// <summary>Ends recipients that are still queued; null leaves them to the check before sending.</summary>
    public IQueuedBounces? Queued { get; init; }

    /// <summary>Tells the submitter by mail, where the account wants it: a bounce of a recipient whose message has left the queue. Must not block. Null tells nobody.</summary>
    public Action<ReturnToken, ReportedRecipient>? Submitter { get; init; }
}
