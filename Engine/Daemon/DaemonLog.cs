namespace Engine.Daemon;

/// <summary>Log messages of the room.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(EventId = 5_001, Level = LogLevel.Information, Message = "Configuration reloaded, {Changes} keys changed")]
    public static partial void Reloaded(ILogger log, int changes);

    [LoggerMessage(EventId = 5_002, Level = LogLevel.Error, Message = "Reload refused: {Finding}")]
    public static partial void ReloadRefused(ILogger log, string finding);

    [LoggerMessage(EventId = 5_003, Level = LogLevel.Warning, Message = "This state belongs to {Owner}; everything is held until 'engine adopt --yes'")]
    public static partial void ForeignState(ILogger log, string owner);

    [LoggerMessage(EventId = 5_004, Level = LogLevel.Warning, Message = "{Finding}")]
    public static partial void Isolated(ILogger log, string finding);

    [LoggerMessage(EventId = 5_005, Level = LogLevel.Warning, Message = "queue.durability is memory: what is accepted is lost with the process")]
    public static partial void NotDurable(ILogger log);

    [LoggerMessage(EventId = 5_006, Level = LogLevel.Information, Message = "engine {Version} runs: {Queued} recipients queued, taking mail on {Listeners}")]
    public static partial void Running(ILogger log, string version, long queued, string listeners);

    [LoggerMessage(EventId = 5_007, Level = LogLevel.Critical, Message = "A part of the engine cannot go on; it ends so that a restart can recover")]
    public static partial void CannotGoOn(ILogger log, Exception? fault);

    [LoggerMessage(EventId = 5_008, Level = LogLevel.Information, Message = "Stopping: intake closed, pending deliveries finish")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(EventId = 5_020, Level = LogLevel.Warning, Message = "What was in rate limits and quotas could not be read; buckets start with one token: {Fault}")]
    public static partial void LimitsNotRead(ILogger log, string fault);

    [LoggerMessage(EventId = 5_009, Level = LogLevel.Information, Message = "Stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(EventId = 5_010, Level = LogLevel.Warning, Message = "{Path} cannot be read and is set aside ({Fault}): what it held is learned anew, slowly")]
    public static partial void StateNotRead(ILogger log, string path, string fault);

    [LoggerMessage(EventId = 5_011, Level = LogLevel.Warning, Message = "state/{Name} could not be written: {Fault}")]
    public static partial void StateNotKept(ILogger log, string name, string fault);

    [LoggerMessage(EventId = 5_012, Level = LogLevel.Error, Message = "A turn of control failed")]
    public static partial void HelmFailed(ILogger log, Exception fault);

    [LoggerMessage(EventId = 5_013, Level = LogLevel.Error, Message = "The loop of {Name} failed; it begins again in ten seconds")]
    public static partial void LoopFailed(ILogger log, string name, Exception fault);

    [LoggerMessage(EventId = 5_031, Level = LogLevel.Error, Message = "Brakes and scores could not be compared with what is in force; whom they think held and nobody holds is not paused again until a restart")]
    public static partial void NotReconciled(ILogger log, Exception fault);

    [LoggerMessage(EventId = 5_030, Level = LogLevel.Error, Message = "A sender that is to be paused or isolated could not be; tried again in ten seconds")]
    public static partial void SenderNotStopped(ILogger log, Exception fault);

    [LoggerMessage(EventId = 5_031, Level = LogLevel.Warning, Message = "{Id}: its submitter could not be told by mail of a bounce that came later; the event tells it")]
    public static partial void SubmitterNotTold(ILogger log, Mail.MessageId id, Exception fault);
}
