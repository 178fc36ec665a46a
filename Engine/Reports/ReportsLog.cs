namespace Engine.Reports;

/// <summary>Messages of this room.</summary>
internal static partial class ReportsLog
{
    [LoggerMessage(EventId = 8_001, Level = LogLevel.Information, Message = "TLS report {Id} about {Domain} sent to {Target}")]
    public static partial void Sent(ILogger log, string id, string domain, string target);

    [LoggerMessage(EventId = 8_002, Level = LogLevel.Warning, Message = "{Target} has had as many TLS reports today as one place gets: none about {Domain}")]
    public static partial void TargetFull(ILogger log, string target, string domain);

    [LoggerMessage(EventId = 8_003, Level = LogLevel.Warning, Message = "No probe was sent to seed {Seed}; the next one follows in its turn")]
    public static partial void ProbeNotSent(ILogger log, string seed, Exception fault);
}
