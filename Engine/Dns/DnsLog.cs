using System.Net;

namespace Engine.Dns;

internal static partial class DnsLog
{
    [LoggerMessage(EventId = 3100, Level = LogLevel.Warning, Message = "Resolver {Server} does not answer ({Outcome}); it is asked last for now")]
    public static partial void ServerSilent(this ILogger logger, IPEndPoint server, TryOutcome outcome);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Resolver {Server} answers again")]
    public static partial void ServerAnswers(this ILogger logger, IPEndPoint server);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Debug, Message = "No answer for {Name} {Type}: {Outcome}")]
    public static partial void QuestionFailed(this ILogger logger, string name, RecordType type, TryOutcome outcome);
}
