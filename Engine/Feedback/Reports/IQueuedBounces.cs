using Engine.Feedback.Reading;
using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>Ends a recipient that is still queued when its bounce comes in: its dot had no answer, or an operator queued it again.</summary>
internal interface IQueuedBounces
{
    /// <summary>Completes when its end is on stable storage; at once when it is not queued, which is nearly always.</summary>
    /// <param name="token">Names message and recipient.</param>
    /// <param name="bounce">A hard one.</param>
    /// <param name="stop">Gives up waiting.</param>
    ValueTask EndAsync(ReturnToken token, ReportedRecipient bounce, CancellationToken stop);
}
