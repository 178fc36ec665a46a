using Engine.Mail;

namespace Engine.Feedback.Reports;

/// <summary>Log messages about what comes back. Tokens never stand in them: who has one may act.</summary>
internal static partial class ReportsLog
{
    [LoggerMessage(EventId = 3_101, Level = LogLevel.Error, Message = "{Id}: an unsubscription could not be made lasting; the caller was told to try again")]
    public static partial void NotUnsubscribed(ILogger log, MessageId id, Exception fault);

    [LoggerMessage(EventId = 3_102, Level = LogLevel.Error, Message = "a mail that came back could not be dealt with; its sender was told to try again")]
    public static partial void NotHeard(ILogger log, Exception fault);

    [LoggerMessage(EventId = 3_103, Level = LogLevel.Error, Message = "the unsubscribe endpoint failed on a request")]
    public static partial void EndpointFault(ILogger log, Exception fault);
}
