namespace Engine.Reputation.Blocklists;

internal static partial class BlocklistLog
{
    [LoggerMessage(EventId = 4300, Level = LogLevel.Error, Message = "A question to a block list failed; it comes again in its turn")]
    public static partial void CheckFailed(this ILogger logger, Exception fault);
}
