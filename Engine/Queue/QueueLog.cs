namespace Engine.Queue;

/// <summary>What the queue logs.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Queue recovered: {Recipients} recipients of {Messages} messages, log from {Begin} to {Tail}")]
    public static partial void Recovered(ILogger log, long recipients, long messages, long begin, long tail);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "queue.durability is memory: mail answered with 250 is lost when the machine fails")]
    public static partial void NotDurable(ILogger log);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Critical, Message = "The queue's disk failed: 452 to submitters, no transaction begins; opening the log anew")]
    public static partial void Faulted(ILogger log, Exception reason);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "The queue's disk takes writes again; mail goes on")]
    public static partial void FaultOver(ILogger log);

    [LoggerMessage(EventId = 2006, Level = LogLevel.Warning, Message = "Snapshot {Name} cannot be read; an older one, or the whole log, is tried")]
    public static partial void SnapshotDamaged(ILogger log, string name, Exception fault);

    [LoggerMessage(EventId = 2007, Level = LogLevel.Error, Message = "The queue's upkeep failed; it is tried again. Disk is not given back meanwhile")]
    public static partial void UpkeepFailed(ILogger log, Exception fault);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Debug, Message = "Segment {Segment} of generation {Generation}: {Messages} living messages copied on")]
    public static partial void Compacted(ILogger log, int generation, int segment, int messages);

    [LoggerMessage(EventId = 2009, Level = LogLevel.Critical, Message = "The queue's disk is full: the reserve is given up, so that what is sent can be settled; mail is answered 452 until there is room again")]
    public static partial void ReserveUsed(ILogger log);

    [LoggerMessage(EventId = 2010, Level = LogLevel.Error, Message = "Stored mail is damaged: what cannot be read stays where it is; 'engine spool verify' tells what it is")]
    public static partial void SegmentDamaged(ILogger log, Exception fault);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Error, Message = "A file of the queue that is not needed any more cannot be deleted; it is tried again at the next start")]
    public static partial void RemovalFailed(ILogger log, Exception fault);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Critical, Message = "The queue's disk does not take writes: the process ends with 75, and the next start decides")]
    public static partial void Failed(ILogger log, Exception reason);
}
