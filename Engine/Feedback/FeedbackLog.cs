using Engine.Mail;

namespace Engine.Feedback;

/// <summary>Log messages of the room.</summary>
internal static partial class FeedbackLog
{
    [LoggerMessage(EventId = 3_001, Level = LogLevel.Error, Message = "The outcome of an attempt could not be recorded; its recipients are tried again after a restart")]
    public static partial void AttemptLost(ILogger log, Exception fault);

    [LoggerMessage(EventId = 3_002, Level = LogLevel.Warning, Message = "{Id}/{Recipient}: trouble of our own, no attempt counted: {Text}")]
    public static partial void LocalTrouble(ILogger log, MessageId id, int recipient, string? text);

    [LoggerMessage(EventId = 3_003, Level = LogLevel.Error, Message = "{Id}/{Recipient}: its failure notice could not be made; tried again in a minute")]
    public static partial void NoticeFailed(ILogger log, MessageId id, int recipient, Exception fault);

    [LoggerMessage(EventId = 3_004, Level = LogLevel.Error, Message = "{Id}/{Recipient}: the suppression list could not be written; the recipient waits a minute")]
    public static partial void NotSuppressed(ILogger log, MessageId id, int recipient, Exception fault);
}
