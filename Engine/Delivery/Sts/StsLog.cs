using Engine.Mail;

namespace Engine.Delivery.Sts;

/// <summary>Log messages of MTA-STS.</summary>
internal static partial class StsLog
{
    [LoggerMessage(EventId = 4_201, Level = LogLevel.Information, Message = "The MTA-STS policy of {Domain} could not be fetched: {Reason}. {Consequence}")]
    public static partial void NotFetched(ILogger log, DomainName domain, string reason, string consequence);

    [LoggerMessage(EventId = 4_202, Level = LogLevel.Warning, Message = "{Path}: {Damaged} lines are damaged and left out; those policies are fetched again with the next mail")]
    public static partial void Damaged(ILogger log, string path, int damaged);

    [LoggerMessage(EventId = 4_203, Level = LogLevel.Error, Message = "{Path} could not be read; policies are fetched again with the next mail")]
    public static partial void NotRead(ILogger log, string path, Exception fault);

    [LoggerMessage(EventId = 4_204, Level = LogLevel.Error, Message = "Looking for the MTA-STS policy of {Domain} failed; tried again in a minute")]
    public static partial void Failed(ILogger log, DomainName domain, Exception fault);

    [LoggerMessage(EventId = 4_205, Level = LogLevel.Warning, Message = "{Path} could not be written: a restart may forget MTA-STS policies")]
    public static partial void NotKept(ILogger log, string path, Exception fault);
}
