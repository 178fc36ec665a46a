using System.Net;

namespace Engine.Submission;

/// <summary>What this room tells the log.</summary>
internal static partial class SubmissionLog
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "listener {Name} takes mail on {EndPoint}")]
    public static partial void Listening(this ILogger log, string name, IPEndPoint endPoint);

    [LoggerMessage(EventId = 6002, Level = LogLevel.Information, Message = "listener {Name} on {EndPoint} is closed")]
    public static partial void Unbound(this ILogger log, string name, IPEndPoint endPoint);

    [LoggerMessage(EventId = 6003, Level = LogLevel.Error, Message = "listener {Name} cannot be bound to {Bind}")]
    public static partial void CannotBind(this ILogger log, Exception fault, string name, string bind);

    [LoggerMessage(EventId = 6004, Level = LogLevel.Error, Message = "the listeners' certificate cannot be loaded; the one before stays")]
    public static partial void CannotLoadCertificate(this ILogger log, Exception fault);

    [LoggerMessage(EventId = 6005, Level = LogLevel.Error, Message = "session {Session} of {Client} ended by a fault")]
    public static partial void SessionFault(this ILogger log, Exception fault, long session, IPAddress client);

    [LoggerMessage(EventId = 6006, Level = LogLevel.Warning, Message = "login {Login} from {Client} failed on listener {Listener}")]
    public static partial void LoginFailed(this ILogger log, string login, IPAddress client, string listener);

    [LoggerMessage(EventId = 6007, Level = LogLevel.Debug, Message = "handshake with {Client} failed on listener {Listener}")]
    public static partial void HandshakeFailed(this ILogger log, IPAddress client, string listener);

    [LoggerMessage(EventId = 6008, Level = LogLevel.Error, Message = "connections are answered 421: {Free} of {Limit} file descriptors are free, and {Reserve} are kept for delivery and the queue. Raise LimitNOFILE, or lower maxConnections of the listeners")]
    public static partial void DescriptorsShort(this ILogger log, long free, long limit, long reserve);
}
