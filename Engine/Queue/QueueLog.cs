namespace Engine.Queue;

/// <summary>What the queue logs.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Queue recovered: {Recipients} recipients of {Messages} messages, log from {Begin} to {Tail}")]
    public static partial void Recovered(ILogger log, long recipients, long messages, long begin, long tail);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "queue.durability is memory: mail answered with 250 is lost when the machine fails")]
    public static partial void NotDurable(ILogger log);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Critical, Message = "The queue's disk failed; no mail is taken and none is sent until a restart")]
    public static partial void Failed(ILogger log, Exception reason);
}
