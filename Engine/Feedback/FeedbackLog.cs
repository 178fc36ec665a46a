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

    [LoggerMessage(EventId = 3_004, Level = LogLevel.Error, Message = "The suppression list could not be written; {Waiting} failures wait for it, and it is tried again")]
    public static partial void NotSuppressed(ILogger log, int waiting, Exception? fault);

    [LoggerMessage(EventId = 3_005, Level = LogLevel.Error, Message = "{Id}/{Recipient}: its notice could not be made and is lost; the recipient is settled")]
    public static partial void NoticeLost(ILogger log, MessageId id, int recipient, Exception fault);

    [LoggerMessage(EventId = 3_006, Level = LogLevel.Warning, Message = "{Count} notices of success were not made: more wait than system.rate makes; not told again for a minute")]
    public static partial void SuccessesNotTold(ILogger log, int count);

    [LoggerMessage(EventId = 3_007, Level = LogLevel.Error, Message = "{Id}/{Recipient}: is suppressed, and could not be settled; tried again in a minute")]
    public static partial void NotEnded(ILogger log, MessageId id, int recipient, Exception fault);

    [LoggerMessage(EventId = 3_008, Level = LogLevel.Error, Message = "{Id}/{Recipient}: too many failures wait for the suppression list; it is sent to again in an hour")]
    public static partial void TooManyWait(ILogger log, MessageId id, int recipient);
}
